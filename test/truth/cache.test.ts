/** Hit ratios by eviction policy and time to live, and what an expiry costs the origin. */
import type { StageResult } from '../../sim/result.ts';
import { type Held, hold } from './harness.ts';
import { knownCases } from './known.ts';
import { component } from './readings.ts';

const extra = (stage: StageResult, name: string): number => component(stage, 'cache').extra[name];
const hitRatio = (stage: StageResult): number => extra(stage, 'hitRatio');
/** Misses that went to the origin per second. */
const originRate = (stage: StageResult): number => extra(stage, 'misses') / stage.simulatedSeconds;

const policies = (id: string, known: Record<string, string>): Held => ({
  id,
  scenario: 'cache.yaml',
  replications: 1,
  figures: Object.entries(known).map(([policy, path]) => ({ known: path, stage: `${id} ${policy}`, read: hitRatio })),
});

/** The approximation of Che is within 0.001 of simulations, five times less than the tolerance. */
const independent = (id: string, ...random: ['random'?]): Held =>
  policies(id, {
    lru: 'LRU_che',
    fifo: 'FIFO_RANDOM_che',
    ...(random.length > 0 && { random: 'FIFO_RANDOM_che' }),
  });

const enumerated = (id: string): Held => policies(id, { lru: 'LRU', fifo: 'FIFO', random: 'RANDOM' });

const expiry = (id: string, known: { fixed: string; sliding: string }): Held => ({
  id,
  scenario: 'expiry.yaml',
  replications: 1,
  figures: [
    { known: known.fixed, read: hitRatio },
    { known: known.sliding, stage: `${id} sliding`, read: hitRatio },
  ],
});

hold('cache', knownCases('cache.json'), [
  independent('CA-irm-a0.6-N10000-C100'),
  independent('CA-irm-a0.8-N10000-C100', 'random'),
  independent('CA-irm-a0.8-N10000-C1000'),
  independent('CA-irm-a0.99-N10000-C100'),
  independent('CA-irm-a0.99-N10000-C500', 'random'),
  independent('CA-irm-a0.99-N10000-C1000', 'random'),
  independent('CA-irm-a1.2-N10000-C100'),
  independent('CA-irm-a1.2-N10000-C500', 'random'),
  enumerated('CA-exact-N4-C2-a1.0'),
  enumerated('CA-exact-N6-C3-a0.8'),
  expiry('CA-ttl-0.1-30', { fixed: 'hit_fixed_ttl', sliding: 'hit_sliding_ttl' }),
  expiry('CA-ttl-1-5', { fixed: 'hit_fixed_ttl', sliding: 'hit_sliding_ttl' }),
  {
    id: 'CA-ttl-zipf-10000',
    scenario: 'expiry.yaml',
    replications: 1,
    note: 'Only with sliding expiry: without it popular keys, all first read at time zero, expire in step for hours.',
    figures: [{ known: 'hit_sliding', read: hitRatio }],
  },
  {
    id: 'CA-stampede-1000',
    scenario: 'expiry.yaml',
    replications: 1,
    note: 'Each of the refills renews the entry, so that the next expiry comes half a second later than in the case.',
    figures: [
      {
        known: 'origin_calls_per_expiry_no_coalescing',
        read: (stage) => extra(stage, 'misses') / extra(stage, 'expired'),
      },
      { known: 'hit_ratio', read: hitRatio },
      {
        known: 'origin_calls_single_flight',
        stage: 'CA-stampede-1000 single flight',
        toleranceOnly: true,
        read: (stage) => (extra(stage, 'misses') - extra(stage, 'coalesced')) / extra(stage, 'expired'),
      },
      {
        known: 'mean_extra_latency_waiters_single_flight',
        stage: 'CA-stampede-1000 single flight',
        read: (stage) => ((stage.latencyMs.mean ?? 0) * stage.latencyMs.count) / extra(stage, 'misses') / 1000,
      },
    ],
  },
  {
    id: 'CA-neg',
    scenario: 'expiry.yaml',
    replications: 1,
    figures: [{ known: 'origin_rate_with', read: originRate }],
  },
]);
