/** Logs: who gets which partitions, how much a group can do, how far it falls behind, what it reads again. */
import { describe, expect, test } from 'vitest';
import { assign } from '../../sim/actors/messaging/kafka/assignors.ts';
import { murmur2 } from '../../sim/actors/messaging/kafka/murmur2.ts';
import type { StageResult } from '../../sim/result.ts';
import { simulate } from '../../sim/index.ts';
import { type Held, hold } from './harness.ts';
import { knownCases } from './known.ts';
import { component } from './readings.ts';

const cases = knownCases('queues-kafka.json');
const log = (stage: StageResult): Record<string, number> => component(stage, 'log').extra;

/** What a group could do if the load of its most loaded member grew to the full: the load now ÷ how busy that one is. */
const sustainable = (stage: StageResult): number =>
  log(stage).processed / stage.simulatedSeconds / component(stage, 'workers').utilizationBusiest;

const scale = (id: string): Held => ({
  id,
  scenario: 'kafka.yaml',
  replications: 1,
  figures: [{ known: 'max_sustainable_total', read: sustainable, toleranceOnly: true }],
  note: 'Read at part load: the load ÷ the utilisation of the busiest member. Keys are random, so partitions are only nearly equal.',
});

hold('queues-kafka', cases, [
  scale('MQ-scale-a'),
  scale('MQ-scale-b'),
  scale('MQ-scale-c'),
  {
    id: 'MQ-lag-V',
    scenario: 'kafka.yaml',
    replications: 1,
    figures: [
      { known: 'lag', read: (stage) => log(stage).lagMax, toleranceOnly: true },
      {
        known: 'catch_up_s',
        // The lag is a triangle over the pause and the time to catch up: its area tells how long that was.
        read: (stage) => (2 * log(stage).lagMean * stage.simulatedSeconds) / log(stage).lagMax - 60,
        toleranceOnly: true,
      },
      { known: 'max_delay_s', read: (stage) => log(stage).endToEndMaxMs / 1000, toleranceOnly: true },
    ],
  },
  {
    id: 'MQ-rebalance-V',
    scenario: 'kafka.yaml',
    figures: [{ known: 'mean', read: ({ failovers }) => failovers[0].promotedAfterSeconds }],
    note: 'The rebalance takes as long as the other member takes to hear of it: until its next heartbeat.',
  },
  {
    id: 'MQ-redelivery-V',
    scenario: 'kafka.yaml',
    figures: [
      {
        known: 'mean',
        read: (stage) => log(stage).duplicates / stage.failovers.filter(({ fault }) => /killed/.test(fault)).length,
      },
      { known: 'lost', read: (stage) => log(stage).missed, toleranceOnly: true },
    ],
    note: 'Crashes at times that are uniform within the interval of commits.',
  },
]);

describe('known assignments', () => {
  /** Runs a group of the case's shape and reads who has what: `{ C0: ['t0p0', …] }`. */
  const assigned = (assignor: string): Record<string, string[]> => {
    const { stages } = simulate(
      JSON.stringify({
        name: 'assignment',
        run: { duration: '2s', warmup: '0s' },
        clients: { c: { arrivals: { constant: '10/s' }, does: 'tell', entry: 'app' } },
        components: {
          app: {
            type: 'server',
            operations: {
              tell: [
                { publish: 'log', topic: 't0' },
                { publish: 'log', topic: 't1' },
              ],
            },
          },
          workers: { type: 'server', instances: 2, operations: { work: [{ cpu: '1ms' }] } },
          log: {
            type: 'kafka',
            topics: { t0: { partitions: 3 }, t1: { partitions: 3 } },
            groups: { work: { members: 'workers', assignor } },
          },
        },
      }),
    );
    const of: Record<string, string[]> = { C0: [], C1: [] };
    for (const [name, member] of Object.entries(log(stages[0]))) {
      const found = /^member (t\d)\/(\d)/.exec(name);
      if (found !== null) of[`C${member - 1}`].push(`${found[1]}p${found[2]}`);
    }
    return of;
  };

  test('range', () => expect(assigned('range')).toEqual(cases.get('MQ-kafka-range')!.expected));

  test('round robin', () => expect(assigned('round-robin')).toEqual(cases.get('MQ-kafka-rr')!.expected.equal));

  test('round robin, unequal subscriptions', () => {
    const topics = [1, 2, 3].map((count, i) => ({ first: [0, 1, 3][i], count }));
    const names = ['t0p0', 't1p0', 't1p1', 't2p0', 't2p1', 't2p2'];
    const members = [[0], [0, 1], [0, 1, 2]].map((wanted) => ({ topics: wanted, owned: [] }));
    const lists = assign('round-robin', topics, members).map((list) => list.map((p) => names[p]));
    expect(Object.fromEntries(lists.map((list, i) => [`C${i}`, list]))).toEqual(
      cases.get('MQ-kafka-rr')!.expected.unequal,
    );
  });
});

test('murmur2 of known keys, and their partitions', () => {
  const { hash, partition } = cases.get('MQ-murmur2-V')!.expected as Record<string, Record<string, number>>;
  const of = (text: string): number => murmur2(new TextEncoder().encode(text));
  for (const [text, known] of Object.entries(hash)) expect([text, of(text)]).toEqual([text, known]);
  for (const [text, known] of Object.entries(partition)) {
    const [key, count] = text.split('%');
    expect([text, (of(key) & 0x7fffffff) % Number(count)]).toEqual([text, known]);
  }
});
