/**
 * Random crashes, network partitions and rebalances: per-partition order is kept; what was accepted by all in-sync
 * replicas survives the loss of any one broker; every accepted message is processed, waits, or is counted; no two
 * leaders write in one epoch (the data structure throws); once faults and arrivals are over, groups catch up.
 * In half of them one broker is lost at a time and everything is accepted by two at least: then nothing may be lost at all.
 * More of them: TRIALS=5000 npx vitest run <this file>.
 */
import { expect, test } from 'vitest';
import { loadSimulator } from '../../../scenarios/simulator.ts';
import { logOf, type Trial, trial, wrongWith } from './trial.ts';

const TRIALS = Number(process.env.TRIALS ?? 200);

const { parseScenario, Run } = await loadSimulator();

interface Ran {
  /** By part of a trial: how many trials had it. */
  covered: Map<string, number>;
  /** Figures of all trials together. */
  sums: Record<string, number>;
  wrong: string[];
}

function runAll(trials: readonly Trial[]): Ran {
  const covered = new Map<string, number>();
  const sums: Record<string, number> = { calmed: 0, keeping: 0 };
  const wrong: string[] = [];
  trials.forEach((drawn, i) => {
    const { scenario, problems } = parseScenario(drawn.text, 'trial.yaml');
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const run = new Run(scenario!);
    try {
      let log = logOf(run);
      while (run.advance(2000)) log = logOf(run) ?? log;
      const { extra } = run.result().stages[0].components.find(({ name }) => name === 'log')!;
      const found = wrongWith(log!, drawn, extra);
      if (found !== '') wrong.push(`trial ${i + 1}: ${found}`);
      if (drawn.keepsAccepted) sums.keeping++;
      if (drawn.calms && extra.leaderless === 0) {
        sums.calmed++;
        if (extra.lag > 0) wrong.push(`trial ${i + 1}: a group is ${extra.lag} messages behind for ever`);
      }
      for (const name of ['accepted', 'acknowledgedWritesLost', 'duplicates', 'missed', 'rebalances', 'appendedTwice'])
        sums[name] = (sums[name] ?? 0) + extra[name];
    } catch (error) {
      wrong.push(`trial ${i + 1}: ${(error as Error).message}`);
    }
    for (const part of drawn.shape) covered.set(part, (covered.get(part) ?? 0) + 1);
  });
  console.info(JSON.stringify({ covered: Object.fromEntries([...covered].sort()), sums }));
  return { covered, sums, wrong };
}

const drawn = (isMild: boolean): Trial[] => Array.from({ length: TRIALS }, (_, i) => trial(i + 1, isMild));

test(`${TRIALS} random logs under faults`, { timeout: 3_600_000 }, () => {
  const { covered, sums, wrong } = runAll(drawn(false));
  expect(wrong).toEqual([]);
  // The trials reach what they are for.
  for (const part of [
    '0',
    '1',
    'all',
    'range',
    'cooperative-sticky',
    'interval',
    'record',
    'broker',
    'brokers',
    'members',
    'split',
  ])
    expect([part, (covered.get(part) ?? 0) > TRIALS / 50]).toEqual([part, true]);
  expect(sums.calmed).toBeGreaterThan(TRIALS / 6);
  expect(sums.acknowledgedWritesLost).toBeGreaterThan(0);
  expect(sums.rebalances).toBeGreaterThan(TRIALS / 10);
});

test(`${TRIALS} random logs that lose one broker at a time lose nothing that was accepted`, {
  timeout: 3_600_000,
}, () => {
  const { sums, wrong } = runAll(drawn(true));
  expect(wrong).toEqual([]);
  expect(sums.keeping).toBe(TRIALS);
  expect(sums.acknowledgedWritesLost).toBe(0);
  expect(sums.accepted).toBeGreaterThan(TRIALS * 1000);
});
