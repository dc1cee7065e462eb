/** Independent requests with Zipf popularity against one store: every miss is stored at once. */
import { Store } from '../../../../sim/actors/storage/cache/store.ts';
import { Counter } from '../../../../sim/random/counter.ts';
import { Stream } from '../../../../sim/random/keys.ts';
import { KeyPopularity } from '../../../../sim/random/zipf.ts';

export interface Case {
  policy: 'lru' | 'lfu' | 'fifo' | 'random';
  alpha: number;
  items: number;
  capacity: number;
}

/** Hit ratio over `requests` requests, after as many to warm up. */
export function hitRatio({ policy, alpha, items, capacity }: Case, requests: number): number {
  const settings = { policy, capacityItems: capacity, ttlNs: null, sliding: false };
  const store = new Store(settings, new Float64Array(1), new Stream('1', 'eviction'));
  const popularity = new KeyPopularity(alpha, items);
  const counter = new Counter();
  const version = new Float64Array(1);
  let hits = 0;
  for (let i = 0; i < 2 * requests; i++) {
    counter.start(i, 7, 1);
    const key = popularity.pick(counter.next(), counter.next(), 3);
    if (store.get(key) >= 0) hits += i >= requests ? 1 : 0;
    else store.set(key, version);
  }
  return hits / requests;
}
