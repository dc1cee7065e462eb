/** Small systems built by hand: open arrivals → app, or → app → db, or → lb → app; and what every run of them must keep. */
import { actorTypes } from '../../sim/actors/registry.ts';
import { compileStage, type Compiled } from '../../sim/compile/stage.ts';
import type { Distribution } from '../../sim/random/distribution.ts';
import { checkLaws } from '../../sim/results/laws.ts';
import type {
  ComponentSettings,
  FaultSettings,
  RetrySettings,
  StageSettings,
  Step,
} from '../../sim/scenario/settings.ts';

export const MS = 1_000_000;
export const S = 1_000_000_000;

export const constant = (value: number): Distribution => ({ kind: 'constant', value });
export const exponential = (mean: number): Distribution => ({ kind: 'exponential', mean });

export const ONCE: RetrySettings = {
  attempts: 1,
  backoff: { baseNs: 0, capNs: 0, factor: 2, jitter: 'none' },
  budget: null,
};

export const timed = (atNs: number, forNs: number | null) => ({ atNs, forNs, every: null, repair: null });

export function callOf(target: string, timeoutNs: number | null = null): Step {
  return {
    verb: 'call',
    target,
    op: null,
    to: 'one',
    first: null,
    timeoutNs,
    retry: ONCE,
    onError: 'fail',
    otherwise: null,
  };
}

/** A server with one operation `op`. */
export function serverOf(
  name: string,
  steps: Step[],
  more: Partial<ComponentSettings> & { threads?: number; own?: object } = {},
): ComponentSettings {
  const { threads = 1, own, ...common } = more;
  return {
    name,
    type: 'server',
    instances: 1,
    on: null,
    machine: { cores: 1, memoryBytes: Infinity, connections: null, pricePerMonth: 0, speed: 1 },
    own: {
      runtime: { kind: 'threads', count: threads },
      queue: { limit: null, discipline: 'fifo', patience: null },
      memory: null,
      restartNs: null,
      sessions: null,
      pools: [],
      operations: [{ name: 'op', steps }],
      priorities: [],
      autoscale: null,
      ...own,
    },
    ...common,
  };
}

export interface Load {
  /** Gap between arrivals. */
  gap: Distribution;
  timeoutNs?: number | null;
  retry?: RetrySettings;
  spikes?: { name: string; atNs: number; forNs: number; times: number }[];
}

export interface Plan {
  seconds: number;
  warmupSeconds?: number;
  load: Load;
  entry?: string;
  delay?: number;
  components: ComponentSettings[];
  faults?: FaultSettings[];
  seed?: string;
}

export function stageOf(plan: Plan): StageSettings {
  const { gap, timeoutNs = null, retry = ONCE, spikes = [] } = plan.load;
  return {
    name: 'test',
    teaches: '',
    changes: [],
    run: { durationNs: plan.seconds * S, warmupNs: (plan.warmupSeconds ?? 0) * S, seed: plan.seed ?? '1' },
    networkDelay: constant(plan.delay ?? 0),
    links: [],
    clients: [
      {
        name: 'users',
        users: null,
        think: null,
        arrivals: { process: { kind: 'interarrival', gap }, batch: 1, curve: [], spikes },
        does: [{ operation: 'op', weight: 1 }],
        keys: null,
        timeoutNs,
        retry,
        priority: 0,
        cancel: false,
        entry: plan.entry ?? 'app',
      },
    ],
    components: plan.components,
    faults: plan.faults ?? [],
    thresholds: [],
    expect: 'pass',
  };
}

export function compile(plan: Plan): Compiled {
  return compileStage(stageOf(plan), actorTypes);
}

/** Runs to the end; the laws of every run (conservation, Little exactly) hold or this throws. */
export function run(plan: Plan): Compiled {
  const compiled = compile(plan);
  while (compiled.kernel.advance(65_536));
  checkLaws(compiled.kernel);
  return compiled;
}

/** What a run did at one component, and to its clients. */
export function figures({ kernel, builder }: Compiled, component: string) {
  const { ledger } = kernel.world;
  const c = builder.component(component).id;
  const o = kernel.outcomes.operations[0];
  return {
    arrivals: ledger.arrivals(c),
    completed: ledger.completed(c),
    errors: ledger.errors(c),
    killed: ledger.killed[c],
    insideBefore: ledger.insideAtStart[c],
    inside: ledger.inside(c),
    offered: o.offered,
    succeeded: o.ended[0],
    failed: o.ended[1],
    timedOut: o.ended[2],
    rejected: o.ended[3],
    inFlight: o.inFlight,
    maxMs: Math.max(...[o.latency, o.latencyFailed].filter((h) => h.count > 0).map((h) => h.max)) / MS,
    meanMs: o.latency.mean / MS,
  };
}

/** How long a node (`app#2`) served in the window, ns. */
export function served({ kernel }: Compiled, name: string): number {
  const { nodes } = kernel.world;
  for (let node = 0; node < nodes.count; node++) if (nodes.nameOf(node) === name) return nodes.servedNs(node);
  throw new Error(`no node ${name}`);
}

/** The history as `seconds kind: text`. */
export function story({ kernel }: Compiled): string[] {
  return kernel.world.history.list.map((h) => `${h.atNs / S} ${h.kind}: ${h.what}`);
}
