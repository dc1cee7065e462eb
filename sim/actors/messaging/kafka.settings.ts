/**
 * What a scenario may say about a `kafka` component: brokers, topics, what producers do, who consumes.
 *
 * Names are those of Kafka's own configuration where it has one; defaults are Kafka's, with the exceptions that their
 * descriptions tell.
 */
import * as z from 'zod';
import {
  complain,
  count,
  distribution,
  duration,
  flag,
  positiveDuration,
  positiveSize,
  reference,
  sortedEntries,
  word,
} from '../../scenario/fields.ts';
import type { Step, PublishStep, StageSettings, ComponentSettings } from '../../scenario/settings.ts';
import { callingSteps } from '../../scenario/fields.ts';

/** Partitions of all topics together: what an index in a message has room for. */
const MOST_PARTITIONS = 4096;

const topic = z
  .strictObject({
    partitions: count('Partitions: what a group can share out among its members.', 1, MOST_PARTITIONS).prefault(1),
    replicas: count(
      'Copies of each partition, on different brokers. Default: three, or as many as there are brokers.',
      1,
      15,
    ).optional(),
    'min-insync': count('With `acks: all`, fewer copies in sync refuse messages.', 1, 15).prefault(1),
    retention: positiveDuration('Messages are deleted when they are this old, read or not.').prefault('7d'),
    record: positiveSize('Size of one message.').prefault('1KiB'),
  })
  .transform((t) => ({
    partitions: t.partitions,
    replicas: t.replicas ?? null,
    minInsync: t['min-insync'],
    retentionNs: t.retention,
    recordBytes: t.record,
  }));

const producer = z
  .strictObject({
    acks: z
      .union([z.literal(0), z.literal(1), z.literal('all')])
      .prefault('all')
      .meta({ description: 'Accepted when sent, when the leader has it, or when all in-sync replicas have it.' }),
    linger: duration('How long a batch waits for more messages.').prefault('0s'),
    batch: positiveSize('Most of one batch; at least one message.').prefault('16KiB'),
    buffer: positiveSize('Memory for messages not yet accepted; what finds it full fails.').prefault('32MiB'),
    idempotence: flag('Brokers drop batches that were sent again although they had them.').prefault(true),
    'request-timeout': positiveDuration('How long an answer of a broker is waited for.').prefault('30s'),
    'delivery-timeout': positiveDuration('How long a message may take to be accepted, retries included.').prefault(
      '2m',
    ),
    'retry-backoff': positiveDuration('Wait before trying again.').prefault('100ms'),
  })
  .prefault({})
  .transform((p) => ({
    acks: p.acks,
    lingerNs: p.linger,
    batchBytes: p.batch,
    bufferBytes: p.buffer,
    idempotence: p.idempotence,
    requestTimeoutNs: p['request-timeout'],
    deliveryTimeoutNs: p['delivery-timeout'],
    retryBackoffNs: p['retry-backoff'],
  }));

const commit = z.union([
  z
    .strictObject({ every: positiveDuration('Commits what was processed, at the first poll after this long.') })
    .transform((c) => ({ when: 'interval' as const, everyNs: c.every })),
  word(
    ['batch', 'record', 'before'],
    '`batch`: after each poll, `record`: after each message, `before`: before processing (at most once).',
  ).transform((when) => ({ when, everyNs: 0 })),
]);

const replay = z
  .strictObject({
    at: duration('When, from the start of the window.'),
    back: positiveDuration(
      'Goes back to what was published this long before. Absent: to the oldest there is.',
    ).optional(),
  })
  .transform((r) => ({ atNs: r.at, backNs: r.back ?? null }));

const group = z
  .strictObject({
    topics: z
      .union([reference('Topic.'), z.array(reference('Topic.')).min(1)])
      .optional()
      .meta({ description: 'Topic, or list of topics; default: all.' }),
    members: reference('Server or gateway whose instances are the members.'),
    each: flag('Every instance is a group of its own and reads everything.').prefault(false),
    op: reference('Operation that processes one message. Default: the name of the group.').optional(),
    assignor: word(
      ['range', 'round-robin', 'sticky', 'cooperative-sticky'],
      'Who gets which partitions; `cooperative-sticky` rebalances without stopping.',
    ).prefault('range'),
    commit: commit.prefault({ every: '5s' }).meta({ description: 'When positions are written down.' }),
    'max-poll-records': count('Messages handed out by one poll.').prefault(500),
    'max-poll-interval': positiveDuration('A member that does not poll for so long leaves the group.').prefault('5m'),
    session: positiveDuration('A member that is not heard of for so long is taken to be dead.').prefault('45s'),
    heartbeat: positiveDuration('How often members say that they live.').prefault('3s'),
    'initial-delay': duration('An empty group waits so long for more members.').prefault('3s'),
    start: word(
      ['earliest', 'latest'],
      'Where to begin without a committed position, or with one that is gone.',
    ).prefault('earliest'),
    'fetch-wait': positiveDuration('How long a broker without news holds back its answer.').prefault('500ms'),
    attempts: count('Tries of a message whose processing fails; then it is skipped.').prefault(10),
    backoff: duration('Wait between these tries.').prefault('0s'),
    replay: replay.optional().meta({ description: 'Reads the past again.' }),
  })
  .transform((g, ctx) => {
    if (g.heartbeat >= g.session)
      complain(ctx, 'heartbeats must come more often than the session lasts', '', ['heartbeat']);
    return {
      /** null: all. */
      topics: g.topics === undefined ? null : [g.topics].flat(),
      members: g.members,
      ...(g.each && { each: true }),
      op: g.op ?? null,
      assignor: g.assignor,
      commit: g.commit,
      maxPollRecords: g['max-poll-records'],
      maxPollIntervalNs: g['max-poll-interval'],
      sessionNs: g.session,
      heartbeatNs: g.heartbeat,
      initialDelayNs: g['initial-delay'],
      start: g.start,
      fetchWaitNs: g['fetch-wait'],
      attempts: g.attempts,
      backoffNs: g.backoff,
      replay: g.replay ?? null,
    };
  });

const replication = z
  .strictObject({
    'lag-max': positiveDuration(
      'A follower that has not caught up for so long is no longer in sync (replica.lag.time.max).',
    ).prefault('30s'),
    'fetch-wait': positiveDuration('How long a leader without news holds back its answer.').prefault('500ms'),
  })
  .prefault({})
  .transform((r) => ({ lagMaxNs: r['lag-max'], fetchWaitNs: r['fetch-wait'] }));

const controller = z
  .strictObject({
    heartbeat: positiveDuration('How often brokers say that they live.').prefault('2s'),
    session: positiveDuration('A broker that is not heard of for so long leads and follows no more.').prefault('9s'),
    'leader-rebalance': positiveDuration('How often leadership goes back to the preferred replicas.').prefault('5m'),
  })
  .prefault({})
  .transform((c, ctx) => {
    if (c.heartbeat >= c.session)
      complain(ctx, 'heartbeats must come more often than the session lasts', '', ['heartbeat']);
    return { heartbeatNs: c.heartbeat, sessionNs: c.session, leaderRebalanceNs: c['leader-rebalance'] };
  });

const append = z
  .strictObject({
    cpu: distribution('Core time of a broker for one batch.').prefault('50us'),
    disk: distribution('Time of its disk for one batch. Absent: the page cache takes it.').optional(),
  })
  .prefault({})
  .transform((a) => ({ cpu: a.cpu, disk: a.disk ?? null }));

const fetch = z
  .strictObject({
    cpu: distribution('Core time of a broker for one fetch, by a member or a follower.').prefault('50us'),
  })
  .prefault({});

export const settings = z
  .strictObject({
    brokers: count('Brokers.', 1, 127).prefault(3),
    topics: z
      .record(z.string(), topic)
      .refine((map) => Object.keys(map).length > 0, { error: 'a log needs at least one topic' })
      .meta({ description: 'Topics by name.' }),
    producer: producer.meta({ description: 'How those who publish send.' }),
    groups: z.record(z.string(), group).prefault({}).meta({ description: 'Consumer groups by name.' }),
    replication: replication.meta({ description: 'How copies follow.' }),
    controller: controller.meta({ description: 'How lost brokers are noticed.' }),
    'unclean-election': flag(
      'A replica that is not in sync may lead when no other is left; what it lacks is lost.',
    ).prefault(false),
    append: append.meta({ description: 'What a batch costs a broker.' }),
    fetch: fetch.meta({ description: 'What a fetch costs a broker.' }),
    disk: z
      .strictObject({ parallel: count('Disk operations that run at once.').prefault(1) })
      .prefault({})
      .meta({ description: 'The disk of each broker.' }),
    'io-threads': count('Batches and fetches that a broker computes at once.').prefault(8),
    flush: positiveDuration('Data reaches the disk after so long; a loss of power loses what has not.').prefault('30s'),
  })
  .transform((s, ctx) => {
    const topics = sortedEntries(s.topics).map(([name, t]) => ({
      name,
      ...t,
      replicas: t.replicas ?? Math.min(3, s.brokers),
    }));
    for (const t of topics) {
      if (t.replicas > s.brokers)
        complain(ctx, `${t.replicas} replicas need as many brokers`, `there are ${s.brokers}`, [
          'topics',
          t.name,
          'replicas',
        ]);
      else if (t.minInsync > t.replicas)
        complain(ctx, `min-insync ${t.minInsync} is more than the ${t.replicas} replicas`, '', [
          'topics',
          t.name,
          'min-insync',
        ]);
    }
    const groups = sortedEntries(s.groups).map(([name, g]) => ({
      name,
      ...g,
      op: g.op ?? name,
      topics: (g.topics ?? topics.map((t) => t.name)).toSorted(),
    }));
    if (topics.reduce((sum, t) => sum + t.partitions, 0) + groups.length > MOST_PARTITIONS)
      complain(ctx, 'too many partitions', `at most ${MOST_PARTITIONS} of all topics together`, ['topics']);
    for (const g of groups)
      for (const wanted of g.topics)
        if (!topics.some((t) => t.name === wanted))
          complain(ctx, `no topic \`${wanted}\``, `topics: ${topics.map((t) => t.name).join(', ')}`, [
            'groups',
            g.name,
            'topics',
          ]);
    return {
      brokers: s.brokers,
      topics,
      producer: s.producer,
      groups,
      replication: s.replication,
      controller: s.controller,
      uncleanElection: s['unclean-election'],
      append: s.append,
      fetch: s.fetch,
      disk: s.disk,
      ioThreads: s['io-threads'],
      flushNs: s.flush,
    };
  });

export type KafkaSettings = z.output<typeof settings>;
export type GroupSettings = KafkaSettings['groups'][number] & {
  /** The one instance that is its member; absent: all are. */
  instance?: number;
};
export type TopicSettings = KafkaSettings['topics'][number];

export const references = (own: KafkaSettings) =>
  own.groups.map(({ name, members }) => ({ name: members, path: ['groups', name, 'members'] }));

/** A `publish` step towards it: the topic must be there, and words of other brokers mean nothing. */
export function accepts(
  own: KafkaSettings,
  step: PublishStep,
): { option: string; message: string; hint?: string } | null {
  if (step.exchange !== null)
    return { option: 'exchange', message: 'a log has topics, no exchanges', hint: 'write topic:' };
  if (step.routingKey !== null)
    return { option: 'routing-key', message: 'a log does not route by words', hint: 'write topic: and key:' };
  const names = own.topics.map(({ name }) => name);
  if (step.topic === null && names.length > 1)
    return { option: 'publish', message: 'the step does not say which topic', hint: `topic: ${names.join(', ')}` };
  if (step.topic !== null && !names.includes(step.topic))
    return { option: 'topic', message: `no topic \`${step.topic}\``, hint: `topics: ${names.join(', ')}` };
  return null;
}

/** Groups whose members cannot do what they are for; topics that nobody publishes to. */
export function check({ name, own }: ComponentSettings<KafkaSettings>, stage: StageSettings) {
  const findings: { path: string[]; message: string; hint?: string; severity?: 'error' | 'warning' }[] = [];
  for (const g of own.groups) {
    const members = stage.components.find((each) => each.name === g.members);
    if (members === undefined) continue;
    const offered = operationsOf(members).map((o) => o.name);
    if (members.type !== 'server' && members.type !== 'gateway')
      findings.push({
        path: ['groups', g.name, 'members'],
        message: `\`${g.members}\` is a ${members.type}`,
        hint: 'members are the instances of a server or a gateway',
      });
    else if (!offered.includes(g.op))
      findings.push({
        path: ['groups', g.name, 'op'],
        message: `\`${g.members}\` has no operation \`${g.op}\``,
        hint: `operations: ${offered.join(', ')}`,
      });
  }
  const published = new Set(publishersOf(name, stage).map(({ step }) => step.topic ?? own.topics[0].name));
  for (const t of own.topics)
    if (!published.has(t.name))
      findings.push({ path: ['topics', t.name], message: `nothing publishes to \`${t.name}\``, severity: 'warning' });
  return findings;
}

const operationsOf = (component: ComponentSettings) =>
  (component.own as { operations?: { name: string; steps: Step[] }[] }).operations ?? [];

/** Every step of the stage that publishes to the component. */
export function publishersOf(name: string, stage: StageSettings): { component: string; step: PublishStep }[] {
  return stage.components.flatMap((component) =>
    operationsOf(component).flatMap(({ steps }) =>
      callingSteps(steps).flatMap(({ step }) =>
        step.verb === 'publish' && step.target === name ? [{ component: component.name, step }] : [],
      ),
    ),
  );
}

export const nodes = (own: KafkaSettings): number => own.brokers;
