/** Runs random architectures one after another, and tells of those that break a law: smaller, and how to replay them. */
import { Coverage } from './coverage.ts';
import type { Door } from './door.ts';
import { type Architecture, architecture } from './generator/architecture.ts';
import type { Value } from './generator/draw.ts';
import { shrink } from './shrink.ts';
import { toFile, trial } from './trial.ts';

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

export function campaign(door: Door, options: Campaign): { coverage: Coverage; failures: Failure[] } {
  const { seed, first, count, failures: most = 1, onProgress } = options;
  const coverage = new Coverage();
  const failures: Failure[] = [];
  for (let index = first; index < first + count && failures.length < most; index++) {
    const scenario = architecture(seed, index);
    const broken = trial(door, scenario, index, (stage) => coverage.add(scenario, stage));
    if (broken.length > 0) failures.push(explain(door, scenario, seed, index, broken));
    onProgress?.(index - first + 1);
  }
  return { coverage, failures };
}

/** A violation is the same when it says the same but for its numbers. */
const kindOf = (broken: readonly string[]): string =>
  (broken[0] ?? '').split('\n')[0].replace(/[0-9.]+(e[+-]?[0-9]+)?/g, '#');

function explain(door: Door, scenario: Architecture, seed: number, index: number, broken: string[]): Failure {
  const kind = kindOf(broken);
  const stillBreaks = (candidate: Architecture): boolean => kindOf(trial(door, candidate, index)) === kind;
  const least = shrink(scenario as Architecture & Value, stillBreaks, ['name', 'run']);
  return { seed, index, broken: trial(door, least, index), file: toFile(least) };
}

/** What a person needs to go on: what is broken, the file, and the commands. */
export function story({ seed, index, broken, file }: Failure): string {
  const again = `npm run fuzz -- --seed ${seed} --only ${index}`;
  return [
    `architecture ${index} of seed ${seed} breaks a law:`,
    ...broken.map((line) => `  ${line}`),
    'the least scenario that shows it:',
    '',
    file.replace(/^/gm, '    '),
    `again:               ${again}`,
    `the least one alone: ${again} --write least.yaml && node dist/cli.js run least.yaml`,
    '',
  ].join('\n');
}
