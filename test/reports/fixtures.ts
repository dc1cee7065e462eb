/**
 * A result as a run would give it: three stages of a game that grows. The first saturates its one core and fails, the
 * second loses its primary and recovers in time, the third cannot tell whether it held.
 */
import type {
  ComponentResult,
  LatencySummary,
  ResourceResult,
  RunResult,
  SeriesPoint,
  StageResult,
} from '../../sim/result.ts';

export const noLatency: LatencySummary = {
  mean: null,
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  p999: null,
  max: null,
  count: 0,
};

function latency(
  mean: number,
  p50: number,
  p90: number,
  p95: number,
  p99: number,
  p999: number | null,
  max: number,
  count: number,
): LatencySummary {
  return { mean, p50, p90, p95, p99, p999, max, count };
}

function resource(
  name: string,
  capacity: number,
  utilization: number,
  utilizationBusiest = utilization,
): ResourceResult {
  return { resource: name, capacity, utilization, utilizationBusiest };
}

function component(
  it: Partial<ComponentResult> & { name: string; type: string; resources: ResourceResult[] },
): ComponentResult {
  const busiest = it.resources.reduce((most, next) => (next.utilization > most.utilization ? next : most));
  return {
    instances: 1,
    utilization: busiest.utilization,
    utilizationBusiest: busiest.utilizationBusiest,
    bottleneck: busiest.resource,
    queueMean: 0,
    queueMax: 0,
    waitMs: 0,
    serviceMs: 0,
    sojournMs: noLatency,
    arrivals: 0,
    completed: 0,
    errors: 0,
    costPerMonth: 0,
    extra: {},
    ...it,
  };
}

/** One point a second; `shape` bends goodput and p99 as the stage's story needs. */
function series(seconds: number, shape: (at: number) => Omit<SeriesPoint, 'atSeconds'>): SeriesPoint[] {
  return Array.from({ length: seconds }, (_, at) => ({ atSeconds: at, ...shape(at) }));
}

const checkpoints = (first: string): string[] =>
  Array.from({ length: 256 }, (_, i) => `${first}${i.toString(16).padStart(4, '0')}`);

const failing: StageResult = {
  name: '1,000 users on one box',
  teaches:
    'A single-threaded runtime uses one core, and the database competes for it. The queue grows until clients give up; their retries are new load.',
  users: 1000,
  simulatedSeconds: 60,
  warmupSeconds: 10,
  events: 1_284_311,
  requests: { offered: 11_904, completed: 8_510, failed: 0, timedOut: 2_611, rejected: 604, inFlight: 179 },
  attempts: 15_822,
  offeredPerSecond: 198.4,
  goodputPerSecond: 141.8333333333,
  demandPerSecond: 199.6,
  availability: 0.725797866,
  latencyMs: latency(1204.6, 1088.4, 1792, 1894.4, 1984, 1996.8, 1999.9, 8510),
  latencyAllMs: latency(2811.9, 1296.3, 6912, 7424, 8192, 8320, 8391.2, 11_725),
  operations: {
    look: {
      offered: 2379,
      completed: 1788,
      failed: 0,
      timedOut: 461,
      rejected: 96,
      inFlight: 34,
      latencyMs: latency(1120.2, 1012, 1744, 1868.8, 1977.6, null, 1998.1, 1788),
    },
    move: {
      offered: 9525,
      completed: 6722,
      failed: 0,
      timedOut: 2150,
      rejected: 508,
      inFlight: 145,
      latencyMs: latency(1227.4, 1108.2, 1804.8, 1900.8, 1984, 1996.8, 1999.9, 6722),
    },
  },
  components: [
    component({
      name: 'box',
      type: 'server',
      resources: [
        resource('event-loop', 1, 0.9996),
        resource('cpu', 1, 0.9996),
        resource('memory', 1_073_741_824, 0.41),
      ],
      queueMean: 288.4,
      queueMax: 1000,
      waitMs: 1071.3,
      serviceMs: 6.61,
      sojournMs: latency(1077.9, 1004, 1702, 1808, 1920, 1948, 1961, 9107),
      arrivals: 15_822,
      completed: 9107,
      errors: 604,
      costPerMonth: 5,
    }),
    component({
      name: 'db',
      type: 'database',
      resources: [resource('disk', 1, 0.6012), resource('connections', 100, 0.021)],
      queueMean: 0.31,
      queueMax: 4,
      waitMs: 2.04,
      serviceMs: 4.88,
      sojournMs: latency(6.92, 5.2, 13.1, 16.4, 25.9, 36.8, 52.2, 9107),
      arrivals: 9107,
      completed: 9107,
      costPerMonth: 0,
    }),
  ],
  hotspots: [
    {
      component: 'box',
      resource: 'event-loop',
      kind: 'waiting',
      utilization: 0.9996,
      shareOfP99: 0.912,
      shareOfP50: 0.874,
      why: 'requests wait for the one event loop, busy 100 % of the time',
    },
    {
      component: 'players',
      resource: 'backoff',
      kind: 'retry',
      utilization: 0,
      shareOfP99: 0.061,
      shareOfP50: 0.002,
      why: 'waiting between attempts',
    },
    {
      component: 'box',
      resource: 'cpu',
      kind: 'service',
      utilization: 0.9996,
      shareOfP99: 0.019,
      shareOfP50: 0.085,
      why: 'the work itself',
    },
    {
      component: 'db',
      resource: 'disk',
      kind: 'service',
      utilization: 0.6012,
      shareOfP99: 0.008,
      shareOfP50: 0.039,
      why: 'fsync of writes',
    },
  ],
  failovers: [],
  costPerMonth: 5,
  thresholds: [
    { threshold: 'latency p(99) < 500ms', observed: 1984, observedText: '1.98 s', ok: false, verdict: 'fail' },
    { threshold: 'availability >= 99.9%', observed: 0.725797866, observedText: '72.57 %', ok: false, verdict: 'fail' },
    { threshold: 'cost < 100/month', observed: 5, observedText: '$5/month', ok: true, verdict: 'pass' },
    { threshold: 'db: staleReads == 0', observed: null, observedText: 'no data', ok: false, verdict: 'fail' },
  ],
  series: series(60, (at) => ({
    offeredPerSecond: 199,
    goodputPerSecond: at < 6 ? 190 - at * 8 : 140 + ((at * 7) % 11),
    errorsPerSecond: at < 6 ? at * 8 : 52,
    p50Ms: Math.min(1100, 40 + at * 120),
    p99Ms: Math.min(1984, 120 + at * 260),
  })),
  warnings: ['utilisation of box event-loop is 1 or more: the figures depend on how long the run is'],
  verdict: {
    ok: false,
    hottest: { component: 'box', resource: 'event-loop', utilization: 0.9996 },
    broke:
      'p99 is 1.98 s against 500 ms because requests wait for the one event loop of box, which is busy 100 % of the time at 198 requests a second.',
    change: '',
  },
  fingerprint: '9f2c4e1ab0d37765c1e2aa01f4b98d23',
  minutes: [],
  journeys: [],
  checkpoints: checkpoints('9f2c'),
  expected: 'pass',
  partial: false,
  intervals: {},
};

const failover: StageResult = {
  name: 'two tiers with a standby',
  teaches:
    'The primary dies at 30 s. Nobody is told: the standby notices missing heartbeats, is elected and promoted; what was acknowledged and not yet copied is lost.',
  users: 10_000,
  simulatedSeconds: 120,
  warmupSeconds: 10,
  events: 18_904_127,
  requests: { offered: 239_412, completed: 239_297, failed: 21, timedOut: 84, rejected: 0, inFlight: 10 },
  attempts: 240_118,
  offeredPerSecond: 1995.1,
  goodputPerSecond: 1994.141666,
  demandPerSecond: 1998,
  availability: 0.99956141,
  latencyMs: latency(14.2, 9.41, 22.7, 31.2, 88.6, 1894.4, 11_904, 239_297),
  latencyAllMs: latency(15.4, 9.41, 22.7, 31.2, 90.4, 2048, 12_032, 239_402),
  operations: {
    move: {
      offered: 239_412,
      completed: 239_297,
      failed: 21,
      timedOut: 84,
      rejected: 0,
      inFlight: 10,
      latencyMs: latency(14.2, 9.41, 22.7, 31.2, 88.6, 1894.4, 11_904, 239_297),
    },
  },
  components: [
    component({
      name: 'lb',
      type: 'balancer',
      resources: [resource('cpu', 2, 0.0401)],
      serviceMs: 0.02,
      sojournMs: latency(0.02, 0.02, 0.02, 0.02, 0.02, 0.04, 0.06, 240_118),
      arrivals: 240_118,
      completed: 240_118,
      costPerMonth: 25,
      extra: { healthMarkedDown: 0, remappedShare: 0 },
    }),
    component({
      name: 'app',
      type: 'server',
      instances: 4,
      resources: [
        resource('cpu', 4, 0.6204, 0.6611),
        resource('threads', 200, 0.12, 0.97),
        resource('pool db', 20, 0.24, 1),
      ],
      queueMean: 0.84,
      queueMax: 412,
      waitMs: 0.42,
      serviceMs: 4.98,
      sojournMs: latency(11.8, 7.2, 19, 27.4, 80.1, 1880, 11_880, 240_012),
      arrivals: 240_118,
      completed: 240_012,
      errors: 105,
      costPerMonth: 280,
    }),
    component({
      name: 'db',
      type: 'database',
      instances: 1.92,
      resources: [resource('disk', 1, 0.7981, 0.8412), resource('cpu', 8, 0.3902, 0.4411)],
      queueMean: 1.61,
      queueMax: 38,
      waitMs: 0.81,
      serviceMs: 3.1,
      sojournMs: latency(3.91, 3.2, 6.9, 9.4, 21.4, 60.2, 412, 239_914),
      arrivals: 239_992,
      completed: 239_914,
      errors: 78,
      costPerMonth: 935,
      extra: { replicationLagMs: 3.2, acknowledgedWritesLost: 3, staleReads: 0 },
    }),
  ],
  hotspots: [
    {
      component: 'app',
      resource: 'pool db',
      kind: 'pool',
      utilization: 0.24,
      shareOfP99: 0.583,
      shareOfP50: 0.012,
      why: 'requests wait for a connection to db while no primary accepts one',
    },
    {
      component: 'db',
      resource: 'disk',
      kind: 'waiting',
      utilization: 0.7981,
      shareOfP99: 0.224,
      shareOfP50: 0.19,
      why: 'writes queue for the disk, busy 84 % on db#1',
    },
    {
      component: 'db',
      resource: 'disk',
      kind: 'service',
      utilization: 0.7981,
      shareOfP99: 0.101,
      shareOfP50: 0.402,
      why: 'fsync of writes',
    },
    {
      component: 'app',
      resource: 'cpu',
      kind: 'service',
      utilization: 0.6204,
      shareOfP99: 0.052,
      shareOfP50: 0.33,
      why: 'the work itself',
    },
    {
      component: 'players -> lb',
      resource: 'link',
      kind: 'network',
      utilization: 0,
      shareOfP99: 0.024,
      shareOfP50: 0.05,
      why: '',
    },
    {
      component: 'lb',
      resource: 'cpu',
      kind: 'service',
      utilization: 0.0401,
      shareOfP99: 0.016,
      shareOfP50: 0.016,
      why: '',
    },
  ],
  failovers: [
    {
      fault: 'loss of the primary',
      component: 'db#1',
      atSeconds: 30,
      firstFailureAfterSeconds: 2.004,
      firstGoodAfterSeconds: null,
      detectedAfterSeconds: 3.1,
      decidedAfterSeconds: 4.412,
      promotedAfterSeconds: 5.412,
      hasBaseline: true,
      recoveredAfterSeconds: 8,
      rpoSeconds: 0.0031,
      requestsFailed: 105,
      acknowledgedWritesLost: 3,
      staleReads: 0,
      conflicts: 0,
      duplicates: 0,
      rejoinedAfterSeconds: null,
      writesDiscarded: 0,
      failback: null,
      metastable: null,
      timeline: [
        { atSeconds: 30, what: 'db#1 is killed: its machine answers with resets' },
        { atSeconds: 33.1, what: 't+3.1s db#2 has missed 3 heartbeats and calls an election' },
        { atSeconds: 33.412, what: 't+3.4s db#2 is elected for term 2' },
        { atSeconds: 35.412, what: 't+5.4s db#2 accepts its first write' },
        { atSeconds: 50, what: 't+20.0s db#1 comes back and follows db#2' },
      ],
    },
  ],
  costPerMonth: 1240,
  thresholds: [
    { threshold: 'latency p(99) < 500ms', observed: 88.6, observedText: '88.6 ms', ok: true, verdict: 'pass' },
    { threshold: 'availability >= 99.9%', observed: 0.99956141, observedText: '99.956 %', ok: true, verdict: 'pass' },
    { threshold: 'failover: rto < 30s', observed: 8, observedText: '8 s', ok: true, verdict: 'pass' },
  ],
  series: series(120, (at) => ({
    offeredPerSecond: 1995,
    goodputPerSecond: at >= 30 && at < 36 ? 180 + (at - 30) * 90 : at >= 36 && at < 38 ? 2900 : 1990 + ((at * 13) % 17),
    errorsPerSecond: at >= 32 && at < 37 ? 21 : 0,
    p50Ms: 9.4,
    p99Ms: at >= 30 && at < 38 ? (at < 35 ? null : 9800) : 31 + ((at * 5) % 7),
  })),
  warnings: [],
  verdict: {
    ok: true,
    hottest: { component: 'db', resource: 'disk', utilization: 0.8412 },
    broke: '',
    change: 'users 1,000 → 10,000; app moved off the box behind a balancer; db with 1 replica',
  },
  fingerprint: '51d3f0a6b77e49018acb35e2d9c06f74',
  minutes: [],
  journeys: [],
  checkpoints: checkpoints('51d3'),
  expected: 'pass',
  partial: false,
  intervals: {
    '/latencyMs/p99': { low: 84.1, high: 93.2, level: 0.95, method: 'replications, t' },
    '/goodputPerSecond': { low: 1990.2, high: 1998.1, level: 0.95, method: 'replications, t' },
  },
};

const uncertain: StageResult = {
  ...failover,
  name: '100,000 users',
  teaches: 'Near the limit the answer depends on luck: five replications do not agree.',
  users: 100_000,
  simulatedSeconds: 60,
  events: 94_311_820,
  requests: { offered: 1_196_404, completed: 1_195_100, failed: 311, timedOut: 840, rejected: 0, inFlight: 153 },
  attempts: 1_203_018,
  offeredPerSecond: 19_940.0667,
  goodputPerSecond: 19_918.3333,
  demandPerSecond: 19_980,
  availability: 0.99903783,
  latencyMs: latency(96.4, 61.2, 208, 297, 497, 1204, 1998.2, 1_195_100),
  latencyAllMs: latency(97.2, 61.2, 208, 298, 503, 1998, 6041, 1_196_251),
  operations: {},
  components: failover.components.map((it) => ({
    ...it,
    instances: it.instances * 9,
    utilization: 0.86,
    utilizationBusiest: 0.941,
    arrivals: it.arrivals * 5,
    completed: it.completed * 5,
    costPerMonth: it.costPerMonth * 9,
  })),
  hotspots: [
    {
      component: 'db',
      resource: 'disk',
      kind: 'waiting',
      utilization: 0.86,
      shareOfP99: 0.71,
      shareOfP50: 0.41,
      why: 'writes queue for the disk, busy 94 % on db#7',
    },
    {
      component: 'app',
      resource: 'cpu',
      kind: 'service',
      utilization: 0.86,
      shareOfP99: 0.29,
      shareOfP50: 0.59,
      why: 'the work itself',
    },
  ],
  failovers: [],
  costPerMonth: 11_160,
  thresholds: [
    { threshold: 'latency p(99) < 500ms', observed: 497, observedText: '497 ms', ok: false, verdict: 'inconclusive' },
    { threshold: 'availability >= 99.9%', observed: 0.99903783, observedText: '99.903 %', ok: true, verdict: 'pass' },
  ],
  series: series(60, (at) => ({
    offeredPerSecond: 19_940,
    goodputPerSecond: 19_800 + ((at * 37) % 211),
    errorsPerSecond: 19,
    p50Ms: 61,
    p99Ms: 430 + ((at * 29) % 131),
  })),
  warnings: ['availability is within 0.004 points of its limit'],
  verdict: {
    ok: false,
    hottest: { component: 'db', resource: 'disk', utilization: 0.941 },
    broke: '',
    change: 'users 10,000 → 100,000; 9 shards',
  },
  fingerprint: '0be2d4417cc9a5f86f1203d7e4ab9951',
  minutes: [],
  journeys: [],
  checkpoints: checkpoints('0be2'),
  intervals: { '/latencyMs/p99': { low: 481, high: 516, level: 0.95, method: 'replications, t' } },
};

export const result: RunResult = {
  schema: 1,
  tenfold: '0.1.0',
  scenario: {
    name: 'Tic-tac-toe, from a hundred players to a million',
    file: 'tic-tac-toe.yaml',
    hash: '8c1f03e2a7b94d56',
  },
  seed: '1',
  replications: 5,
  ok: false,
  stages: [failing, failover, uncertain],
  replay: 'tenfold run tic-tac-toe.yaml --seed 1 --replications 5',
};

export const stages = { failing, failover, uncertain };

/** The same result with other stages. */
export function resultWith(...its: StageResult[]): RunResult {
  return { ...result, ok: its.every((it) => it.verdict.ok && !it.partial), stages: its };
}

/** A result in which `text` stands wherever a scenario file or a name may put text, keys included. */
export function resultNamed(text: string): RunResult {
  const components = failover.components.map((it) => ({
    ...it,
    name: text,
    type: text,
    bottleneck: text,
    resources: it.resources.map((each) => ({ ...each, resource: text })),
  }));
  const stage: StageResult = {
    ...failover,
    name: text,
    teaches: text,
    warnings: [text],
    components,
    operations: Object.fromEntries([
      [text, failing.operations['move']!],
      [`${text}2`, failing.operations['look']!],
    ]),
    hotspots: failover.hotspots.map((it) => ({ ...it, component: text, resource: text, why: text })),
    failovers: failover.failovers.map((it) => ({
      ...it,
      fault: text,
      component: text,
      timeline: [{ atSeconds: 31, what: text }],
    })),
    thresholds: [
      { threshold: text, observed: 1, observedText: text, ok: false, verdict: 'fail' },
      { threshold: text, observed: 1, observedText: text, ok: false, verdict: 'inconclusive' },
      { threshold: text, observed: null, observedText: text, ok: false, verdict: 'fail' },
    ],
    verdict: { ok: false, hottest: { component: text, resource: text, utilization: 1 }, broke: text, change: text },
  };
  return { ...result, scenario: { name: text, file: text, hash: text }, seed: text, stages: [stage], replay: text };
}
