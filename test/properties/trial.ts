/** What is asked of one architecture: to run, to keep the laws, and to depend on nothing that it must not depend on. */
import { dump } from 'js-yaml';
import type { RunResult, StageResult } from '../../sim/result.ts';
import type { Door } from './door.ts';
import type { Architecture } from './generator/architecture.ts';
import { Draw, type Value } from './generator/draw.ts';
import { brokenLaws } from './laws.ts';

/** More events than an architecture of this size may need: a run that passes it does not come to an end. */
const EVENT_LIMIT = 5_000_000;
/** Every so many architectures one is run a second time, and another one beside a stranger. */
const AGAIN = 5;

/** Told of every run that came to its end. */
export type Witness = (stage: StageResult) => void;

export const toFile = (scenario: Architecture): string => dump(scenario, { lineWidth: 140, noRefs: true });

const run = (door: Door, text: string): RunResult =>
  door.simulate(text, { file: 'random.yaml', eventLimit: EVENT_LIMIT });

/**
 * Everything that is wrong with this architecture; empty when nothing is. Every so many are run again in some other
 * way, those without a number in every way.
 */
export function trial(door: Door, scenario: Architecture, index: number | null, met?: Witness): string[] {
  const turn = index === null ? null : index % AGAIN;
  try {
    const result = run(door, toFile(scenario));
    met?.(result.stages[0]);
    return [
      ...brokenLaws(result),
      ...(turn === null || turn === 0 ? disordered(door, scenario, result, index ?? 1) : []),
      ...(turn === null || turn === 1 ? disturbed(door, scenario, result) : []),
      ...(turn === null || turn === 2 ? interpreted(door, scenario, result) : []),
      ...(turn === null || turn === 3 ? undisturbed(door, scenario) : []),
    ];
  } catch (error) {
    return [describe(error)];
  }
}

/** Errors that Tenfold throws on purpose say enough; of others one wants the place. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name } = error.constructor;
  const isMeant = ['InvariantError', 'LimitError', 'ScenarioError'].includes(name);
  return `${name}: ${error.message}${isMeant ? '' : `\n${error.stack ?? ''}`}`;
}

/** From a file in another order, in slices of another length: the same bytes. */
function disordered(door: Door, scenario: Architecture, once: RunResult, seed: number): string[] {
  const text = toFile(shuffled(scenario, new Draw(seed)) as Architecture);
  const { scenario: parsed } = door.parseScenario(text, 'random.yaml');
  const sliced = new door.Run(parsed!, { eventLimit: EVENT_LIMIT });
  while (sliced.advance(997));
  return difference(once, sliced.result(), 'the same scenario in another order, run in slices');
}

function shuffled(value: Value, draw: Draw): Value {
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((each) => shuffled(each, draw));
  return Object.fromEntries(draw.shuffled(Object.entries(value)).map(([name, inner]) => [name, shuffled(inner, draw)]));
}

/** By TypeScript alone, without the core: the same bytes. */
function interpreted(door: Door, scenario: Architecture, once: RunResult): string[] {
  const again = door.simulate(toFile(scenario), { file: 'random.yaml', eventLimit: EVENT_LIMIT, plain: true });
  return difference(once, again, 'TypeScript alone');
}

/** The same where nothing goes wrong, so that the core may book what is certain before it happens. */
function undisturbed(door: Door, scenario: Architecture): string[] {
  const calm = { ...scenario, faults: {} };
  return interpreted(door, calm, run(door, toFile(calm)));
}

/** Beside another system that has nothing to do with it, and comes first in every list: the same figures. */
function disturbed(door: Door, scenario: Architecture, alone: RunResult): string[] {
  const steps: Value = [{ cpu: { exponential: '1ms' } }, { parallel: [[{ sleep: '1ms' }], [{ fail: '10%' }]] }];
  const clients = {
    '0 strangers': { arrivals: { poisson: '50/s' }, does: '0 pass', keys: { uniform: 10 }, entry: '0 elsewhere' },
    ...scenario.clients,
  };
  const components = {
    '0 elsewhere': { type: 'server', instances: 2, operations: { '0 pass': steps } },
    ...scenario.components,
  };
  const beside = run(door, toFile({ ...scenario, clients, components }));
  return difference(own(alone), own(beside), 'beside another system, the scenario');
}

/** What a stage says of its own parts: what is no sum over all. */
const own = ({ stages: [{ components, operations }] }: RunResult) => ({
  components: components.filter(({ name }) => !name.startsWith('0 ')),
  operations: Object.entries(operations).filter(([name]) => !name.startsWith('0 ')),
});

function difference(expected: object, found: object, what: string): string[] {
  const [a, b] = [JSON.stringify(expected), JSON.stringify(found)];
  if (a === b) return [];
  let at = 0;
  while (a[at] === b[at]) at++;
  const near = (text: string): string => text.slice(Math.max(0, at - 100), at + 50);
  return [`${what} gives another result:\n  ${near(a)}\n  ${near(b)}`];
}
