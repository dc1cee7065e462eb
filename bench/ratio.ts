/**
 * Events per CPU second of W1 and W2 ÷ those of the yardstick, from short interleaved slices: the best of each, since
 * others on the machine only ever make a slice slower. Prints JSON. Run by baseline.mjs, with the texts as arguments.
 */
import { setFlagsFromString } from 'node:v8';
import { heedBranchHints, parseScenario, Run, ScenarioError } from '../sim/index.ts';
import { yardstick } from './yardstick.ts';

const PAIRS = 8;
const EVENTS = 400_000;
const WARM_UP_EVENTS = 1_500_000;
const CUSTOMERS = 150_000;

function cpuSeconds(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function ratio(text: string): number {
  const { scenario, problems } = parseScenario(text, 'workload.yaml', { duration: '100000s' });
  if (scenario === null) throw new ScenarioError(problems);
  const run = new Run(scenario);
  run.advance(WARM_UP_EVENTS);
  yardstick(CUSTOMERS);
  let [own, other] = [0, 0];
  for (let pair = 0; pair < PAIRS; pair++) {
    // Two events a customer.
    other = Math.max(other, (2 * CUSTOMERS) / cpuSeconds(() => yardstick(CUSTOMERS)));
    const before = run.progress.events;
    const seconds = cpuSeconds(() => run.advance(EVENTS));
    own = Math.max(own, (run.progress.events - before) / seconds);
  }
  return own / other;
}

heedBranchHints(process.versions.v8, setFlagsFromString);
console.log(JSON.stringify(process.argv.slice(2).map(ratio)));
