/**
 * What a scenario may say about a `database`: the cost of reads and writes, its disk, replication, failover, quorums
 * and shards.
 */
import * as z from 'zod';
import type { Distribution } from '../../random/distribution.ts';
import { placesNamed } from '../../scenario/places.ts';
import type { ComponentSettings, OwnFinding, StageSettings } from '../../scenario/settings.ts';
import { nobodyReturns } from '../../scenario/users.ts';
import {
  complain,
  count,
  distribution,
  duration,
  failback,
  flag,
  positiveDuration,
  queue,
  ratio,
  reference,
  word,
} from '../../scenario/fields.ts';

const NO_TIME: Distribution = { kind: 'constant', value: 0 };

const read = z
  .strictObject({
    cpu: distribution('Core time.').prefault('0s'),
    disk: distribution('Time on the disk.').optional(),
    miss: ratio('Probability that the disk is needed. Default 100 % where `disk` is given.').optional(),
  })
  .transform((r, ctx) => {
    if (r.miss !== undefined && r.disk === undefined) {
      complain(ctx, '`miss` without `disk` has no effect', 'give the time on the disk: disk: 1ms', ['miss']);
    }
    return { cpu: r.cpu, disk: r.disk ?? null, miss: r.disk === undefined ? 0 : (r.miss ?? 1) };
  });

const write = z
  .strictObject({
    cpu: distribution('Core time.').prefault('0s'),
    fsync: distribution('Time on the disk until the write is durable.').optional(),
  })
  .transform((w) => ({ cpu: w.cpu, fsync: w.fsync ?? null }));

const replication = z
  .strictObject({
    mode: word(
      ['asynchronous', 'semi-synchronous', 'synchronous'],
      'Whether the primary answers before replicas have the write (asynchronous), after `acks` of them (semi-synchronous) or all of them.',
    ).prefault('asynchronous'),
    apply: z
      .strictObject({
        cpu: distribution('Core time to apply one write on a replica.').prefault('0s'),
        parallel: count('Writes applied at once.', 1, 10_000).prefault(1),
      })
      .prefault({}),
    acks: count('Replicas that must have the write (semi-synchronous).', 1, 1000).prefault(1),
  })
  .prefault({});

export type FailoverSettings =
  | { by: 'none' }
  | {
      by: 'election' | 'monitor';
      heartbeatNs: number;
      timeoutNs: number;
      electionTimeout: Distribution;
      vote: Distribution;
      promotionNs: number;
      fencing: boolean;
      witness: boolean;
      /** The first copy gets the lead back once it has kept up for so long; absent: never. */
      failbackNs?: number;
      /** Place of the witness or the monitor; absent: with the first copy. */
      in?: string;
    };

const failover = z
  .strictObject({
    by: word(['election', 'monitor', 'none'], 'Who promotes a replica: a vote of the replicas, or one monitor.'),
    heartbeat: positiveDuration('Time between two heartbeats.').prefault('1s'),
    timeout: positiveDuration('Silence after which the primary counts as gone.').prefault('10s'),
    'election-timeout': distribution(
      'Extra wait of each candidate before it stands, so that votes do not split.',
    ).prefault({
      uniform: ['150ms', '300ms'],
    }),
    vote: distribution('Time to grant a vote.').prefault('0s'),
    promotion: duration('From the decision until the new primary accepts writes.').prefault('2s'),
    fencing: flag('The old primary is stopped from accepting writes before the new one begins.').prefault(true),
    witness: flag('One more voter without data.').prefault(false),
    failback: failback(
      'Whether the first copy gets the lead back when it has returned: never by itself (manual), or by a planned switch once it has kept up for so long. Writes are refused meanwhile, none is lost.',
    ).optional(),
    in: reference('Region or zone of the witness or the monitor. Default: where the first copy is.').optional(),
  })
  .prefault({ by: 'none' })
  .transform((f, ctx): FailoverSettings => {
    if (f.by === 'none') return { by: 'none' };
    if (f.heartbeat >= f.timeout) {
      complain(ctx, 'the timeout of the failover must be longer than its heartbeat', 'several heartbeats long', [
        'timeout',
      ]);
    }
    return {
      by: f.by,
      heartbeatNs: f.heartbeat,
      timeoutNs: f.timeout,
      electionTimeout: f['election-timeout'],
      vote: f.vote,
      promotionNs: f.promotion,
      fencing: f.fencing,
      witness: f.witness,
      ...(f.failback === undefined || f.failback === 'manual' ? {} : { failbackNs: f.failback.afterNs }),
      ...(f.in === undefined ? {} : { in: f.in }),
    };
  });

/** The four one-way delays of a leaderless quorum, as in Bailis et al., "Probabilistically Bounded Staleness" (2012). */
const delays = z
  .strictObject({
    write: distribution('Coordinator to replica, writes (W).').prefault('0s'),
    ack: distribution('Replica to coordinator, writes (A).').prefault('0s'),
    read: distribution('Coordinator to replica, reads (R).').prefault('0s'),
    response: distribution('Replica to coordinator, reads (S).').prefault('0s'),
  })
  .optional();

const quorum = z
  .strictObject({
    n: count('Copies of each key.', 1, 1000),
    r: count('Answers a read waits for.', 1, 1000),
    w: count('Acknowledgements a write waits for.', 1, 1000),
    delays: delays.meta({ description: 'Delays between coordinator and copies. Absent: those of the network.' }),
  })
  .transform((q, ctx) => {
    if (q.r > q.n)
      complain(ctx, `r ${q.r} is above n ${q.n}`, 'a read cannot wait for more answers than there are copies', ['r']);
    if (q.w > q.n)
      complain(ctx, `w ${q.w} is above n ${q.n}`, 'a write cannot wait for more copies than there are', ['w']);
    return { n: q.n, r: q.r, w: q.w, delays: q.delays ?? null };
  });

/** Beyond this a version vector per key and copy would be all there is. */
const MOST_PRIMARIES = 16;

const multiPrimary = z
  .strictObject({
    copies: count('Copies, each of which takes writes.', 2, MOST_PRIMARIES),
    merge: word(
      ['last-writer-wins', 'version-vector'],
      'Of two concurrent writes the one with the later clock stays and the other is dropped, or both stay until a later write replaces them.',
    ),
    skew: duration("Each copy's clock is off by up to this much, drawn once.").prefault('0s'),
    repair: positiveDuration('What another copy has not confirmed after this long is sent again.').prefault('1s'),
  })
  .transform((m) => ({ copies: m.copies, merge: m.merge, skewNs: m.skew, repairNs: m.repair }));

const shape = z.strictObject({
  connections: count('Server-side connections of each node; requests beyond wait.').prefault(100),
  queue: queue('Where requests wait for a connection.'),
  read: read.optional().meta({ description: 'Cost of reading one key.' }),
  write: write.optional().meta({ description: 'Cost of writing one key.' }),
  disk: z
    .strictObject({ parallel: count('Disk operations at once.', 1, 100_000).prefault(1) })
    .prefault({})
    .meta({ description: 'The disk of each node.' }),
  replicas: count('Replicas of each primary.', 0, 1000).prefault(0),
  replication: replication.meta({ description: 'How writes reach the replicas.' }),
  reads: word(['primary', 'replicas', 'any'], 'Where reads go.').prefault('primary'),
  'read-your-writes': z
    .strictObject({ pin: positiveDuration('A user who wrote reads from the primary for this long.') })
    .optional(),
  failover: failover.meta({ description: 'What happens when the primary is gone.' }),
  quorum: quorum.optional().meta({ description: 'Leaderless copies instead of a primary with replicas.' }),
  'multi-primary': multiPrimary
    .optional()
    .meta({ description: 'Copies that all take writes and tell each other afterwards (active-active).' }),
  shards: count('Shards by consistent hash of the key, each with its own primary and replicas.', 1, 100_000).prefault(
    1,
  ),
});

type Raw = z.output<typeof shape>;

function checkTogether(s: Raw, ctx: z.RefinementCtx): void {
  if (s.read === undefined && s.write === undefined && s.quorum === undefined) {
    complain(ctx, 'a database needs the cost of `read` or `write`', 'for example read: { cpu: 2ms }');
  }
  if (s['multi-primary'] !== undefined) {
    checkMultiPrimary(s, ctx);
    return;
  }
  if (s.quorum !== undefined) {
    if (s.replicas > 0)
      complain(ctx, 'a quorum has copies, not replicas', 'leave `replicas` out: `n` says how many', ['replicas']);
    if (s.failover.by !== 'none')
      complain(ctx, 'a quorum has no primary to fail over', 'leave `failover` out', ['failover']);
    return;
  }
  if (s.replicas > 0) {
    const { mode, acks } = s.replication;
    if (mode === 'semi-synchronous' && acks > s.replicas) {
      complain(ctx, `acks ${acks} is above the ${s.replicas} replicas`, '', ['replication', 'acks']);
    }
    return;
  }
  const needs = (what: string, path: string[]) =>
    complain(ctx, `${what} needs replicas`, 'for example replicas: 2', path);
  if (s.reads === 'replicas') needs('reads: replicas', ['reads']);
  if (s.replication.mode !== 'asynchronous') needs(`${s.replication.mode} replication`, ['replication', 'mode']);
  if (s.failover.by !== 'none') needs('failover', ['failover']);
}

function checkMultiPrimary(s: Raw, ctx: z.RefinementCtx): void {
  const excludes = (what: string, key: string): void =>
    complain(ctx, `\`multi-primary\` and ${what} exclude each other`, 'its `copies` all take reads and writes', [key]);
  if (s.replicas > 0) excludes('`replicas`', 'replicas');
  if (s.quorum !== undefined) excludes('`quorum`', 'quorum');
  if (s.failover.by !== 'none') excludes('`failover`', 'failover');
  if (s.replication.mode !== 'asynchronous') excludes(`${s.replication.mode} replication`, 'replication');
  if (s.reads !== 'primary') excludes('`reads`', 'reads');
  if (s['read-your-writes'] !== undefined) excludes('`read-your-writes`', 'read-your-writes');
}

export const settings = shape.transform((s, ctx) => {
  checkTogether(s, ctx);
  return {
    connections: s.connections,
    queue: s.queue,
    read: s.read ?? { cpu: NO_TIME, disk: null, miss: 0 },
    write: s.write ?? { cpu: NO_TIME, fsync: null },
    disk: s.disk,
    replicas: s.replicas,
    replication: s.replication,
    reads: s.reads,
    readYourWrites: s['read-your-writes'] === undefined ? null : { pinNs: s['read-your-writes'].pin },
    failover: s.failover,
    quorum: s.quorum ?? null,
    ...(s['multi-primary'] === undefined ? {} : { multiPrimary: s['multi-primary'] }),
    shards: s.shards,
  };
});

export type DatabaseSettings = z.output<typeof settings>;

/** Nodes of a database: every shard has a primary and its replicas, or n copies, or several primaries. */
export const nodes = (own: DatabaseSettings): number =>
  own.shards * (own.multiPrimary?.copies ?? own.quorum?.n ?? 1 + own.replicas);

/** Settings that would be accepted and change nothing, in a database such as this. */
export function check({ own }: ComponentSettings<DatabaseSettings>, stage: StageSettings): OwnFinding[] {
  const { regions } = stage;
  const findings: OwnFinding[] = [];
  if (own.failover.by !== 'none' && own.failover.in !== undefined) {
    const { in: place, by, witness } = own.failover;
    const path = ['failover', 'in'];
    if (placesNamed(regions ?? [], place).length === 0)
      findings.push({ path, message: `unknown region or zone \`${place}\``, hint: 'declare it under regions:' });
    else if (by === 'election' && !witness)
      findings.push({
        path,
        message: '`failover.in` has no effect without a witness or a monitor',
        severity: 'warning',
      });
  }
  const idle = (isIdle: boolean, path: string[], why: string): void => {
    if (isIdle) findings.push({ path, message: `\`${path.join('.')}\` has no effect ${why}`, severity: 'warning' });
  };
  const { replication, failover, quorum } = own;
  const { cpu, parallel } = replication.apply;
  const costs = cpu.kind !== 'constant' || cpu.value > 0;
  const copies = quorum === null ? 'without replicas' : 'with a quorum';
  idle(own.replicas === 0 && own.reads !== 'primary', ['reads'], copies);
  idle(own.replicas === 0 && own.multiPrimary === undefined && costs, ['replication', 'apply', 'cpu'], copies);
  idle(quorum !== null && replication.mode !== 'asynchronous', ['replication', 'mode'], copies);
  idle(
    replication.acks > 1 && replication.mode !== 'semi-synchronous',
    ['replication', 'acks'],
    'unless the mode is semi-synchronous',
  );
  idle(
    parallel > 1 && own.multiPrimary !== undefined,
    ['replication', 'apply', 'parallel'],
    'with multi-primary: each log is applied in order',
  );
  idle(parallel > 1 && !costs, ['replication', 'apply', 'parallel'], 'where applying takes no time');
  idle(
    own.readYourWrites !== null && own.reads === 'primary',
    ['read-your-writes'],
    'where all reads go to the primary',
  );
  idle(
    own.readYourWrites !== null && own.reads !== 'primary' && nobodyReturns(stage),
    ['read-your-writes'],
    'where each arrival is a new user: only `users` come back',
  );
  idle(
    own.disk.parallel > 1 && own.read.disk === null && own.write.fsync === null,
    ['disk', 'parallel'],
    'where nothing takes time on the disk',
  );
  if (failover.by !== 'monitor') return findings;
  idle(failover.witness, ['failover', 'witness'], 'with a monitor: there is no vote');
  idle(
    failover.vote.kind !== 'constant' || failover.vote.value > 0,
    ['failover', 'vote'],
    'with a monitor: there is no vote',
  );
  return findings;
}
