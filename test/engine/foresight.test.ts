/** What is due next is fetched ahead where many rows are in use: whatever these are, nothing is read where there is no memory. */
import { afterEach, describe, expect, it } from 'vitest';
import { Memory } from '../../sim/engine/memory.ts';
import { expectSame, resultOf } from './both-engines.ts';

/** So many requests at once that they are fetched ahead. */
const many = (page: string, more: string): string => `
run: { duration: 1500ms, warmup: 200ms, seed: 1 }
network: { delay: 300us }
clients:
  users: { users: 12000, think: { exponential: 500ms }, does: page, keys: { zipf: 0.8, of: 3000 }, timeout: 5s, entry: app }
components:
  app:
    type: server
    runtime: { threads: 100k }
    machine: { cores: 64 }
    operations: { page: [ { sleep: 800ms }, ${page} ] }
  db: { type: database, machine: { cores: 64 }, read: { cpu: 20us, disk: 40ms }, write: { cpu: 200us } }
${more}
`;

/** Timers in plenty: a lease for each of many nodes of a cache. A timer keeps its node where others keep their way back. */
const leases = many(
  '{ get: cache, miss: [ { read: db }, { set: cache } ] }',
  '  cache: { type: cache, time: 10us, capacity: 2, nodes: 300, coalesce: { lease: 50ms } }',
);

declare const WebAssembly: { Memory: new (size: { initial: number; maximum: number }) => { buffer: ArrayBuffer } };
const { Memory: Whole } = WebAssembly;

/** Memories are kept for the next run: those of another size must go. */
const forgetMemories = (): void => void ((Memory as unknown as { spare: Memory[] }).spare.length = 0);

/** A host that gives no more than a part of the memory. */
function giveOnly(part: number): void {
  WebAssembly.Memory = class extends Whole {
    constructor(size: { initial: number; maximum: number }) {
      if (size.initial > 60_000 / part) throw new RangeError('no room');
      super(size);
    }
  };
  forgetMemories();
}

afterEach(() => {
  WebAssembly.Memory = Whole;
  forgetMemories();
});

describe('what is fetched ahead', () => {
  it('are rows of every kind: also timers, where no router is', () => {
    expectSame(leases);
  });

  it('also behind routers', () => {
    expectSame(
      leases
        .replace('entry: app', 'entry: lb')
        .replace('  app:', '  lb: { type: balancer, targets: app, policy: random }\n  app:\n    instances: 3'),
    );
  });

  it.each([4, 16, 32])('lies in the memory, where a host gives no more than a part of it: 1/%d', (part) => {
    const text = many('{ read: db }', '');
    const whole = resultOf(text, false);
    giveOnly(part);
    expect(resultOf(text, false)).toBe(whole);
  });

  it('lies in the memory, where the last writes of keys do not', () => {
    const text = `
run: { duration: 1s, warmup: 100ms, seed: 1 }
network: { delay: 3ms }
clients:
  fill: { arrivals: { poisson: 800k/s }, does: fill, timeout: none, entry: app }
  writers: { arrivals: { poisson: 0.01/s, spikes: { late: { at: 900ms, for: 50ms, times: 100000 } } }, does: post, keys: { uniform: 250k }, timeout: none, entry: app }
components:
  app:
    type: server
    instances: 4
    machine: { cores: 64 }
    runtime: { threads: 100k }
    queue: { limit: none }
    operations:
      fill: [ { cpu: 20us }, { set: cache } ]
      post: [ { write: db } ]
      page: [ { get: cache, miss: [ { read: db }, { set: cache } ] } ]
  cache: { type: cache, nodes: 2, capacity: 600k, time: 1us }
  db: { type: database, connections: 1000, machine: { cores: 8 }, read: { cpu: 10us }, write: { cpu: 10us } }
`;
    giveOnly(32);
    // It comes to its end: all of the heap is taken when they are written.
    expect(JSON.parse(resultOf(text, false)).stages[0].requests.completed).toBeGreaterThan(500_000);
  });
});
