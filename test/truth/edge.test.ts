/** Names that live on in caches, and copies that expire at a point of presence. */
import type { StageResult } from '../../sim/result.ts';
import { type Held, hold } from './harness.ts';
import { knownCases } from './known.ts';
import { component } from './readings.ts';

const extra = (stage: StageResult, name: string): number => component(stage, 'edge').extra[name];
const hitRatio = (stage: StageResult): number => extra(stage, 'hitRatio');
const originRate = (stage: StageResult): number => extra(stage, 'originRequests') / stage.simulatedSeconds;

/** Share of the users on the dead address in the seconds that begin then: they all ask equally often. */
const dead =
  (...seconds: number[]) =>
  ({ series }: StageResult): number => {
    const points = seconds.map((second) => series.find(({ atSeconds }) => atSeconds === second)!);
    return (
      points.reduce((sum, { errorsPerSecond, offeredPerSecond }) => sum + errorsPerSecond / offeredPerSecond, 0) /
      points.length
    );
  };

const expiry = (id: string): Held => ({
  id,
  scenario: 'delivery.yaml',
  replications: 1,
  note: 'At a point of presence.',
  figures: [
    { known: 'hit_fixed_ttl', read: hitRatio },
    // Per millisecond, the second of the case.
    { known: 'origin_rate_fixed', read: (stage) => originRate(stage) / 1000 },
  ],
});

hold('edge', new Map([...knownCases('cache.json'), ...knownCases('edge.json')]), [
  {
    id: 'RF-dns-V',
    scenario: 'names.yaml',
    replications: 1,
    note: 'The server behind the old address is killed at time zero, and the name server notices within 2 ms.',
    figures: [
      { known: 't15', read: dead(1) },
      { known: 't30', read: dead(2, 3) },
      { known: 't60', toleranceOnly: true, read: dead(7) },
    ],
  },
  expiry('CA-ttl-0.1-30'),
  expiry('CA-ttl-1-5'),
  {
    id: 'CA-stampede-1000',
    scenario: 'delivery.yaml',
    replications: 1,
    note: 'At a point of presence, which fetches from an origin that takes half a second.',
    figures: [
      { known: 'origin_calls_per_expiry_no_coalescing', read: (stage) => extra(stage, 'misses') },
      {
        known: 'origin_calls_single_flight',
        stage: 'CA-stampede-1000 single flight',
        toleranceOnly: true,
        read: (stage) => extra(stage, 'originRequests'),
      },
      {
        known: 'mean_extra_latency_waiters_single_flight',
        stage: 'CA-stampede-1000 single flight',
        read: (stage) => ((stage.latencyMs.mean ?? 0) * stage.latencyMs.count) / extra(stage, 'misses') / 1000,
      },
    ],
  },
]);
