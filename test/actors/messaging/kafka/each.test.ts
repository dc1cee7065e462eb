/** Groups of which every instance is one: all of them read everything, and so every player hears of every move. */
import { expect, test } from 'vitest';
import { loadSimulator } from '../../../scenarios/simulator.ts';

const { simulate, parseScenario } = await loadSimulator();

/** Pairs of players on three gateways; moves go through a log. */
const text = (each: boolean, more = ''): string => `
name: A topic for a zone
run: { duration: 30s, warmup: 10s, seed: 1 }
clients:
  players: { users: 300, think: { exponential: 2s }, does: play, timeout: 3s, entry: lb,
             connect: { ramp: 4s, rooms: 2, turns: true, catch-up: resume, refresh: 8s } }
components:
  lb: { type: balancer, targets: live, policy: least-connections }
  live:
    type: gateway
    instances: 3
    runtime: { event-loop: 1 }
    restart: 1s
    operations: { play: [ { call: app, op: play } ], resume: [ { read: db } ], show: [ { push: room } ] }
  app: { type: server, operations: { play: [ { write: db }, { publish: log } ] } }
  db: { type: database, read: { cpu: 0.1ms }, write: { cpu: 0.1ms } }
  log: { type: kafka, topics: { zone: { partitions: 4 } },
         groups: { show: { members: live, each: ${each}, start: latest, initial-delay: 0s, session: 3s, heartbeat: 1s, commit: { every: 1s } } } }
${more}`;

const figures = (scenario: string) => {
  const { components } = simulate(scenario).stages[0];
  const of = (name: string) => components.find((it) => it.name === name)!.extra;
  return { live: of('live'), log: of('log') };
};

test('every instance processes every message, in groups of their own', () => {
  const { log, live } = figures(text(true));
  expect(log.published).toBeGreaterThan(1000);
  for (const i of [1, 2, 3]) expect(Math.abs(log[`processed (show#${i})`] - log.published)).toBeLessThan(20);
  expect(live.movesMissed).toBe(0);
  expect(Math.abs(live.deliveries - log.published)).toBeLessThan(20);
});

test('one group shares the messages out: most never reach the one who waits for them', () => {
  const shared = figures(text(false));
  const each = figures(text(true));
  expect(Math.abs(shared.log.processed - shared.log.published)).toBeLessThan(20);
  // Who waits finds the move in the store at last, and plays on.
  expect(shared.live.deliveries).toBeLessThan(0.5 * each.live.deliveries);
});

test('an instance that returns reads on where it was; what its players know is dropped', () => {
  const { live, log } = figures(text(true, 'faults: { f: { crash: live#1, at: 8s } }'));
  expect(live.movesMissed).toBe(0);
  expect(live.connectionsLost).toBeGreaterThanOrEqual(90);
  expect(log['processed (show#1)']).toBeGreaterThan(0.95 * log.published);
});

test('members hold connections or serve: nothing else can be one', () => {
  const { problems } = parseScenario(text(true).replace('members: live', 'members: lb'), 'test.yaml');
  expect(problems.map(({ message }) => message)).toContain('`lb` is a balancer');
});
