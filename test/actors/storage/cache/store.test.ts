/** Stores against a store written as plainly as possible, and against hit ratios that are known exactly. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Store, type StoreSettings } from '../../../../sim/actors/storage/cache/store.ts';
import { Stream } from '../../../../sim/random/keys.ts';
import { hitRatio } from './independent.ts';

const S = 1_000_000_000;

function storeOf(settings: Partial<StoreSettings>, clock = new Float64Array(1)): Store {
  return new Store(
    { policy: 'lru', capacityItems: 3, ttlNs: null, sliding: false, ...settings },
    clock,
    new Stream('1', 'x'),
  );
}

const at = (ns: number): Float64Array => Float64Array.of(ns);

/** The policies by their definitions: a list of entries, searched from the beginning. */
class Plain {
  private readonly entries: { key: number; stored: number; used: number }[] = [];
  private readonly counts = new Map<number, number>();
  private time = 0;

  constructor(private readonly settings: StoreSettings) {}

  get(key: number): boolean {
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    const entry = this.entries.find((e) => e.key === key);
    if (entry !== undefined) entry.used = ++this.time;
    return entry !== undefined;
  }

  set(key: number): void {
    this.time++;
    const entry = this.entries.find((e) => e.key === key);
    if (entry !== undefined) entry.used = this.time;
    else {
      if (this.entries.length === this.settings.capacityItems) {
        const { policy } = this.settings;
        const worth = (e: { key: number; stored: number; used: number }): [number, number] =>
          policy === 'fifo' ? [0, e.stored] : policy === 'lru' ? [0, e.used] : [this.counts.get(e.key) ?? 0, e.used];
        this.entries.sort((a, b) => worth(a)[0] - worth(b)[0] || worth(a)[1] - worth(b)[1]);
        if (policy === 'lfu' && (this.counts.get(key) ?? 0) < worth(this.entries[0])[0]) return;
        this.entries.shift();
      }
      this.entries.push({ key, stored: this.time, used: this.time });
    }
  }

  delete(key: number): void {
    const i = this.entries.findIndex((e) => e.key === key);
    if (i >= 0) this.entries.splice(i, 1);
  }
}

describe('a store', () => {
  it.each(['lru', 'fifo', 'lfu'] as const)('does what the definition of %s says', (policy) => {
    const step = fc.record({ what: fc.constantFrom('get', 'get', 'set', 'read-through', 'delete'), key: fc.nat(11) });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(step, { maxLength: 200, size: 'max' }),
        (capacityItems, steps) => {
          const settings = { policy, capacityItems, ttlNs: null, sliding: false };
          const plain = new Plain(settings);
          const store = storeOf(settings);
          for (const { what, key } of steps) {
            if (what === 'delete') {
              store.delete(key);
              plain.delete(key);
              continue;
            }
            if (what !== 'set') {
              const hit = plain.get(key);
              expect(store.get(key) >= 0).toBe(hit);
              if (hit || what === 'get') continue;
            }
            store.set(key, at(0));
            plain.set(key);
          }
          expect(store.size).toBeLessThanOrEqual(capacityItems);
        },
      ),
    );
  });

  it('gives back the version that was stored last', () => {
    const store = storeOf({});
    store.set(7, at(100));
    store.set(8, at(200));
    store.set(7, at(300));
    expect(store.versionOf(store.get(7))).toBe(300);
    expect(store.versionOf(store.get(8))).toBe(200);
  });

  it('evicts every entry with the same probability when it evicts at random', () => {
    const counts = [0, 0, 0, 0];
    const store = storeOf({ policy: 'random', capacityItems: 4 });
    for (let round = 0; round < 4000; round++) {
      store.clear();
      for (let key = 0; key < 5; key++) store.set(key, at(0));
      for (let key = 0; key < 4; key++) if (store.get(key) < 0) counts[key]++;
    }
    expect(counts.reduce((sum, n) => sum + n)).toBe(4000);
    for (const n of counts) expect(Math.abs(n - 1000)).toBeLessThan(5 * Math.sqrt(750));
  });

  it('grows far beyond its first size, and holds what fits', () => {
    const store = storeOf({ capacityItems: 5000 });
    for (let key = 0; key < 20_000; key++) store.set(Math.imul(key, 0x9e3779b1), at(key));
    expect([store.size, store.evictions]).toEqual([5000, 15_000]);
    for (let key = 15_000; key < 20_000; key++)
      expect(store.versionOf(store.get(Math.imul(key, 0x9e3779b1)))).toBe(key);
  });

  it('is empty after a crash, and forgets what was popular', () => {
    const store = storeOf({ policy: 'lfu', capacityItems: 1 });
    store.set(1, at(0));
    for (let i = 0; i < 5; i++) store.get(1);
    store.set(2, at(0));
    expect(store.get(2)).toBe(-1);
    store.clear();
    store.set(2, at(0));
    store.set(3, at(0));
    expect([store.get(3) >= 0, store.size]).toEqual([true, 1]);
  });
});

describe('LFU', () => {
  it('remembers how popular a key was before it left', () => {
    const store = storeOf({ policy: 'lfu', capacityItems: 1 });
    store.set(1, at(0));
    for (let i = 0; i < 3; i++) store.get(1);
    store.delete(1);
    store.set(2, at(0));
    expect(store.get(2) >= 0).toBe(true);
    store.set(1, at(0));
    expect(store.get(1) >= 0).toBe(true);
  });
});

describe('the memory of LFU', () => {
  it('is bounded: when too many keys are remembered all counts are halved', () => {
    const store = storeOf({ policy: 'lfu', capacityItems: 2 });
    for (let i = 0; i < 4; i++) {
      for (const key of [1, 2, 1]) if (store.get(key) < 0) store.set(key, at(0));
    }
    for (let key = 10; key < 400_000; key++) if (store.get(key) < 0) store.set(key, at(0));
    expect([store.get(1) >= 0, store.get(2) >= 0, store.size]).toEqual([true, true, 2]);
    // 2 was asked for five times, halved to two, then once more: a key asked for four times is more popular now.
    for (let i = 0; i < 4; i++) store.get(5);
    store.set(5, at(0));
    expect([store.get(5) >= 0, store.get(2) >= 0]).toEqual([true, false]);
  });
});

describe('time to live', () => {
  it('ends a fixed time after the store, hits or not', () => {
    const clock = new Float64Array(1);
    const store = storeOf({ ttlNs: 10 * S }, clock);
    store.set(1, at(0));
    clock[0] = 10 * S - 1;
    expect(store.get(1)).toBeGreaterThanOrEqual(0);
    expect(store.living()).toBe(1);
    clock[0] = 10 * S;
    expect(store.living()).toBe(0);
    expect([store.get(1), store.expired, store.size]).toEqual([-1, 1, 0]);
  });

  it('begins anew with every hit when it slides', () => {
    const clock = new Float64Array(1);
    const store = storeOf({ ttlNs: 10 * S, sliding: true }, clock);
    store.set(1, at(0));
    for (let i = 1; i <= 5; i++) {
      clock[0] = i * 9 * S;
      expect(store.get(1)).toBeGreaterThanOrEqual(0);
    }
    clock[0] += 10 * S;
    expect(store.get(1)).toBe(-1);
  });

  it('an expired entry that is pushed out was not evicted', () => {
    const clock = new Float64Array(1);
    const store = storeOf({ ttlNs: S, capacityItems: 1 }, clock);
    store.set(1, at(0));
    clock[0] = 2 * S;
    store.set(2, at(0));
    expect([store.expired, store.evictions]).toEqual([1, 0]);
  });
});

// Exact: LRU by King (1971), FIFO = RANDOM by Gelenbe (1973); LFU is the share of the most popular keys.
describe.each([
  { items: 4, capacity: 2, alpha: 1, lru: 0.603845, fifo: 0.588571, random: 0.588571, lfu: 0.72 },
  { items: 5, capacity: 2, alpha: 1, lru: 0.518885, fifo: 0.50365, random: 0.50365, lfu: 0.656934 },
  { items: 6, capacity: 3, alpha: 0.8, lru: 0.591639, fifo: 0.573289, random: 0.573289, lfu: 0.702066 },
])('hit ratio of $capacity of $items keys, Zipf $alpha', ({ items, capacity, alpha, ...expected }) => {
  it.each(['lru', 'fifo', 'random', 'lfu'] as const)('%s', (policy) => {
    expect(Math.abs(hitRatio({ policy, alpha, items, capacity }, 200_000) - expected[policy])).toBeLessThan(0.005);
  });
});

// Che, Tung, Wang (2002) for LRU, Martina et al. (2014) for FIFO and RANDOM, static optimum for LFU.
describe('hit ratio of 100 of 10,000 keys, Zipf 0.8', () => {
  it.each([
    ['lru', 0.1566],
    ['fifo', 0.1336],
    ['random', 0.1336],
    ['lfu', 0.3],
  ] as const)('%s', (policy, expected) => {
    expect(Math.abs(hitRatio({ policy, alpha: 0.8, items: 10_000, capacity: 100 }, 300_000) - expected)).toBeLessThan(
      0.005,
    );
  });
});
