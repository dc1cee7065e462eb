/** Runs random architectures one after another, and tells of the first that breaks a law: smaller, and how to replay it. */
import { dump } from 'js-yaml';
import { Coverage } from './coverage.ts';
import type { Door } from './door.ts';
import { type Architecture, architecture } from './generator/architecture.ts';
import { Draw, type Value } from './generator/draw.ts';
import { brokenLaws } from './laws.ts';
import { shrink } from './shrink.ts';

/** More events than an architecture of this size may need: a run that passes it does not come to an end. */
const EVENT_LIMIT = 5_000_000;
/** Every so many architectures one is run again, its file written in another order and its run cut into slices. */
const AGAIN = 8;

export interface Failure {
  seed: number;
  index: number;
  /** What is broken, one line each. */
  broken: string[];
  /** The file that shows it, as small as it was made. */
  file: string;
}

export interface Campaign {
  seed: number;
  /** Numbers of the architectures: from `first`, `count` of them. */
  first: number;
  count: number;
  /** Goes on after a failure, up to this many; default 1. */
  failures?: number;
  onProgress?: (done: number) => void;
}

export const toFile = (scenario: Architecture): string => dump(scenario, { lineWidth: 140, noRefs: true });

/** What is wrong with running this file; empty when nothing is. */
export function problemsOf(door: Door, text: string, met?: (stage: ReturnType<Door['simulate']>['stages'][0]) => void): string[] {
  try {
    const result = door.simulate(text, { file: 'random.yaml', eventLimit: EVENT_LIMIT });
    met?.(result.stages[0]);
    return brokenLaws(result);
  } catch (error) {
    return [describe(error)];
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const where = error.constructor.name === 'ScenarioError' || /^(Invariant|Limit)Error$/.test(error.constructor.name) ? '' : `\n${error.stack ?? ''}`;
  return `${error.constructor.name}: ${error.message}${where}`;
}

/** Runs it in slices from a file in another order: "order and layout of the file mean nothing". */
export function differences(door: Door, scenario: Architecture, seed: number): string[] {
  const once = JSON.stringify(door.simulate(toFile(scenario), { file: 'random.yaml', eventLimit: EVENT_LIMIT }));
  const { scenario: parsed } = door.parseScenario(toFile(disordered(scenario, new Draw(seed)) as Architecture), 'random.yaml');
  const run = new door.Run(parsed!, { eventLimit: EVENT_LIMIT });
  while (run.advance(997));
  const again = JSON.stringify(run.result());
  if (once === again) return [];
  let from = 0;
  while (once[from] === again[from]) from++;
  const near = (text: string): string => text.slice(Math.max(0, from - 80), from + 40);
  return [`the same scenario in another order, run in slices, gives another result:\n  ${near(once)}\n  ${near(again)}`];
}

function disordered(value: Value, draw: Draw): Value {
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((each) => disordered(each, draw));
  return Object.fromEntries(draw.shuffled(Object.entries(value)).map(([name, inner]) => [name, disordered(inner, draw)]));
}

/** Everything that is asked of one architecture. */
function trial(door: Door, scenario: Architecture, seed: number, index: number, met?: Parameters<typeof problemsOf>[2]): string[] {
  const broken = problemsOf(door, toFile(scenario), met);
  return broken.length === 0 && index % AGAIN === 0 ? differences(door, scenario, seed + index) : broken;
}

/** A violation is the same when it says the same but for its numbers. */
const kindOf = (broken: string[]): string => (broken[0] ?? '').split('\n')[0].replace(/[0-9.]+(e[+-]?[0-9]+)?/g, '#');

export function campaign(door: Door, { seed, first, count, failures: most = 1, onProgress }: Campaign): { coverage: Coverage; failures: Failure[] } {
  const coverage = new Coverage();
  const failures: Failure[] = [];
  for (let index = first; index < first + count && failures.length < most; index++) {
    const scenario = architecture(seed, index);
    const broken = trial(door, scenario, seed, index, (stage) => coverage.add(scenario, stage));
    if (broken.length > 0) failures.push(explain(door, scenario, seed, index, broken));
    onProgress?.(index - first + 1);
  }
  return { coverage, failures };
}

function explain(door: Door, scenario: Architecture, seed: number, index: number, broken: string[]): Failure {
  const kind = kindOf(broken);
  const stillBreaks = (candidate: Architecture): boolean => {
    try {
      return kindOf(trial(door, candidate, seed, index)) === kind;
    } catch {
      return false;
    }
  };
  const least = shrink(scenario as Architecture & Value, stillBreaks, ['name', 'run']);
  return { seed, index, broken: trial(door, least, seed, index), file: toFile(least) };
}

/** What a person needs to go on: what is broken, the file, and the commands. */
export function story({ seed, index, broken, file }: Failure): string {
  return [
    `architecture ${index} of seed ${seed} breaks a law:`,
    ...broken.map((line) => `  ${line}`),
    'the least scenario that shows it:',
    '',
    file.replace(/^/gm, '    '),
    'again, whole:   npm run fuzz -- --seed ' + `${seed} --only ${index}`,
    `the least file: npm run fuzz -- --seed ${seed} --only ${index} --write least.yaml && node dist/cli.js run least.yaml`,
  ].join('\n');
}
