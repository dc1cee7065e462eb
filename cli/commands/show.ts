/** `tenfold show`: what a scenario teaches, stage by stage; with `--stage`, that stage as a file of its own, or all that holds in it. */
import { dump } from 'js-yaml';
import { ExitCode, Failure } from '../exit.ts';
import { loadScenario, type Loaded } from '../files/load.ts';
import { loneStage, type Scenario } from '../simulator.ts';
import { printable } from '../terminal/printable.ts';
import { print } from '../terminal/streams.ts';
import { suggestion } from '../terminal/suggest.ts';
import { wrap } from '../terminal/wrap.ts';

/**
 * Prints a shipped scenario or a file.
 *
 * @param stage what is printed is a scenario file of this stage alone
 * @param defaults instead, all that the simulator is told of the stage
 * @throws Failure (2) for a stage that it does not have, and for defaults without a stage
 */
export async function show(name: string, stage: string | undefined, defaults: boolean): Promise<ExitCode> {
  if (defaults && stage === undefined)
    throw new Failure(ExitCode.usage, '--defaults is about one stage; name it with --stage');
  const loaded = loadScenario(name);
  await print(stage === undefined ? story(loaded.scenario) : ofStage(loaded, stage, defaults));
  return ExitCode.ok;
}

function story(scenario: Scenario): string {
  const lines = [printable(scenario.name), '', ...wrap(printable(scenario.teaches), 100), ''];
  for (const stage of scenario.stages) {
    lines.push(`  ${printable(stage.name)}`);
    for (const line of wrap(printable(stage.teaches), 92)) if (line) lines.push(`      ${line}`);
    for (const change of stage.changes) lines.push(`      - ${printable(change)}`);
  }
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}

function ofStage({ scenario, text }: Loaded, name: string, defaults: boolean): string {
  const { file, stages } = scenario;
  const index = stages.findIndex((one) => one.name === name);
  if (index < 0) {
    const tail = suggestion(
      name,
      stages.map((one) => one.name),
    );
    throw new Failure(ExitCode.usage, `${printable(file)} has no stage "${printable(name)}"${tail}`);
  }
  // With the defaults, in base units, as the simulator sees it: nanoseconds, bytes, ratios.
  const document = defaults ? stages[index] : loneStage(text, file, index);
  return dump(document, { lineWidth: 110, noRefs: true });
}
