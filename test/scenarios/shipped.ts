/**
 * The shipped scenarios and those of the benchmark, and how a test runs one stage of them: with its own settings, or a
 * shorter window where those would take seconds. The settings are options of the command line, so a person can repeat
 * the run.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type * as Simulator from '../../sim/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Shipped {
  /** `cache`, `w1`. */
  name: string;
  /** From the root of the repository. */
  path: string;
  text: string;
}

const inFolder = (folder: string): Shipped[] =>
  readdirSync(root + folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => {
      const path = `${folder}/${file}`;
      return { name: file.slice(0, -'.yaml'.length), path, text: readFileSync(root + path, 'utf8') };
    });

export const shipped: readonly Shipped[] = [...inFolder('scenarios'), ...inFolder('bench')];

/** Changes to the settings of a stage. Empty: its own. */
export interface Changes {
  duration?: string;
  set?: string[];
}

/** Events after which a stage is cut short. */
export interface Most {
  events: number;
  /** The same for a stage with faults at a time, so that they come and what follows them is seen. */
  withFaults: number;
}

const AFTER_FAULTS_MS = 5_000;

export function parse(simulator: typeof Simulator, { text, path }: Shipped, changes: Changes = {}): Simulator.Scenario {
  const { scenario, problems } = simulator.parseScenario(text, path, changes);
  if (scenario === null) throw new simulator.ScenarioError(problems);
  return scenario;
}

/** Runs one stage to its end, in slices of so many events. */
export function runStage(
  simulator: typeof Simulator,
  scenario: Simulator.Scenario,
  stage: string,
  slice = 100_000,
  plain = false,
): Simulator.RunResult {
  const run = new simulator.Run(scenario, { stages: [stage], plain });
  while (run.advance(slice));
  return run.result();
}

/** The command that repeats a run. */
export function commandOf({ path }: Shipped, stage: string, { duration, set = [] }: Changes): string {
  const options = [
    ...(duration === undefined ? [] : ['--duration', duration]),
    ...set.flatMap((each) => ['--set', each]),
  ];
  return `npm start -- run ${path} --stage ${quote(stage)} ${options.map(quote).join(' ')} --reporter json`.replace(
    /  +/g,
    ' ',
  );
}

const quote = (word: string): string => (/^[\w.=/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** Finds a window that is short enough: the time that the stage reaches with the events it may take. */
export function shorten(simulator: typeof Simulator, scenario: Simulator.Scenario, name: string, most: Most): Changes {
  const stage = scenario.stages.find((each) => each.name === name)!;
  const [ownWarmup, ownDuration] = [stage.run.warmupNs / 1e6, stage.run.durationNs / 1e6];
  const ends = stage.faults.flatMap(({ atNs, forNs }) => (atNs === null ? [] : [(atNs + (forNs ?? 0)) / 1e6]));
  // A window must be longer than its warm-up.
  const wanted =
    ends.length === 0 ? 0 : ownWarmup + Math.max(...ends.map((end) => end + AFTER_FAULTS_MS), 1.2 * ownWarmup);
  const run = new simulator.Run(scenario, { stages: [name] });
  const reached = (): number => run.progress.simulatedSeconds * 1000;
  if (!run.advance(most.events)) return {};
  while (reached() < wanted && run.progress.events < most.withFaults) if (!run.advance(50_000)) return {};
  // Not worth a difference to what people run.
  if (reached() > 0.75 * (ownWarmup + ownDuration)) return {};
  const isEnough = wanted > 0 && reached() >= wanted;
  const warmup = isEnough ? ownWarmup : twoDigits(Math.min(ownWarmup, reached() / 4));
  const duration = twoDigits(Math.min(ownDuration, reached() - warmup));
  // Options hold in all stages, and a fault after the end of a run is refused.
  const faults = scenario.stages.flatMap((each) => each.faults);
  const late = new Set(faults.flatMap((fault) => ((fault.atNs ?? 0) / 1e6 >= duration ? [fault.name] : [])));
  const without = [...late].sort().map((fault) => `faults."${fault}"=null`);
  if (late.size > 0) without.push('thresholds=null');
  return { duration: `${duration}ms`, set: [`run.warmup=${warmup}ms`, ...without] };
}

/** Whole milliseconds with two digits that count, so that a small change of speed keeps the settings. */
function twoDigits(ms: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, ms))) - 1);
  return Math.max(1, Math.floor(ms / unit)) * unit;
}
