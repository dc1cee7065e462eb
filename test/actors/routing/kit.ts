/** Small systems behind a balancer, written as scenarios, and what came out of them. */
import { actorTypes } from '../../../sim/actors/registry.ts';
import { compileStage } from '../../../sim/compile/stage.ts';
import type { Kernel } from '../../../sim/engine/kernel.ts';
import { checkLaws } from '../../../sim/results/laws.ts';
import { parseScenario } from '../../../sim/scenario/parse.ts';
import { formatProblems } from '../../../sim/scenario/problem.ts';
import { Standing, Targets } from '../../../sim/actors/routing/targets.ts';
import { Outcome } from '../../../sim/workload/outcomes.ts';

export const S = 1_000_000_000;

export interface Ran {
  kernel: Kernel;
  /** Requests of all operations since the end of the warm-up. */
  completed: number;
  failed: number;
  meanMs: number;
  arrivals(component: string): number;
  figures(component: string): Record<string, number>;
  /** What happened: seconds since the end of the warm-up, and the words. */
  story(kind: string): { at: number; what: string }[];
}

/** Runs the only stage of a scenario to its end, and checks every law. `prepare` may arrange for more to happen. */
export function run(text: string, prepare: (kernel: Kernel) => void = () => {}): Ran {
  const { scenario, problems } = parseScenario(text, 'test.yaml', actorTypes, {});
  if (scenario === null) throw new Error(formatProblems(problems));
  const { kernel } = compileStage(scenario.stages[0], actorTypes);
  prepare(kernel);
  while (kernel.advance(1 << 16));
  checkLaws(kernel);
  const { world, outcomes } = kernel;
  const id = (name: string): number => world.components.name.indexOf(name);
  const { operations } = outcomes;
  return {
    kernel,
    completed: operations.reduce((sum, o) => sum + o.ended[Outcome.Completed], 0),
    failed: operations.reduce((sum, o) => sum + o.offered - o.inFlight - o.ended[Outcome.Completed], 0),
    meanMs: operations[0].latency.mean / 1e6,
    arrivals: (name) => world.ledger.arrivals(id(name)),
    figures: (name) => world.components.actor[id(name)]!.figures(),
    story: (kind) =>
      world.history.list
        .filter((h) => h.kind === kind)
        .map(({ atNs, what }) => ({ at: (atNs - world.windowStartNs) / S, what })),
  };
}

/** Targets that are all registered, with a clock to turn. */
export function targetsOf(weights: readonly number[], slowStartNs = 0): { targets: Targets; clock: Float64Array } {
  const clock = new Float64Array(1);
  const targets = new Targets(
    Int32Array.from(weights, (_, i) => i),
    Float64Array.from(weights),
    slowStartNs,
    clock,
  );
  for (let slot = 0; slot < weights.length; slot++) targets.set(slot, Standing.Member, true);
  targets.refresh();
  return { targets, clock };
}

export const even = (count: number): number[] => Array.from({ length: count }, () => 1);

export const namesOf = (count: number): string[] => even(count).map((_, i) => `app#${i + 1}`);

/** A server with one operation. */
export function server(options: { instances?: number; cpu?: string; threads?: number; more?: string } = {}): string {
  const { instances = 1, cpu = '1ms', threads = 100, more = '' } = options;
  return `{ type: server, instances: ${instances}, runtime: { threads: ${threads} }, operations: { ask: [ { cpu: ${cpu} } ] } ${more} }`;
}
