/** Availability by the minute: whole minutes from the end of the warm-up, in the result, as thresholds, in the reports. */
import { expect, test } from 'vitest';
import { loadSimulator } from '../scenarios/simulator.ts';
import { render } from '../../reports/index.ts';

const { simulate, parseScenario } = await loadSimulator();

/** Ten requests a second; the server is away from 70 s until 100 s of 150 s. */
const text = (thresholds: string, more = ''): string => `
name: Minutes
run: { duration: 150s, warmup: 5s, seed: 1 }
clients: { c: { arrivals: { constant: 10/s }, does: op, entry: app, timeout: 1s } }
components: { app: { type: server, operations: { op: [ { cpu: 1ms } ] } } }
faults: { gone: { crash: app, at: 70s, for: 30s } }
thresholds: { availabilityByMinute: ${thresholds} }
${more}`;

const judged = (thresholds: string) => simulate(text(thresholds)).stages[0].thresholds;

test('each minute has its own availability, the last one is shorter', () => {
  const { minutes, availability } = simulate(text("[ 'min > 0%' ]")).stages[0];
  expect(minutes.map(({ atSeconds, seconds }) => [atSeconds, seconds])).toEqual([
    [0, 60],
    [60, 60],
    [120, 30],
  ]);
  expect(minutes[0].availability).toBe(1);
  expect(minutes[1].availability).toBeCloseTo(0.5, 2);
  expect(minutes[2].availability).toBe(1);
  expect(availability).toBeCloseTo(0.8, 2);
});

test('a minute in which nothing ended says nothing', () => {
  const quiet = text("[ 'min == 100%' ]").replace(
    'constant: 10/s',
    'constant: 10/s, curve: [ { at: 0s, times: 1 }, { at: 59s, times: 1 }, { at: 60s, times: 0 }, { at: 121s, times: 0 }, { at: 122s, times: 1 } ]',
  );
  const { minutes, thresholds } = simulate(quiet.replace('constant: 10/s', 'poisson: 10/s').replace(/faults.*\n/, ''))
    .stages[0];
  expect(minutes[1].availability === null || minutes[1].availability === 1).toBe(true);
  expect(thresholds[0].ok).toBe(true);
});

test('thresholds: the worst, the best, the mean, and how many minutes may be how bad', () => {
  expect(judged("[ 'min > 49%', 'min < 51%', 'max == 100%', 'mean > 83%', 'mean < 84%' ]").map(({ ok }) => ok)).toEqual(
    [true, true, true, true, true],
  );
  // One of three is bad: a third of the minutes do not exceed it, half of them do.
  expect(judged("[ 'p(33) < 51%', 'p(34) == 100%' ]").map(({ ok }) => ok)).toEqual([true, true]);
  expect(judged("'min >= 99%'")[0]).toMatchObject({ ok: false, verdict: 'fail' });
});

test('it needs an aggregate, and a message says which', () => {
  const { problems } = parseScenario(text("'>= 99%'"), 'test.yaml');
  expect(problems.map(({ message }) => message)).toEqual(['a distribution needs an aggregate']);
});

test('reports name the worst minute', () => {
  const result = simulate(text("'min > 0%'"));
  const plain = render('text', result, {});
  expect(plain).toMatch(/by minute +worst minute (49|50)\.?\d* %, the 2nd · 2 of 3 without a failure/);
  expect(render('markdown', result, {})).toContain('the 2nd');
});
