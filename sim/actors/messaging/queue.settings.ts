/**
 * What a scenario may say about a `queue`: a broker of messages with exchanges, queues and consumers, after RabbitMQ.
 */
import * as z from 'zod';
import {
  complain,
  count,
  countOrNone,
  duration,
  flag,
  positiveDuration,
  reference,
  sortedEntries,
  word,
} from '../../scenario/fields.ts';
import type { ComponentSettings, OwnFinding, PublishStep } from '../../scenario/settings.ts';

const keys = z.union([z.string(), z.array(z.string()).min(1)]).transform((k) => (typeof k === 'string' ? [k] : k));

const exchange = z
  .strictObject({
    type: word(
      ['direct', 'fanout', 'topic'],
      'direct: equal keys. fanout: every queue. topic: `*` a word, `#` any words.',
    ),
    bindings: z
      .record(z.string(), keys)
      .meta({ description: 'Binding keys by queue; a fanout looks at none of them.' }),
  })
  .transform((e) => ({
    kind: e.type,
    bindings: sortedEntries(e.bindings).map(([queue, list]) => ({ queue, keys: list })),
  }));

const consumer = z
  .strictObject({
    op: reference('Operation that does the work of one message.'),
    prefetch: countOrNone('Messages that an instance has at once without having acknowledged them.').prefault(10),
  })
  .transform((c) => ({ op: c.op, prefetch: c.prefetch ?? Infinity }));

const queue = z
  .strictObject({
    consumers: z
      .record(z.string(), consumer)
      .prefault({})
      .meta({ description: 'Servers whose instances compete for the messages.' }),
    limit: countOrNone(
      'Most messages waiting, those that consumers give back among them: above it the oldest go; where new ones are refused, these stay.',
    ).prefault('none'),
    overflow: word(
      ['drop-head', 'reject-publish'],
      'At the limit: the oldest message goes (as if it had expired), or the new one is refused.',
    ).prefault('drop-head'),
    ttl: positiveDuration('Messages that have waited this long expire.').optional(),
    'dead-letter': reference(
      'Queue for messages that expire, overflow or fail too often; else they are dropped.',
    ).optional(),
    deliveries: count('A message that has failed this often is not delivered again.').optional(),
  })
  .transform((q) => ({
    consumers: sortedEntries(q.consumers).map(([server, c]) => ({ server, ...c })),
    limit: q.limit ?? Infinity,
    overflow: q.overflow,
    ttlNs: q.ttl ?? null,
    deadLetter: q['dead-letter'] ?? null,
    deliveries: q.deliveries ?? Infinity,
  }));

export const settings = z
  .strictObject({
    exchanges: z.record(z.string(), exchange).prefault({}).meta({
      description: 'Without any, the routing key of a message names its queue.',
    }),
    queues: z
      .record(z.string(), queue)
      .refine((map) => Object.keys(map).length > 0, { error: 'a broker needs at least one queue' })
      .meta({ description: 'Queues by name.' }),
    time: duration('Core time of the broker for each message it takes, and for each it delivers.').prefault('20us'),
    fsync: duration('Time on disk before a message is confirmed.').prefault('0s'),
    durable: flag('Messages survive the death of the broker.').prefault(true),
    timeout: positiveDuration('Who publishes waits this long for the confirm.').prefault('5s'),
    heartbeat: positiveDuration('A consumer silent for twice this long is taken for dead.').prefault('30s'),
    reconnect: positiveDuration('A consumer tries this often to reach a broker that is gone.').prefault('1s'),
  })
  .transform((s, ctx) => {
    const queues = sortedEntries(s.queues).map(([name, q]) => ({ name, ...q }));
    const exchanges = sortedEntries(s.exchanges).map(([name, e]) => ({ name, ...e }));
    const names = queues.map((q) => q.name);
    const known = (name: string, path: string[]): void => {
      if (!names.includes(name)) complain(ctx, `no queue \`${name}\``, `queues: ${names.join(', ')}`, path);
    };
    for (const e of exchanges) for (const b of e.bindings) known(b.queue, ['exchanges', e.name, 'bindings', b.queue]);
    for (const q of queues) if (q.deadLetter !== null) known(q.deadLetter, ['queues', q.name, 'dead-letter']);
    for (const q of queues) checkCircle(q.name, queues, ctx);
    return {
      exchanges,
      queues,
      timeNs: s.time,
      fsyncNs: s.fsync,
      durable: s.durable,
      timeoutNs: s.timeout,
      heartbeatNs: s.heartbeat,
      reconnectNs: s.reconnect,
    };
  });

export type QueueBrokerSettings = z.output<typeof settings>;
export type OneQueue = QueueBrokerSettings['queues'][number];

/** Dead letters that come back to where they began would never end. */
function checkCircle(name: string, queues: { name: string; deadLetter: string | null }[], ctx: z.RefinementCtx): void {
  const next = (from: string): string | null => queues.find((q) => q.name === from)?.deadLetter ?? null;
  let at = next(name);
  for (let i = 0; at !== null && i <= queues.length; i++) {
    if (at === name) {
      complain(ctx, `dead letters of \`${name}\` come back to it`, '', ['queues', name, 'dead-letter']);
      return;
    }
    at = next(at);
  }
}

export function references(own: QueueBrokerSettings): { name: string; path: (string | number)[] }[] {
  return own.queues.flatMap((q) =>
    q.consumers.map(({ server }) => ({ name: server, path: ['queues', q.name, 'consumers', server] })),
  );
}

/** Consumers that are no servers, or have no such operation; settings without effect. */
export function check(
  { own }: ComponentSettings<QueueBrokerSettings>,
  stage: { components: ComponentSettings[] },
): OwnFinding[] {
  const findings: OwnFinding[] = [];
  for (const q of own.queues) {
    for (const { server, op } of q.consumers) {
      const component = stage.components.find((c) => c.name === server);
      const operations = (component?.own as { operations?: { name: string }[] } | undefined)?.operations;
      if (component === undefined || operations?.some((o) => o.name === op) === true) continue;
      const offered = operations?.map((o) => o.name).join(', ');
      findings.push({
        path: ['queues', q.name, 'consumers', server, 'op'],
        message: `\`${server}\` has no operation \`${op}\``,
        hint: offered === undefined ? 'a consumer is a server' : `operations: ${offered}`,
      });
    }
    if (q.limit === Infinity && q.overflow === 'reject-publish')
      findings.push({ path: ['queues', q.name, 'overflow'], message: '`overflow` needs `limit`' });
  }
  return findings;
}

export function accepts(
  own: QueueBrokerSettings,
  step: PublishStep,
): { option: string; message: string; hint?: string } | null {
  if (step.topic !== null) return { option: 'topic', message: 'a queue has exchanges, no topics' };
  if (step.acks !== null) return { option: 'acks', message: '`acks` has no effect on a queue', hint: 'see `wait`' };
  const names = own.exchanges.map((e) => e.name);
  if (step.exchange !== null && !names.includes(step.exchange))
    return { option: 'exchange', message: `no exchange \`${step.exchange}\``, hint: `exchanges: ${names.join(', ')}` };
  if (step.exchange === null && names.length > 1)
    return { option: 'publish', message: 'which exchange?', hint: `write exchange: ${names.join(' or ')}` };
  const kind = exchangeOf(own, step)?.kind ?? null;
  if (kind === 'fanout' && step.routingKey !== null)
    return { option: 'routing-key', message: 'a fanout looks at no routing key' };
  if (kind === null && own.queues.length > 1 && step.routingKey === null)
    return { option: 'publish', message: 'which queue?', hint: 'without exchanges, routing-key names the queue' };
  if (kind === null && step.routingKey !== null && !own.queues.some((q) => q.name === step.routingKey))
    return { option: 'routing-key', message: `no queue \`${step.routingKey}\`` };
  return null;
}

/** The exchange that a step publishes to; null: the default one, whose routing keys are names of queues. */
export function exchangeOf(
  own: QueueBrokerSettings,
  step: PublishStep,
): QueueBrokerSettings['exchanges'][number] | null {
  return own.exchanges.find((e) => e.name === step.exchange) ?? own.exchanges[0] ?? null;
}
