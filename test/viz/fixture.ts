/**
 * A small recording made by hand, in the shape that a run records: clients, a balancer, three servers, a cache, a
 * database with a replica; in the second of its stages the primary dies. For tests of the page that need no run.
 */
import type {
  ComponentRecording,
  Counts,
  Heat,
  InstanceRecording,
  Levels,
  LinkRecording,
  PopulationRecording,
  Recording,
  RequestRecording,
  Slices,
  StageRecording,
} from '../../sim/recording/format.ts';
import type { LatencySummary } from '../../sim/result.ts';

const SLICES = 70;
const WARMUP = 10;

/** Seventy slices of a second, ten of them of the warm-up. */
export const slices = (): Slices => ({
  count: SLICES,
  warmup: WARMUP,
  seconds: 1,
  edges: Float64Array.from({ length: SLICES + 1 }, (_, index) => index - WARMUP),
});

const levels = (of: (slice: number) => number): Levels =>
  Float32Array.from({ length: SLICES }, (_, slice) => of(slice));
const counts = (of: (slice: number) => number): Counts =>
  Uint32Array.from({ length: SLICES }, (_, slice) => Math.max(0, Math.round(of(slice))));

/** The slices in which the primary is dead. */
const isDown = (broken: boolean) => (slice: number) => broken && slice >= 30 && slice < 42;

const wave = (slice: number, size = 1) => 1 + 0.06 * size * Math.sin(slice * 1.7) + 0.03 * size * Math.sin(slice * 5.1);

const latencies = (p50: number): LatencySummary => ({
  mean: p50 * 1.3,
  p50,
  p90: p50 * 3,
  p95: p50 * 4,
  p99: p50 * 8,
  p999: p50 * 20,
  max: p50 * 40,
  count: 1000,
});

function instance(
  name: string,
  load: (slice: number) => number,
  over: Partial<InstanceRecording> = {},
): InstanceRecording {
  return {
    name,
    place: '',
    states: [{ fromSlice: 0, state: 'up', role: '' }],
    utilization: levels(load),
    queueMean: levels((slice) => Math.max(0, (load(slice) - 0.7) * 40)),
    inside: counts((slice) => load(slice) * 8),
    ...over,
  };
}

function component(name: string, type: string, picture: string, over: Partial<ComponentRecording>): ComponentRecording {
  const instances = over.instances ?? [instance(`${name}#1`, () => 0.4)];
  const mean = (slice: number) => instances.reduce((sum, it) => sum + it.utilization[slice], 0) / instances.length;
  return {
    name,
    type,
    picture,
    places: [],
    on: null,
    facts: [
      { name: 'cores', value: '8' },
      { name: 'memory', value: '32 GiB' },
    ],
    instances,
    instanceCount: instances.length,
    up: counts(() => instances.length),
    resources: [
      { resource: 'cpu', capacity: 8, utilization: levels(mean) },
      { resource: 'threads', capacity: 64, utilization: levels((slice) => mean(slice) / 3) },
    ],
    utilization: levels(mean),
    utilizationBusiest: levels((slice) => Math.max(...instances.map((it) => it.utilization[slice]))),
    queueMean: levels((slice) => instances.reduce((sum, it) => sum + it.queueMean[slice], 0)),
    queueMax: counts((slice) => 3 * mean(slice)),
    inside: counts((slice) => 10 * mean(slice)),
    arrivals: counts((slice) => 330 * wave(slice)),
    completed: counts((slice) => 330 * wave(slice)),
    rejected: counts(() => 0),
    failed: counts(() => 0),
    killed: counts(() => 0),
    p50Ms: levels((slice) => 8 * wave(slice)),
    p95Ms: levels((slice) => 24 * wave(slice)),
    p99Ms: levels((slice) => 48 * wave(slice)),
    waitMs: levels((slice) => 3 * mean(slice)),
    serviceMs: levels(() => 5),
    readings: [],
    ...over,
  };
}

function heat(p50: (slice: number) => number): Heat {
  const buckets = 48;
  const edgesMs = Float64Array.from({ length: buckets + 1 }, (_, index) => 0.5 * 2 ** (index / 4));
  const table = new Uint32Array(SLICES * buckets);
  for (let slice = 0; slice < SLICES; slice++) {
    const middle = Math.log2(p50(slice) / 0.5) * 4;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const distance = (bucket - middle) / (bucket < middle ? 2.2 : 5);
      table[slice * buckets + bucket] = Math.round(60 * Math.exp(-distance * distance));
    }
  }
  return { edgesMs, buckets, counts: table };
}

function population(broken: boolean, place: string): PopulationRecording {
  const down = isDown(broken);
  return {
    name: 'users',
    users: broken ? 10_000 : 1000,
    place,
    entry: 'lb',
    operations: ['view', 'post'],
    offered: counts((slice) => 330 * wave(slice)),
    attempts: counts((slice) => 330 * wave(slice) + (down(slice) ? 90 : 0)),
    retries: counts((slice) => (down(slice) ? 90 : 0)),
    completed: counts((slice) => (down(slice) ? 215 : 330) * wave(slice)),
    failed: counts((slice) => (down(slice) ? 90 : 0)),
    timedOut: counts((slice) => (down(slice) ? 20 : 0)),
    rejected: counts((slice) => (down(slice) ? 5 : 0)),
    early: { completed: 3, failed: 0, timedOut: 0, rejected: 0 },
    inFlight: counts((slice) => (down(slice) ? 60 : 12)),
    p50Ms: levels((slice) => (down(slice) ? 40 : 12) * wave(slice, 2)),
    p95Ms: levels((slice) => (down(slice) ? 260 : 34) * wave(slice, 2)),
    p99Ms: levels((slice) => (down(slice) ? 900 : 72) * wave(slice, 2)),
    heat: heat((slice) => (down(slice) ? 40 : 12)),
  };
}

function link(from: string, to: string, share: number, messages = 0): LinkRecording {
  const sent = counts((slice) => (from === to ? 0 : 330 * share * wave(slice)));
  return {
    from,
    to,
    delayMs: from === 'users' ? 20 : 0.25,
    responseMs: from === 'users' ? 20 : 0.25,
    requests: sent,
    answers: sent,
    messages: counts((slice) => messages * wave(slice)),
  };
}

function request(index: number, broken: boolean): RequestRecording {
  const failed = broken && index % 3 === 0;
  const scale = failed ? 20 : 1 + (index % 7);
  const parts = [
    { component: 'lb', instance: 0, resource: 'network', kind: 'network', ms: 20 },
    { component: 'web', instance: index % 3, resource: 'cpu', kind: 'waiting', ms: 3 * scale },
    { component: 'web', instance: index % 3, resource: 'cpu', kind: 'service', ms: 8 },
    { component: 'db', instance: 0, resource: 'network', kind: 'network', ms: 0.5 },
    { component: 'db', instance: 0, resource: 'cpu', kind: 'waiting', ms: 5 * scale },
    { component: 'db', instance: 0, resource: 'disk', kind: 'service', ms: 4 },
    { component: '', instance: -1, resource: 'retry', kind: 'retry', ms: failed ? 500 : 0 },
  ] as const;
  let at = 0;
  const spans = parts.map(({ ms, ...rest }) => ({ ...rest, startMs: at, endMs: (at += ms) }));
  return {
    id: `r${index}`,
    population: 'users',
    operation: index % 4 === 0 ? 'post' : 'view',
    user: index * 17,
    start: index * 1.9,
    latencyMs: at,
    outcome: failed ? 'failed' : 'completed',
    attempts: failed ? 2 : 1,
    picked: failed ? 'failed' : index % 5 === 0 ? 'slowest' : 'ordinary',
    spans: spans.filter((span) => span.endMs > span.startMs),
    cut: false,
  };
}

function components(broken: boolean): ComponentRecording[] {
  const down = isDown(broken);
  const load = (base: number) => (slice: number) => Math.min(1, (broken ? base * 1.3 : base) * wave(slice, 2));
  const primary = instance('db#1', (slice) => (down(slice) || (broken && slice >= 42) ? 0 : load(0.62)(slice)), {
    states: broken
      ? [
          { fromSlice: 0, state: 'up', role: 'primary' },
          { fromSlice: 30, state: 'killed', role: '' },
        ]
      : [{ fromSlice: 0, state: 'up', role: 'primary' }],
  });
  const replica = instance('db#2', load(0.3), {
    states: broken
      ? [
          { fromSlice: 0, state: 'up', role: 'replica' },
          { fromSlice: 42, state: 'up', role: 'primary' },
        ]
      : [{ fromSlice: 0, state: 'up', role: 'replica' }],
  });
  return [
    component('lb', 'balancer', 'diamond', { instances: [instance('lb#1', load(0.12))] }),
    component('web', 'server', 'box', {
      instances: [load(0.7), load(0.66), load(0.73)].map((it, index) => instance(`web#${index + 1}`, it)),
      failed: counts((slice) => (down(slice) ? 110 : 0)),
    }),
    component('cache', 'cache', 'chip', {
      instances: [instance('cache#1', load(0.2)), instance('cache#2', load(0.22))],
      readings: [{ name: 'hitRatio', kind: 'level', values: levels((slice) => 0.82 * (1 - Math.exp(-slice / 9))) }],
    }),
    component('db', 'database', 'drum', {
      instances: [primary, replica],
      up: counts((slice) => (broken && slice >= 30 ? 1 : 2)),
      failed: counts((slice) => (down(slice) ? 115 : 0)),
      readings: [
        { name: 'replicationLagMs', kind: 'level', values: levels((slice) => (down(slice) ? 800 : 4 * wave(slice))) },
      ],
    }),
  ];
}

/** One stage; the broken one loses its primary at 20 s. */
export function stageFixture(broken: boolean, name: string): StageRecording {
  const failed = broken ? 12 * 90 : 0;
  const recorded = components(broken);
  return {
    result: {
      name,
      teaches: broken ? 'The primary dies; a replica takes over after twelve seconds.' : 'A quiet system.',
      users: broken ? 10_000 : 1000,
      simulatedSeconds: 60,
      warmupSeconds: 10,
      events: 300_000,
      requests: { offered: 19_800, completed: 19_800 - failed, failed, timedOut: 0, rejected: 0, inFlight: 8 },
      attempts: 19_800,
      offeredPerSecond: 330,
      goodputPerSecond: broken ? 312 : 330,
      demandPerSecond: 333,
      availability: broken ? 0.945 : 1,
      latencyMs: latencies(12),
      latencyAllMs: latencies(13),
      operations: {},
      components: recorded.map((it) => ({
        name: it.name,
        type: it.type,
        instances: it.instances.length,
        utilization: 0.5,
        utilizationBusiest: 0.62,
        bottleneck: 'cpu',
        resources: [{ resource: 'cpu', capacity: 8, utilization: 0.5, utilizationBusiest: 0.62 }],
        queueMean: 1.25,
        queueMax: 9,
        waitMs: 3.5,
        serviceMs: 5.5,
        sojournMs: latencies(8),
        arrivals: 19_800,
        completed: 19_800 - failed,
        errors: failed,
        costPerMonth: 280,
        extra: (it.name === 'cache' ? { hitRatio: 0.81 } : {}) as Record<string, number>,
      })),
      hotspots: [
        {
          component: 'db',
          resource: 'cpu',
          kind: 'waiting',
          utilization: 0.62,
          shareOfP99: 0.6,
          shareOfP50: 0.2,
          why: 'waiting for cpu of db, 62 % busy',
        },
        {
          component: 'web',
          resource: 'cpu',
          kind: 'service',
          utilization: 0.7,
          shareOfP99: 0.4,
          shareOfP50: 0.8,
          why: 'computing at web, 70 % busy',
        },
      ],
      failovers: broken
        ? [
            {
              fault: 'db#1 loses power',
              component: 'db',
              atSeconds: 20,
              firstFailureAfterSeconds: 0.4,
              firstGoodAfterSeconds: 12.2,
              detectedAfterSeconds: 10.1,
              decidedAfterSeconds: 11.1,
              promotedAfterSeconds: 12.1,
              hasBaseline: true,
              recoveredAfterSeconds: 13,
              rpoSeconds: 0.45,
              requestsFailed: failed,
              acknowledgedWritesLost: 75,
              staleReads: 12,
              conflicts: 0,
              duplicates: 0,
              rejoinedAfterSeconds: null,
              writesDiscarded: 0,
              failback: null,
              metastable: null,
              timeline: [{ atSeconds: 30.1, what: 'db#1 does not answer the monitor' }],
            },
          ]
        : [],
      costPerMonth: 1400,
      thresholds: [
        {
          threshold: 'latency p(99) < 250ms',
          observed: 96,
          observedText: '96 ms',
          ok: !broken,
          verdict: broken ? 'fail' : 'pass',
        },
      ],
      expected: broken ? 'break' : 'pass',
      warnings: [],
      verdict: {
        ok: true,
        hottest: { component: 'db', resource: 'cpu', utilization: 0.62 },
        broke: broken ? 'No copy of db accepts writes for 12.1 s.' : '',
        change: '',
      },
      fingerprint: '00',
      partial: false,
      intervals: {},
      minutes: [],
      journeys: [],
    },
    slices: slices(),
    components: recorded,
    populations: [population(broken, '')],
    links: [
      link('users', 'lb', 1),
      link('lb', 'web', 1),
      link('web', 'cache', 0.9),
      link('web', 'db', 0.4),
      link('db', 'db', 0, 120),
    ],
    faults: broken
      ? [{ name: 'power', what: 'db#1 loses power', component: 'db', instance: 0, start: 20, end: null }]
      : [],
    happenings: broken
      ? [
          {
            at: 30.1,
            kind: 'detected',
            component: 'db',
            instance: 0,
            what: 'db#1 does not answer the monitor',
            value: 0,
          },
          { at: 32.1, kind: 'promoted', component: 'db', instance: 1, what: 'db#2 accepts writes', value: 0 },
        ]
      : [],
    requests: Array.from({ length: 30 }, (_, index) => request(index, broken)),
    requestsEnded: 19_800,
    requestsFollowed: 400,
    dropped: [],
  };
}

/** Two stages: a quiet one and a broken one. */
export function recordingFixture(): Recording {
  return {
    version: 1,
    tenfold: '0.1.0',
    scenario: { name: 'A fixture', file: 'fixture.yaml', hash: 'abc', teaches: '' },
    seed: '1',
    replications: 1,
    ok: true,
    command: 'tenfold run fixture.yaml --seed 1',
    stages: [stageFixture(false, 'all is quiet'), stageFixture(true, 'the primary dies')],
  };
}
