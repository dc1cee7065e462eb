/**
 * Random logs under random faults: a small system drawn from a number, run to its end, and what must hold of it,
 * checked against the logs themselves.
 */
import type { Log } from '../../../../sim/actors/messaging/kafka/log.ts';
import { Col } from '../../../../sim/actors/messaging/kafka/records.ts';
import type { Run } from '../../../../sim/index.ts';

/** Numbers from a seed (mulberry32): tests draw, the simulator does not see it. */
export function numbers(seed: number): () => number {
  let a = seed | 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Trial {
  text: string;
  /** With `acks: all`, two in sync at least, and one broker down at a time nothing accepted may be lost. */
  keepsAccepted: boolean;
  /** Nothing fails after 30 s, nothing is published then: whatever can be read is read at the end. */
  calms: boolean;
  shape: string[];
}

/** Each process crashes twice, all at about the same times; everything is over after 26 s. */
function passing(seed: number, components: Record<string, number>): Record<string, unknown> {
  const next = numbers(-seed);
  const faults: Record<string, unknown> = {};
  for (const [name, instances] of Object.entries(components))
    for (let i = 0; i < 2 * instances; i++)
      faults[`${name} ${i}`] = {
        crash: `${name}#${1 + (i >> 1)}`,
        how: ['kill', 'power', 'pause'][Math.floor(next() * 3)],
        at: `${Math.floor((i % 2) * 11_000 + 1000 + next() * 7000)}ms`,
        for: `${Math.floor(300 + next() * 3500)}ms`,
      };
  return faults;
}

/** @param isMild one broker down at a time, and what is accepted is in all in-sync replicas, two at least */
export function trial(seed: number, isMild = false): Trial {
  const next = numbers(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)];
  const brokers = one([3, 3, 4, 5]);
  const anyAcks = one(['all', 'all', 1, 0] as const);
  const acks = isMild ? 'all' : anyAcks;
  const assignor = one(['range', 'round-robin', 'sticky', 'cooperative-sticky']);
  const commit = one([{ every: '700ms' }, 'batch', 'record', 'before'] as const);
  const unclean = next() < 0.2 && !isMild;
  const members = one([1, 2, 3, 5]);
  const drawn = ['one broker', 'one broker', 'brokers', 'members', 'split', 'lossy'].filter(() => next() < 0.5);
  const kinds = isMild ? ['one broker', ...drawn.filter((kind) => kind !== 'brokers' && kind !== 'split')] : drawn;
  const how = (): string => one(['kill', 'power', 'pause']);
  const faults: Record<string, unknown> = {};
  // One at a time: begins when the one before has ended and caught up.
  if (kinds.includes('one broker'))
    for (let i = 0; i < 3; i++)
      faults[`broker ${i}`] = {
        crash: `log#${1 + Math.floor(next() * brokers)}`,
        how: how(),
        at: `${2 + 9 * i + Math.floor(next() * 2)}s`,
        for: one(['400ms', '2s', '4s']),
      };
  const calms = seed % 4 === 3;
  const severe = kinds.includes('brokers');
  if (severe)
    faults.brokers = { crash: 'log', how: how(), every: { exponential: '9s' }, repair: { exponential: '2s' } };
  if (kinds.includes('members'))
    faults.members = { crash: 'worker', how: how(), every: { exponential: '6s' }, repair: { exponential: '2s' } };
  if (kinds.includes('split'))
    faults.split = {
      partition: [
        ['log#1', one(['worker#1', 'app#1'])],
        ['log#2', 'log#3'],
      ],
      at: `${3 + Math.floor(next() * 6)}s`,
      for: '5s',
    };
  if (kinds.includes('lossy')) faults.lossy = { lose: 'app -> log', probability: '10%', at: '1s', for: '8s' };
  if (calms) {
    const crashing: Record<string, number> = {};
    if (severe && !kinds.includes('one broker')) crashing.log = brokers;
    if (kinds.includes('members')) crashing.worker = members;
    delete faults.brokers;
    delete faults.members;
    Object.assign(faults, passing(seed, crashing));
  }
  const text = JSON.stringify({
    name: `trial ${seed}`,
    run: { duration: calms ? '110s' : '40s', warmup: '1s', seed },
    network: { delay: one(['0.2ms', { lognormal: { mean: '2ms', cv: 1 } }]) },
    clients: {
      c: {
        arrivals: {
          poisson: one(['40/s', '150/s']),
          curve: [
            { at: '0s', times: 1 },
            { at: '30s', times: 1 },
            { at: '30001ms', times: 0 },
          ],
        },
        keys: { uniform: 20 },
        does: 'tell',
        entry: 'app',
        timeout: 'none',
      },
    },
    components: {
      app: {
        type: 'server',
        instances: 2,
        runtime: { threads: '10k' },
        operations: { tell: [{ publish: 'log', key: one(['request', 'none']), 'on-error': 'continue' }] },
      },
      worker: { type: 'server', instances: members, operations: { save: [{ cpu: { exponential: '2ms' } }] } },
      log: {
        type: 'kafka',
        brokers,
        topics: { t: { partitions: one([1, 3, 4]), replicas: 3, 'min-insync': 2 } },
        producer: {
          acks,
          linger: one(['0s', '5ms']),
          'request-timeout': '800ms',
          'delivery-timeout': '20s',
          idempotence: next() < 0.8,
        },
        groups: {
          save: {
            members: 'worker',
            assignor,
            commit,
            session: '1500ms',
            heartbeat: '300ms',
            'initial-delay': '200ms',
            'max-poll-records': one([1, 20, 500]),
            // A join that a silent coordinator leaves without an answer is given up after this and 5 s.
            ...(calms ? { 'max-poll-interval': '10s' } : {}),
          },
        },
        replication: { 'lag-max': '1s' },
        controller: { heartbeat: '250ms', session: '1s', 'leader-rebalance': '5s' },
        'unclean-election': unclean,
        flush: one(['500ms', '30s']),
      },
    },
    faults,
  });
  // A split that leaves one copy in sync, and then the loss of that one, are two faults (what KIP-966 mends).
  const keepsAccepted = acks === 'all' && !unclean && !severe && !kinds.includes('split');
  return {
    text,
    keepsAccepted,
    calms,
    shape: [
      String(acks),
      assignor,
      typeof commit === 'string' ? commit : 'interval',
      ...(unclean ? ['unclean'] : []),
      ...Object.keys(faults).map((name) => name.replace(/ \d/, '')),
    ],
  };
}

interface Inside {
  compiled: { kernel: { world: { actors: { name: string }[] } } } | null;
}

/** The log of a run that is under way. */
export function logOf(run: Run): Log | null {
  const { compiled } = run as unknown as Inside;
  const actor = compiled?.kernel.world.actors.find(({ name }) => name === 'log');
  return actor === undefined ? null : (actor as unknown as { log: Log }).log;
}

/** What is wrong with a log at the end of a run, ''. */
export function wrongWith(log: Log, drawn: Trial, extra: Record<string, number>): string {
  if (drawn.keepsAccepted && extra.acknowledgedWritesLost > 0)
    return `${extra.acknowledgedWritesLost} accepted messages are lost`;
  for (let p = 0; p < log.layout.internal; p++) {
    const wrong = wrongIn(log, p) || disordered(log, p);
    if (wrong !== '') return `${log.layout.nameOf(p)}: ${wrong}`;
  }
  return '';
}

/** Every message that was accepted and not counted as lost is in the log of whoever leads, or was dropped as read. */
function wrongIn(log: Log, p: number): string {
  const { layout, cluster } = log;
  const state = log.controller.changes[p].at(-1)!;
  if (state.leader < 0) return '';
  const r = layout.at[state.leader * layout.partitions + p];
  const { logs } = cluster;
  for (let slot = 0; slot < layout.copies[p]; slot++) {
    const copy = layout.start[p] + slot;
    for (const records of logs.chain[copy]) {
      const at = logs.chain[r].indexOf(records);
      const kept = at < 0 ? records.start : (logs.chain[r][at + 1]?.start ?? logs.end[r]);
      for (let offset = Math.max(records.first, kept); offset < Math.min(records.end, records.survivesTo); offset++)
        if (
          records.I[records.at(offset) * Col.Stride + Col.Accepted] === 1 &&
          (logs.chain[r].at(-1)?.epoch ?? -1) >= state.epoch
        )
          return `message ${offset} was accepted, is not in the leader's log, and is not counted as lost`;
    }
  }
  return '';
}

/** Within a partition each producer's messages stand in the order in which it sent them (with idempotence: once). */
function disordered(log: Log, p: number): string {
  const { layout, cluster } = log;
  for (let slot = 0; slot < layout.copies[p]; slot++) {
    const r = layout.start[p] + slot;
    const last = new Map<number, number>();
    const chain = cluster.logs.chain[r];
    for (const [i, records] of chain.entries()) {
      const end = chain[i + 1]?.start ?? cluster.logs.end[r];
      for (let offset = records.first; offset < end; offset++) {
        const at = records.at(offset) * Col.Stride;
        const producer = records.I[at + Col.Producer];
        const before = last.get(producer) ?? -1;
        const number = records.I[at + Col.Sequence];
        if (cluster.own.producer.idempotence && number <= before)
          return `message ${number} of producer ${producer} comes after ${before}`;
        last.set(producer, Math.max(before, number));
      }
    }
  }
  return '';
}
