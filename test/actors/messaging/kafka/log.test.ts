/** A log from outside: what its consumers do, and what is said and counted of it, when brokers and members fail. */
import { expect, test } from 'vitest';
import type { StageResult } from '../../../../sim/index.ts';
import { loadSimulator } from '../../../scenarios/simulator.ts';

const { simulate } = await loadSimulator();

interface Plan {
  log?: Record<string, unknown>;
  faults: Record<string, unknown>;
  run?: Record<string, unknown>;
  publish?: Record<string, unknown>;
  rest?: Record<string, unknown>;
}

function stageOf({ log, faults, run, publish, rest }: Plan): StageResult {
  const scenario = {
    name: 'log',
    run: { duration: '40s', warmup: '0s', ...run },
    clients: { c: { arrivals: { poisson: '50/s' }, does: 'tell', entry: 'app', timeout: '2s' } },
    components: {
      app: { type: 'server', operations: { tell: [{ publish: 'log', ...publish }] } },
      worker: { type: 'server', instances: 2, operations: { save: [{ cpu: '1ms' }] } },
      log: {
        type: 'kafka',
        topics: { t: { partitions: 3, replicas: 1 } },
        groups: { save: { members: 'worker', session: '10s' } },
        ...log,
      },
    },
    faults,
    ...rest,
  };
  return simulate(JSON.stringify(scenario)).stages[0];
}

const told = (stage: StageResult): string[] =>
  stage.failovers.flatMap(({ timeline }) => timeline.map(({ what }) => what));

test('members whose partition has no leader ask now and then, however long it lasts', () => {
  const events = (duration: string): number =>
    stageOf({ faults: { gone: { crash: 'log#1', at: '10s' } }, run: { duration }, publish: { wait: false } }).events;
  const [short, long] = [events('40s'), events('70s')];
  expect(long).toBeLessThan(short * 2);
});

test('who is left without a leader is not told to have got a new one', () => {
  const log = { topics: { t: { partitions: 4, replicas: 1 } }, groups: {} };
  const stage = stageOf({ log, faults: { gone: { crash: 'log#1', at: '10s', for: '15s' } } });
  const [failover] = stage.failovers;
  expect(told(stage)).toContain('2 partitions of log#1 have no leader now');
  expect(told(stage).filter((what) => what.includes('get new leaders'))).toEqual([]);
  // Decided, and taken over, when it is back.
  expect(told(stage)).toContain('2 partitions have a leader again: log#1 is back');
  expect(failover.decidedAfterSeconds).toBeGreaterThan(14);
  const forEver = stageOf({ log, faults: { gone: { crash: 'log#1', at: '10s' } } });
  expect(forEver.failovers[0].decidedAfterSeconds).toBe(null);
});

test('the age of lost messages is that at the loss of their leader, whatever fails afterwards', () => {
  const rpo = (faults: Record<string, unknown>): number | null =>
    stageOf({
      log: { topics: { t: { partitions: 3, replicas: 2 } }, groups: {} },
      publish: { acks: 1 },
      rest: { links: { 'log -> log': { delay: '200ms' } } },
      faults: { gone: { crash: 'log#1', how: 'power', at: '10s' }, ...faults },
    }).components.find(({ name }) => name === 'log')!.extra.rpoSeconds;
  const alone = rpo({});
  expect(alone).toBeGreaterThan(0);
  expect(alone).toBeLessThan(1);
  expect(rpo({ other: { slow: 'worker', factor: 2, at: '15s', for: '1s' } })).toBe(alone);
});

test('what is processed again after a fault counts as its duplicates', () => {
  const { failovers, components } = stageOf({ faults: { gone: { crash: 'worker#1', at: '10s', for: '20s' } } });
  const { duplicates } = components.find(({ name }) => name === 'log')!.extra;
  expect(duplicates).toBeGreaterThan(0);
  expect(failovers[0].duplicates).toBe(duplicates);
});
