/**
 * `tenfold run`: simulate and report.
 *
 * Everything that can be wrong is looked at before the first event: all scenarios, all names of stages, all outputs.
 */
import { Failure, ExitCode, worst } from '../exit.ts';
import { type Loaded, loadScenario } from '../files/load.ts';
import { checkOutput } from '../files/write.ts';
import { mostRecordings, readTemplate } from '../replay/page.ts';
import { type Recorded, recordedStages, writeReplay } from '../replay/output.ts';
import { carryOut } from '../simulation/crew.ts';
import type { Outcome } from '../simulation/messages.ts';
import { assemble, type PlanOptions, tasksOf } from '../simulation/plan.ts';
import { estimate, type RunResult, type Scenario } from '../simulator.ts';
import { printable } from '../terminal/printable.ts';
import { type ProgressDisplay, showProgress } from '../terminal/progress.ts';
import { type Interruption, listenForInterruption } from '../terminal/signals.ts';
import { note, say } from '../terminal/streams.ts';
import { suggestion } from '../terminal/suggest.ts';
import { type Finished, writeReports } from './reports.ts';
import { exitCodeOf, explain, replayCommand } from './outcome.ts';
import { readRunOptions, type RawRunOptions, type RunOptions } from './run-options.ts';

/** Runs the scenarios one after the other. Answers the exit code; throws a Failure before anything was simulated. */
export async function run(files: readonly string[], raw: RawRunOptions): Promise<ExitCode> {
  const options = readRunOptions(raw);
  const loaded = files.map((file) => loadScenario(file, options));
  const plans = loaded.map(({ scenario }) => planOf(scenario, options));
  checkOutputs(
    options,
    loaded.map(({ path }) => path),
  );
  if (!options.quiet) for (const { warnings } of loaded) if (warnings) note(warnings);

  const interruption = listenForInterruption();
  const finished: Finished[] = [];
  const recorded: Recorded[] = [];
  const codes: ExitCode[] = [];
  for (const [index, one] of loaded.entries()) {
    if (interruption.signal.aborted) break;
    const end = await simulateOne(one, plans[index], options, interruption);
    finished.push(end.finished);
    recorded.push(end.recorded);
    codes.push(end.exitCode);
    if (end.exitCode === ExitCode.bug) break;
  }
  codes.push(await writeReports(finished, options));
  if (options.replay !== null && recorded.length > 0) codes.push(writeReplay(options.replay, recorded, options));
  interruption.release();
  return worst(interruption.exitCode === null ? codes : [...codes, interruption.exitCode]);
}

/** Throws a Failure, before anything is simulated, where an output could not be written or two would be the same file. */
function checkOutputs({ reporters, replay }: RunOptions, inputs: readonly string[]): void {
  for (const { file } of reporters) if (file !== null) checkOutput(file, inputs);
  if (inputs.length > 1 && reporters.some(({ kind }) => kind === 'html'))
    throw new Failure(ExitCode.usage, 'the html report is one page and takes one scenario at a time');
  if (replay === null) return;
  if (inputs.length > mostRecordings)
    throw new Failure(ExitCode.usage, 'a replay shows one scenario, or two side by side');
  if (reporters.some(({ file }) => file === replay))
    throw new Failure(ExitCode.usage, `a report and the replay would both be written to ${printable(replay)}`);
  readTemplate();
  checkOutput(replay, inputs);
}

/** What to simulate of a scenario. Throws a Failure (2) for a stage that it does not have. */
function planOf(scenario: Scenario, options: RunOptions): PlanOptions {
  const names = scenario.stages.map(({ name }) => name);
  for (const wanted of options.stages) {
    if (names.includes(wanted)) continue;
    const tail = suggestion(wanted, names);
    throw new Failure(ExitCode.usage, `${printable(scenario.file)} has no stage "${printable(wanted)}"${tail}`);
  }
  const stages = options.stages.length === 0 ? names : names.filter((name) => options.stages.includes(name));
  const { replications, check, doublecheck, eventLimit } = options;
  return { stages, replications, check, doublecheck, eventLimit, record: options.replay !== null };
}

async function simulateOne(
  { path, named, scenario }: Loaded,
  plan: PlanOptions,
  options: RunOptions,
  interruption: Interruption,
): Promise<{ finished: Finished; recorded: Recorded; exitCode: ExitCode }> {
  const events = eventsOf(scenario, plan);
  const outcomes = await advance(scenario, plan, events, options, interruption.signal);
  const replay = replayCommand(named, options);
  const result: RunResult = { ...assemble(scenario, plan, outcomes), replay };
  const problem = outcomes.find((outcome) => outcome !== null && 'message' in outcome) ?? null;
  const stage = plan.stages[Math.floor(outcomes.indexOf(problem) / plan.replications)];
  if (problem) for (const line of explain(problem, stage, path, options, result)) say(line);
  if (!options.quiet && interruption.exitCode !== null) say('interrupted; what follows is partial');
  const violation = problem?.kind === 'bug' ? { stage, message: problem.message } : null;
  const stages = recordedStages(plan.stages, plan.replications, outcomes);
  return {
    finished: { path, result, violation },
    recorded: { scenario, result, stages },
    exitCode: exitCodeOf(result, problem, options),
  };
}

/** Refuses by its estimate what would hit the limit on events anyway; otherwise hands the tasks to the crew. */
async function advance(
  scenario: Scenario,
  plan: PlanOptions,
  events: readonly number[],
  options: RunOptions,
  signal: AbortSignal,
): Promise<(Outcome | null)[]> {
  const tasks = tasksOf(scenario, plan);
  const tooMany = events.findIndex((count) => count > plan.eventLimit);
  if (tooMany >= 0) {
    const message =
      `about ${beyond(events[tooMany], plan.eventLimit)} events are more than the limit of ${power(plan.eventLimit)}` +
      ' (--event-limit raises it); nothing was simulated';
    return tasks.map((_, index) =>
      index === tooMany * plan.replications ? { kind: 'limit', message, result: null } : null,
    );
  }
  const weights = tasks.map((_, index) => events[Math.floor(index / plan.replications)]);
  const display: ProgressDisplay = showProgress(scenario.file, weights, options.quiet);
  try {
    const { workers, memoryLimitBytes } = options;
    return await carryOut(tasks, { workers, memoryLimitBytes, signal, onProgress: display.update });
  } finally {
    display.stop();
  }
}

/** A number with as few digits as show that it is above the limit. */
function beyond(events: number, limit: number): string {
  for (let digits = 1; digits < 15; digits++)
    if (Number(events.toExponential(digits)) > limit) return power(events, digits);
  return power(events);
}

/** 1.5e10, as --event-limit takes it. */
const power = (value: number, digits?: number): string => value.toExponential(digits).replace('e+', 'e');

/** Events of each stage of the plan, estimated. */
function eventsOf(scenario: Scenario, plan: PlanOptions): number[] {
  const estimated = new Map(estimate(scenario).stages.map(({ name, events }) => [name, events]));
  return plan.stages.map((name) => estimated.get(name) ?? 0);
}
