/**
 * What recording costs: W2 with and without, in turns, by CPU time, so that neither has the quieter machine. Prints the
 * best and the median of each. Run it alone: `npm run recording-cost`.
 */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { heedBranchHints, parseScenario, Run } from '../dist/index.js';

heedBranchHints(process.versions.v8, setFlagsFromString);
const turns = 7;
const text = readFileSync(new URL('../bench/w2.yaml', import.meta.url), 'utf8');
const { scenario } = parseScenario(text, 'w2.yaml', { duration: '300s' });

/** Requests a CPU second. */
function speed(record) {
  const run = new Run(scenario, { record });
  const before = process.cpuUsage();
  while (run.advance(1 << 20));
  const { user, system } = process.cpuUsage(before);
  return (run.result().stages[0].requests.completed * 1e6) / (user + system);
}

const speeds = { plain: [], recorded: [] };
speed(false);
speed(true);
for (let turn = 0; turn < turns; turn++) {
  speeds.plain.push(speed(false));
  speeds.recorded.push(speed(true));
}
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
for (const [name, list] of Object.entries(speeds))
  console.log(`${name}: ${Math.round(median(list))} requests a CPU second, at best ${Math.round(Math.max(...list))}`);
const cost = 1 - median(speeds.recorded) / median(speeds.plain);
console.log(
  `recording costs ${(cost * 100).toFixed(1)} % of the speed (best against best ${((1 - Math.max(...speeds.recorded) / Math.max(...speeds.plain)) * 100).toFixed(1)} %)`,
);
