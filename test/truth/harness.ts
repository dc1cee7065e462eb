/**
 * Runs scenario files through the public door against known results: seeds 1 to 10, never chosen, with three
 * replications each (what `--seed 1 --replications 3` runs). The estimate is the mean of the thirty, its standard error
 * comes from their spread.
 *
 * A figure holds when the estimate lies within the case's tolerance and within four standard errors of the known
 * value. What was found is written to .cache/truth, where the accuracy page is made from.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type * as Tenfold from '../../sim/index.ts';
import type { StageResult } from '../../sim/result.ts';
import { type KnownCase, expectedAt, referenceOf, toleranceOf } from './known.ts';

const SEEDS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'];
const REPLICATIONS = 3;
const STANDARD_ERRORS = 4;
const Z95 = 1.96;
/** A percentile is the middle of a bucket that is at most 1/128 wide: its error is uniform, this its deviation. */
const RESOLUTION = 1 / 128 / Math.sqrt(12);

/** One number of a result that is known. */
export interface Figure {
  /** Its path in the case's `expected`, or from the root of the case: `n10.p50`, `crosscheck_independent_sim.p99`. */
  known: string;
  /** Reads it from a finished stage, in the case's unit; a list where a run holds several trials. */
  read: (stage: StageResult) => number | null | (number | null)[];
  /** Stage of the scenario; default: the one named like the case. */
  stage?: string;
  /** Which of the case's tolerances applies, where it has several. */
  tolerance?: string;
  /** Where the known value was simulated too: path of the half width of its 95 % interval. */
  referenceError?: string;
  /**
   * Four standard errors are not asked for: the scenario has no chance in it, or what it is compared with is itself
   * no better known than the tolerance.
   */
  toleranceOnly?: boolean;
  /** How the values of the runs are pooled; default the mean. */
  middle?: 'mean' | 'median';
}

/** A case, the scenario that stands for it, and what is read from it. */
export interface Held {
  id: string;
  scenario: string;
  figures: Figure[];
  /** Runs with each seed; fewer and longer ones where a percentile needs them. */
  replications?: number;
  /** How the scenario says what the case says, where that is not obvious. For the page. */
  note?: string;
}

/** One line of the accuracy page. */
export interface Found {
  figure: string;
  expected: number;
  /** 'exact', or where the known value comes from if it was simulated. */
  reference: string;
  estimate: number;
  standardError: number;
  tolerance: number;
  holds: boolean;
}

export interface FoundCase {
  id: string;
  description: string;
  source: string;
  scenario: string;
  note: string;
  figures: Found[];
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** The bundle, not the sources: it is what people run, and several times faster than what a test runner makes of them. */
const { parseScenario, Run, ScenarioError } = (await import(
  /* @vite-ignore */ path('../../dist/index.js')
)) as typeof Tenfold;

/** The seeds of all replications, as the simulator itself names them. */
const seedsOf = ({ replications = REPLICATIONS }: Held): string[] =>
  SEEDS.flatMap((seed) => Array.from({ length: replications }, (_, i) => (i === 0 ? seed : `${seed}/${i + 1}`)));

/** Runs one stage with each seed. The file is read once: what a seed changes is one field of the parsed scenario. */
function runAll(file: string, name: string, seeds: string[]): StageResult[] {
  const { scenario, problems } = parseScenario(readFileSync(path(`./scenarios/${file}`), 'utf8'), file);
  if (scenario === null) throw new ScenarioError(problems);
  const stage = scenario.stages.find((each) => each.name === name);
  if (stage === undefined) throw new Error(`${file} has no stage ${name}`);
  return seeds.map((seed) => {
    const run = new Run({ ...scenario, stages: [{ ...stage, run: { ...stage.run, seed } }] });
    while (run.advance(1_000_000));
    return run.result().stages[0];
  });
}

/** The figures of one case, each from ten runs. */
export function measure(held: Held, known: KnownCase): Found[] {
  const byStage = new Map<string, StageResult[]>();
  const runs = (stage: string): StageResult[] => {
    let list = byStage.get(stage);
    if (list === undefined) byStage.set(stage, (list = runAll(held.scenario, stage, seedsOf(held))));
    return list;
  };
  return held.figures.map((figure) => judge(figure, known, runs(figure.stage ?? held.id).flatMap(figure.read)));
}

function judge(figure: Figure, known: KnownCase, values: (number | null)[]): Found {
  const expected = expectedAt(known, figure.known);
  const { estimate, standardError: own } = pool(values, figure.middle ?? 'mean');
  const theirs = figure.referenceError === undefined ? 0 : expectedAt(known, figure.referenceError) / Z95;
  const resolution = isPercentile(figure.known) ? RESOLUTION * estimate : 0;
  const standardError = Math.sqrt(own * own + theirs * theirs + resolution * resolution);
  const tolerance = toleranceOf(known, expected, figure.tolerance);
  const off = Math.abs(estimate - expected);
  const likely = figure.toleranceOnly === true || off <= STANDARD_ERRORS * standardError;
  return {
    figure: figure.known,
    expected,
    reference: referenceOf(figure.known),
    estimate,
    standardError,
    tolerance,
    holds: off <= tolerance && likely,
  };
}

const isPercentile = (known: string): boolean => /(^|[._])p\d+$/.test(known);

/** Mean (or median) of the values and its standard error; NaN when one of them is missing. */
function pool(values: (number | null)[], middle: 'mean' | 'median'): { estimate: number; standardError: number } {
  const n = values.length;
  const numbers = values.map((value) => value ?? Number.NaN);
  if (middle === 'median') return median(numbers.sort((a, b) => a - b));
  const estimate = numbers.reduce((sum, value) => sum + value, 0) / n;
  const squares = numbers.reduce((sum, value) => sum + (value - estimate) ** 2, 0);
  return { estimate, standardError: Math.sqrt(squares / (n - 1) / n) };
}

/** The number of values below the median is binomial: its deviation, in ranks, gives that of the median. */
function median(ascending: number[]): { estimate: number; standardError: number } {
  const n = ascending.length;
  const ranks = Math.ceil(Math.sqrt(n) / 2);
  const at = (rank: number): number => ascending[Math.min(n - 1, Math.max(0, rank))];
  const centre = n >> 1;
  return { estimate: at(centre), standardError: (at(centre + ranks) - at(centre - ranks)) / 2 };
}

/** Makes a test of every case and keeps what was found for the accuracy page. */
export function hold(family: string, cases: Map<string, KnownCase>, list: Held[]): void {
  const found: FoundCase[] = [];
  describe(family, () => {
    test.each(list.map((held) => [held.id, held] as const))('%s', (id, held) => {
      const known = cases.get(id);
      if (known === undefined) throw new Error(`no case ${id} in test/truth/cases`);
      const figures = measure(held, known);
      const { description, source } = known;
      const note = held.note ?? '';
      found.push({ id, description, source, scenario: held.scenario, note, figures });
      expect(figures.filter((figure) => !figure.holds)).toEqual([]);
    });
  });
  afterAll(() => {
    mkdirSync(path('../../.cache/truth'), { recursive: true });
    writeFileSync(path(`../../.cache/truth/${family}.json`), `${JSON.stringify(found, null, 1)}\n`);
  });
}
