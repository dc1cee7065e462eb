/** Caches, of which the core gets, sets and deletes what is stored, against TypeScript alone. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cache } from '../../sim/actors/storage/cache/instance.ts';
import { Memory } from '../../sim/engine/memory.ts';
import { expectSame, readersAndWriters, resultOf } from './both-engines.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A store that fills, overflows and has holes: a third of what is asked for is deleted. */
const scenario = (cache: string, more = ''): string => `
${readersAndWriters('page: 70%, post: 30%', 'zipf: 0.8, of: 400', 23)}
  cache: { type: cache, time: 10us, ${cache} }
  db: { type: database, machine: { cores: 4 }, read: { cpu: 200us }, write: { cpu: 200us } }
${more}
`;

const cacheOf = (text: string): Record<string, number> => {
  const { components } = JSON.parse(resultOf(text, false)).stages[0];
  return components.find(({ name }: { name: string }) => name === 'cache').extra;
};

describe('the core stores as TypeScript does', () => {
  it.each(['lru', 'fifo', 'lfu', 'random'])('and evicts by %s', (policy) => {
    const text = scenario(`capacity: 60, policy: ${policy}`);
    expect(cacheOf(text).evictions).toBeGreaterThan(100);
    expectSame(text);
  });

  it('one, two and very many', () => {
    expectSame(scenario('capacity: 1'));
    expectSame(scenario('capacity: 2'));
    expectSame(scenario('capacity: 10k'));
  });

  it('where few keys come and go: a store that is empty now and then', () => {
    expectSame(
      scenario('capacity: 60').replace('of: 400', 'of: 2').replace('page: 70%, post: 30%', 'page: 30%, post: 70%'),
    );
  });

  it('what expires, on several nodes, one command after the other or all at once', () => {
    expectSame(scenario('capacity: 60, ttl: 50ms'));
    expectSame(scenario('capacity: 60, ttl: 50ms, sliding: true'));
    expectSame(scenario('capacity: 30, nodes: 3'));
    expectSame(scenario('capacity: 60, serial: false'));
    expectSame(scenario('capacity: 60, coalesce: { lease: 50ms }'));
  });

  it('what takes up memory, and a node that runs out of it', () => {
    const text = scenario('capacity: 300, item: 1MiB, machine: { cores: 2, memory: 4GiB }');
    expect(cacheOf(text).items).toBeGreaterThan(100);
    expectSame(text);
    expectSame(text.replace('memory: 4GiB', 'memory: 100MiB'));
  });

  it('and begins anew where a node dies', () => {
    const crash = "faults: { a node: { crash: 'cache#1', how: kill, at: 500ms, for: 200ms } }";
    expectSame(scenario('capacity: 60, nodes: 2', crash));
  });

  it('where tables no longer fit into the memory that both share', () => {
    const text = scenario('capacity: 10k');
    const shared = resultOf(text, false);
    const { ints } = Memory.prototype;
    let calls = 0;
    vi.spyOn(Memory.prototype, 'ints').mockImplementation(function (this: Memory, length) {
      // The first tables find room, those that have grown do not.
      return ++calls > 6 ? new Int32Array(length) : ints.call(this, length);
    });
    expect(resultOf(text, false)).toBe(shared);
    expect(calls).toBeGreaterThan(6);
  });

  it('without a word to the component, once its table has grown', () => {
    const step = vi.spyOn(Cache.prototype, 'step');
    resultOf(scenario('capacity: 60'), false);
    const asked = step.mock.calls.length;
    resultOf(scenario('capacity: 60'), true);
    // 16, 32 and 60 entries.
    expect(asked).toBeLessThan(5);
    expect(step.mock.calls.length).toBeGreaterThan(5000);
  });
});
