/**
 * What a scenario may say about a `server`: a process with threads or event loops that runs operations made of steps.
 */
import * as z from 'zod';
import {
  anyRatio,
  callingSteps,
  complain,
  count,
  countOrNone,
  distribution,
  duration,
  number,
  positiveDuration,
  queue,
  ratio,
  reference,
  size,
  sortedEntries,
  steps,
  word,
} from '../../scenario/fields.ts';
import type { ComponentSettings, OwnFinding, StageSettings } from '../../scenario/settings.ts';
import { nobodyReturns } from '../../scenario/users.ts';

/** Threads of a server that does not say: the default of Apache Tomcat (`maxThreads`). */
const DEFAULT_THREADS = 200;

const runtime = z
  .strictObject({
    threads: count('A thread is held from start to answer, calls included.').optional(),
    'event-loop': count('Event loops (processes) with a queue each; one is held only while it computes.').optional(),
    workers: count(
      'Workers on one shared queue, held only while they compute (goroutines, async tasks, virtual threads).',
    ).optional(),
  })
  .meta({ minProperties: 1, maxProperties: 1 })
  .prefault({ threads: DEFAULT_THREADS })
  .transform((r, ctx): { kind: 'threads' | 'event-loop' | 'workers'; count: number } => {
    const kinds = (['threads', 'event-loop', 'workers'] as const).filter((kind) => r[kind] !== undefined);
    if (kinds.length === 1) return { kind: kinds[0], count: r[kinds[0]] as number };
    complain(
      ctx,
      'a runtime is one of threads, event-loop and workers',
      'write { threads: 200 }, { event-loop: 8 } or { workers: 8 }',
    );
    return z.NEVER;
  });

const memory = z
  .strictObject({
    base: size('Memory of an idle instance.').prefault('0B'),
    'per-connection': size('Memory of each open connection.').prefault('0B'),
    'per-request': size('Memory of each request being served or waiting.').prefault('0B'),
  })
  .transform((m) => ({
    baseBytes: m.base,
    perConnectionBytes: m['per-connection'],
    perRequestBytes: m['per-request'],
  }));

const sessions = z
  .strictObject({
    store: reference('`memory` of the instance, or the name of a cache.'),
    size: size('Size of one session.').prefault('0B'),
    login: z.strictObject({ cpu: distribution('Core time to rebuild a session that was not found.') }).optional(),
  })
  .transform((s) => ({
    /** null: in the memory of the instance. */
    cache: s.store === 'memory' ? null : s.store,
    sizeBytes: s.size,
    loginCpu: s.login?.cpu ?? null,
  }));

const pool = z.strictObject({
  size: count('Connections of each instance towards the target.'),
  queue: countOrNone('Most requests waiting for a connection. `none`: unbounded.', 0).prefault(1000),
});

const scaling = (description: string, fallback: { pods?: number; percent?: string }) =>
  z
    .strictObject({
      pods: count('At most this many instances per period.').optional(),
      percent: anyRatio('At most this share of the present instances per period.').optional(),
      period: positiveDuration('The period.').prefault('15s'),
    })
    .prefault(fallback)
    .transform((s) => ({ pods: s.pods ?? null, percent: s.percent ?? null, periodNs: s.period }))
    .meta({ description });

/** Defaults are those of the Kubernetes HorizontalPodAutoscaler (autoscaling/v2). */
const autoscale = z
  .strictObject({
    min: count('Fewest instances.'),
    max: count('Most instances.'),
    cpu: ratio('Target utilisation of the cores.').optional(),
    connections: number('Target of open connections per instance.', { above: 0 }).optional(),
    queue: number('Target of waiting requests per instance.', { above: 0 }).optional(),
    every: positiveDuration('How often it decides.').prefault('15s'),
    'metric-delay': duration('Age of the metrics it decides on.').prefault('15s'),
    boot: duration('From the decision until a new instance serves.').prefault('30s'),
    tolerance: ratio('Deviation from the target that is ignored.').prefault('10%'),
    stabilization: duration('Scales down only to the highest wish of this long.').prefault('5m'),
    cooldown: duration('Least time between two changes.').prefault('0s'),
    drain: duration('How long an instance that goes may finish its requests.').prefault('30s'),
    'scale-up': scaling('Limits on growing; the larger one counts.', { pods: 4, percent: '100%' }),
    'scale-down': scaling('Limits on shrinking; the larger one counts.', { percent: '100%' }),
    rule: word(['hpa'], 'hpa: wished = ceil(present × metric ÷ target).').prefault('hpa'),
  })
  .transform((a, ctx) => {
    if (a.min > a.max) complain(ctx, `min ${a.min} is above max ${a.max}`, '', ['min']);
    const metrics = (['cpu', 'connections', 'queue'] as const).filter((name) => a[name] !== undefined);
    if (metrics.length !== 1)
      complain(ctx, 'autoscale needs exactly one of cpu, connections and queue', 'for example cpu: 60%');
    const kind = metrics[0] ?? 'cpu';
    return {
      min: a.min,
      max: a.max,
      metric: { kind, target: a[kind] ?? 1 },
      everyNs: a.every,
      metricDelayNs: a['metric-delay'],
      bootNs: a.boot,
      tolerance: a.tolerance,
      stabilizationNs: a.stabilization,
      cooldownNs: a.cooldown,
      drainNs: a.drain,
      scaleUp: a['scale-up'],
      scaleDown: a['scale-down'],
      rule: a.rule,
    };
  });

/** Keys of a server, and of every kind of component that is one. */
export const serverFields = {
  runtime: runtime.meta({ description: 'What requests are served by.' }),
  queue: queue('Where requests wait for a thread or an event loop.'),
  memory: memory.optional().meta({ description: "Memory used; beyond the machine's the process is killed." }),
  restart: positiveDuration('A supervisor restarts a dead process after this long.').optional(),
  sessions: sessions.optional().meta({ description: 'Where the sessions of users live.' }),
  pools: z.record(z.string(), pool).prefault({}).meta({ description: 'Connection pool of each instance, by target.' }),
  operations: z
    .record(z.string(), steps('Steps of the operation.'))
    .refine((map) => Object.keys(map).length > 0, { error: 'a server needs at least one operation' })
    .meta({ description: 'What the server can be asked to do.' }),
  priorities: z
    .record(z.string(), count('Lower is served first.', 0, 1000))
    .prefault({})
    .meta({ description: "Priority of each operation; overrides the client's." }),
  autoscale: autoscale.optional().meta({ description: 'Adds and removes instances by what it measures.' }),
};

const checked = z.strictObject(serverFields);

/** The checked keys, as compilers read them. */
export const resolveServer = (s: z.output<typeof checked>) => ({
  runtime: s.runtime,
  queue: s.queue,
  memory: s.memory ?? null,
  restartNs: s.restart ?? null,
  sessions: s.sessions ?? null,
  /** Sorted by target; `queue` null: unbounded. */
  pools: sortedEntries(s.pools).map(([target, p]) => ({ target, size: p.size, queue: p.queue })),
  /** Sorted by name. */
  operations: sortedEntries(s.operations).map(([name, list]) => ({ name, steps: list })),
  priorities: sortedEntries(s.priorities).map(([operation, priority]) => ({ operation, priority })),
  autoscale: s.autoscale ?? null,
});

export const settings = checked.transform(resolveServer);

export type ServerSettings = z.output<typeof settings>;

/** Other components that these settings name: targets of steps and pools, and the cache that holds the sessions. */
export function references(own: ServerSettings): { name: string; path: (string | number)[] }[] {
  const steps = own.operations.flatMap(({ name, steps: list }) => callingSteps(list, ['operations', name]));
  const store = own.sessions?.cache ?? null;
  return [
    ...steps.map(({ step, path }) => ({ name: step.target, path })),
    ...own.pools.map(({ target }) => ({ name: target, path: ['pools', target] })),
    ...(store === null ? [] : [{ name: store, path: ['sessions', 'store'] }]),
  ];
}

/** Settings that would have no effect: a pool towards nobody, the priority of an operation that is not there, sessions of nobody. */
export function check({ own, instances }: ComponentSettings<ServerSettings>, stage: StageSettings): OwnFinding[] {
  const called = new Set(references({ ...own, pools: [] }).map(({ name }) => name));
  const names = own.operations.map(({ name }) => name);
  const findings: OwnFinding[] = [];
  for (const { target } of own.pools) {
    if (!called.has(target))
      findings.push({ path: ['pools', target], message: `no step uses the pool towards \`${target}\`` });
  }
  for (const { operation } of own.priorities) {
    if (names.includes(operation)) continue;
    findings.push({
      path: ['priorities', operation],
      message: `no operation \`${operation}\``,
      hint: `operations: ${names.join(', ')}`,
    });
  }
  if (own.autoscale !== null && instances > own.autoscale.max) {
    findings.push({
      path: ['autoscale', 'max'],
      message: `instances ${instances} is above autoscale max ${own.autoscale.max}`,
    });
  }
  if (own.sessions !== null && nobodyReturns(stage)) {
    const message = '`sessions` are never found: each arrival is a new user, so every request logs in';
    findings.push({ path: ['sessions'], message, hint: 'only `users` come back', severity: 'warning' });
  }
  return findings;
}
