/** `tenfold show`: what a scenario teaches, stage by stage; with `--stage`, the scenario as that stage resolves it. */
import { dump } from 'js-yaml';
import { ExitCode, Failure } from '../exit.ts';
import { loadScenario } from '../files/load.ts';
import type { Scenario } from '../simulator.ts';
import { printable } from '../terminal/printable.ts';
import { print } from '../terminal/streams.ts';
import { suggestion } from '../terminal/suggest.ts';
import { wrap } from '../terminal/wrap.ts';

/** Prints a shipped scenario or a file. Throws a Failure (2) for a stage that it does not have. */
export async function show(name: string, stage: string | undefined): Promise<ExitCode> {
  const { scenario } = loadScenario(name);
  await print(stage === undefined ? story(scenario) : resolved(scenario, stage));
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

/** In base units, as the simulator sees it: nanoseconds, bytes, ratios. */
function resolved(scenario: Scenario, name: string): string {
  const stage = scenario.stages.find((one) => one.name === name);
  if (stage) return dump(stage, { lineWidth: 110, noRefs: true });
  const tail = suggestion(
    name,
    scenario.stages.map((one) => one.name),
  );
  throw new Failure(ExitCode.usage, `${printable(scenario.file)} has no stage "${printable(name)}"${tail}`);
}
