/** Small systems around a database, written as scenarios, run to their end with every law checked. */
import { actorTypes } from '../../../../sim/actors/registry.ts';
import type { Regime } from '../../../../sim/actors/storage/database.ts';
import type { Replicated } from '../../../../sim/actors/storage/database/replicated.ts';
import { compileStage } from '../../../../sim/compile/stage.ts';
import type { Happening } from '../../../../sim/engine/history.ts';
import type { Kernel } from '../../../../sim/engine/kernel.ts';
import { checkLaws } from '../../../../sim/results/laws.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import { formatProblems } from '../../../../sim/scenario/problem.ts';
import type { OperationOutcomes } from '../../../../sim/workload/outcomes.ts';

export const S = 1_000_000_000;
export const MS = 1_000_000;

export interface Ran {
  kernel: Kernel;
  /** What the database reports. */
  figures: Record<string, number>;
  operation(name: string): OperationOutcomes;
  /** What happened of a kind: seconds since the end of the warm-up. */
  story(kind: Happening['kind']): { at: number; what: string; value: number; data: number }[];
}

export function prepared(text: string): Kernel {
  const { scenario, problems } = parseScenario(text, 'test.yaml', actorTypes, {});
  if (scenario === null) throw new Error(formatProblems(problems));
  return compileStage(scenario.stages[0], actorTypes).kernel;
}

/** The parts of the database called `db`. */
export function regimeOf(kernel: Kernel): Regime {
  const actor = kernel.world.actors.find((a) => a.name === 'db')!;
  return (actor as unknown as { regime: Regime }).regime;
}

export function replicatedOf(kernel: Kernel): Replicated {
  return regimeOf(kernel) as Replicated;
}

export function run(text: string): Ran {
  const kernel = prepared(text);
  while (kernel.advance(1 << 16));
  checkLaws(kernel);
  const { world, outcomes } = kernel;
  return {
    kernel,
    figures: world.actors.find((a) => a.name === 'db')!.figures(),
    operation: (name) => outcomes.operations.find((o) => o.name === name)!,
    story: (kind) =>
      world.history.list
        .filter((h) => h.kind === kind)
        .map((h) => ({ at: (h.atNs - world.windowStartNs) / S, what: h.what, value: h.value, data: h.data ?? 0 })),
  };
}

export interface SystemText {
  /** Settings of the database, as YAML in one line. */
  db: string;
  rate?: string;
  /** Empty: every request has a key of its own. */
  keys?: string;
  does?: string;
  /** Steps of operations w and r. */
  w?: string;
  r?: string;
  duration?: string;
  warmup?: string;
  delay?: string;
  links?: string;
  faults?: string;
  seed?: number;
  /** `poisson` or `constant`. */
  arrivals?: string;
}

/** Open arrivals → app → db, with operations `w` and `r`. */
export function system(t: SystemText): string {
  return `
name: test
run: { duration: ${t.duration ?? '60s'}, warmup: ${t.warmup ?? '5s'}, seed: ${t.seed ?? 1} }
network: { delay: ${t.delay ?? '1ms'} }
links: { ${t.links ?? ''} }
clients:
  c:
    arrivals: { ${t.arrivals ?? 'poisson'}: ${t.rate ?? '100/s'} }
    ${t.keys === '' ? '' : `keys: ${t.keys ?? '{ uniform: 1k }'}`}
    does: ${t.does ?? '{ w: 50%, r: 50% }'}
    entry: app
components:
  app:
    type: server
    runtime: { threads: 10000 }
    operations:
      w: ${t.w ?? '[ { write: db } ]'}
      r: ${t.r ?? '[ { read: db } ]'}
  db: { type: database, ${t.db} }
faults: { ${t.faults ?? ''} }
`;
}
