/**
 * Brokers that are back before anybody has missed them: they have forgotten what they led, and the controller does not
 * know that yet. Nobody may lead twice in one epoch, and every partition has a leader again.
 * More of them: TRIALS=1000 npx vitest run <this file>.
 */
import { expect, test } from 'vitest';
import { loadSimulator } from '../../../scenarios/simulator.ts';
import { numbers } from './trial.ts';

const TRIALS = Number(process.env.TRIALS ?? 40);
const { parseScenario, Run } = await loadSimulator();

interface Plan {
  seed: number;
  network?: unknown;
  log: Record<string, unknown>;
  faults: Record<string, unknown>;
}

function figuresOf({ seed, network, log, faults }: Plan): Record<string, number> {
  const text = JSON.stringify({
    name: 'restarts',
    run: { duration: '70s', warmup: '0s', seed },
    ...(network === undefined ? {} : { network }),
    clients: { c: { arrivals: { poisson: '30/s' }, does: 'tell', entry: 'app', timeout: '2s' } },
    components: {
      app: { type: 'server', operations: { tell: [{ publish: 'log' }] } },
      worker: { type: 'server', instances: 2, operations: { save: [{ cpu: '1ms' }] } },
      log: { type: 'kafka', groups: { save: { members: 'worker', session: '6s' } }, ...log },
    },
    faults,
  });
  const { scenario, problems } = parseScenario(text, 'restarts.yaml');
  expect(problems.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  const run = new Run(scenario!, { check: true });
  while (run.advance(20_000));
  return run.result().stages[0].components.find(({ name }) => name === 'log')!.extra;
}

test.each(['kill', 'power'])('all brokers are back before their sessions end (%s)', (how) => {
  for (let seed = 1; seed <= 4; seed++) {
    const log = { topics: { t: { partitions: 4 } } };
    const figures = figuresOf({ seed, log, faults: { gone: { crash: 'log', how, at: '10s', for: '2s' } } });
    expect(figures.leaderless).toBe(0);
    expect(figures.accepted).toBeGreaterThan(1000);
  }
});

/** Some brokers, or all, go at about the same times, for moments or for longer than a session; all are back after 42 s. */
function drawn(seed: number): Plan {
  const next = numbers(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)];
  const brokers = one([1, 2, 3, 3, 4, 5, 7]);
  const faults: Record<string, unknown> = {};
  const backMs = Array.from({ length: brokers }, () => 0);
  for (let wave = 0; wave < 3; wave++) {
    const waveMs = 2000 + wave * 8000 + next() * 4000;
    const share = one([0.4, 0.8, 1]);
    for (let b = 0; b < brokers; b++) {
      const atMs = Math.floor(waveMs + (next() < 0.5 ? 0 : next() * 3000));
      const forMs = Math.floor(one([50, 500, 2000, 4000, 11_000]) * (0.5 + next()));
      const how = one(['kill', 'kill', 'power', 'pause']);
      if (next() > share || atMs <= backMs[b]) continue;
      backMs[b] = atMs + forMs;
      faults[`${b} in wave ${wave}`] = { crash: `log#${b + 1}`, how, at: `${atMs}ms`, for: `${forMs}ms` };
    }
  }
  if (next() < 0.3) faults.lossy = { lose: 'log -> log', probability: '20%', at: '1s', for: '30s' };
  const replicas = Math.min(brokers, one([1, 2, 3, 4]));
  return {
    seed,
    network: { delay: one(['0.2ms', { lognormal: { mean: '5ms', cv: 2 } }]) },
    log: {
      brokers,
      topics: { t: { partitions: one([1, 3, 4, 9]), replicas, 'min-insync': 1 + Math.floor(next() * replicas) } },
      'unclean-election': next() < 0.2,
      flush: one(['500ms', '30s']),
    },
    faults,
  };
}

test(`${TRIALS} random logs whose brokers come and go`, { timeout: 3_600_000 }, () => {
  const wrong: string[] = [];
  for (let seed = 1; seed <= TRIALS; seed++) {
    try {
      const { leaderless } = figuresOf(drawn(seed));
      if (leaderless > 0) wrong.push(`trial ${seed}: ${leaderless} partitions have no leader for ever`);
    } catch (error) {
      wrong.push(`trial ${seed}: ${(error as Error).message}`);
    }
  }
  expect(wrong).toEqual([]);
});
