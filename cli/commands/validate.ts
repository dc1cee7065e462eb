/** `tenfold validate`: checks scenarios without simulating, and says what they would simulate and what it would cost. */
import Table from 'cli-table3';
import { ExitCode, Failure, worst } from '../exit.ts';
import { type Changes, loadScenario } from '../files/load.ts';
import { estimate, type Scenario, type StageEstimate } from '../simulator.ts';
import { printable } from '../terminal/printable.ts';
import { note, print, say } from '../terminal/streams.ts';

/** Checks every file, also after one that is wrong. Answers the most serious exit code. */
export async function validate(files: readonly string[], changes: Changes): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const file of files) {
    try {
      const { scenario, warnings } = loadScenario(file, changes);
      if (warnings) note(warnings);
      await print(overview(scenario));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.exitCode === ExitCode.usage) note(error.message);
      else say(error.message);
      codes.push(error.exitCode);
    }
  }
  return worst(codes);
}

/** The stages as a table: load, cost in events, and paper math for the busiest components. */
function overview(scenario: Scenario): string {
  const table = new Table({
    head: ['stage', 'users', 'offered/s', 'events', 'utilisation on paper'],
    colAligns: ['left', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const stage of estimate(scenario).stages) {
    const { name, users, events, tiers } = stage;
    const busiest = [...tiers].sort((a, b) => worstOf(b) - worstOf(a)).slice(0, 3);
    table.push([printable(name), count(users), load(stage), count(events), busiest.map(busyness).join(', ')]);
  }
  return `${printable(scenario.file)}: ${printable(scenario.name)}\n${table.toString()}\n`;
}

/** "64 (≤ 120)" where the load varies. */
function load({ offeredPerSecond, peakPerSecond }: StageEstimate): string {
  const mean = count(offeredPerSecond);
  const peak = count(peakPerSecond);
  return peak === mean ? mean : `${mean} (≤ ${peak})`;
}

type Tier = StageEstimate['tiers'][number];

const worstOf = ({ utilization, atFirst }: Tier): number => atFirst?.utilization ?? utilization;

/** "app cpu 42 %", or "app cpu 180 % of 2 to 36 % of 10" where more may come. */
function busyness({ component, resource, instances, utilization, atFirst }: Tier): string {
  const name = `${printable(component)} ${printable(resource)}`;
  const all = percent(utilization);
  if (atFirst === null) return `${name} ${all}`;
  return `${name} ${percent(atFirst.utilization)} of ${atFirst.instances} to ${all} of ${instances}`;
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

/** At most three digits and a unit: 950, 9.5k, 12M. */
function count(value: number): string {
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (value >= size * 0.9995) return `${Number((value / size).toPrecision(3))}${unit}`;
  }
  return String(Number(value.toPrecision(3)));
}
