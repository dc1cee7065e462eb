/**
 * Runs what the benchmark measures, for a moment, with cores that count their branches (see branches.mjs), and prints the
 * counts. Arguments: branches, 1 to record the runs. Bundled by profile.mjs, with the core to be counted in place of all.
 */
import { readFileSync, writeSync } from 'node:fs';
import { parseScenario, Run } from '../../sim/index.ts';

/** Scenarios, how long they are, and how many events of them are run: some 40,000 requests. */
const RUNS = [
  ['bench/w1.yaml', '10000s', 200_000],
  ['bench/w2.yaml', '100s', 400_000],
  ['bench/w3.yaml', '100s', 500_000],
  ['scenarios/million-rps.yaml', '4s', 800_000],
];

const [branches, record] = process.argv.slice(2).map(Number);
const counts = new Float64Array(2 * branches);
const profile = {
  count(condition, branch) {
    counts[2 * branch + (condition === 0 ? 0 : 1)]++;
    return condition;
  },
};
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(module, imports) {
    super(module, { ...imports, profile });
  }
};

for (const [file, duration, events] of RUNS) {
  const { scenario } = parseScenario(readFileSync(file, 'utf8'), file, { duration });
  const run = new Run(scenario, { record: record === 1 });
  while (run.progress.events < events && run.advance(10_000));
}
writeSync(1, JSON.stringify([...counts]));
