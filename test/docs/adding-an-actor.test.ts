/** The worked example of docs/adding-an-actor.md, compiled and run as a type beside those that Tenfold has. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { limiter } from '../../docs/examples/limiter.ts';
import { actorTypes } from '../../sim/actors/registry.ts';
import type { StageResult } from '../../sim/result.ts';
import { Run } from '../../sim/run.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { formatProblems } from '../../sim/scenario/problem.ts';
import { scenarioJsonSchema } from '../../sim/scenario/schema.ts';
import { withFiles } from '../../tools/docs/outputs.ts';

/** What its line in the registry would do. */
const types = [...actorTypes, limiter];
const page = readFileSync(new URL('../../docs/adding-an-actor.md', import.meta.url), 'utf8');
const scenario = /```yaml\n(name:[\s\S]*?)```/.exec(page)![1];

function run(sets: string[] = []): StageResult {
  const { scenario: parsed, problems } = parseScenario(scenario, 'limiter.yaml', types, { sets });
  if (parsed === null) throw new Error(formatProblems(problems));
  const simulation = new Run(parsed, types, { check: true });
  while (simulation.advance(1_000_000));
  return simulation.result().stages[0];
}

test('the page shows the file as it is (npm run docs)', async () => {
  await expect(withFiles(page)).toMatchFileSnapshot('../../docs/adding-an-actor.md');
});

test('the scenario on the page runs, and its thresholds hold', () => {
  const stage = run();
  expect(stage.verdict.broke).toBe('');
  expect(stage.goodputPerSecond).toBeGreaterThan(48);
  expect(stage.goodputPerSecond).toBeLessThan(52);
  expect(stage.components.find(({ name }) => name === 'gate')!.extra.turnedAway).toBe(stage.requests.rejected);
});

test('a higher rate lets everything pass', () => {
  expect(run(['components.gate.rate=500/s', 'thresholds=null']).availability).toBe(1);
});

test('its settings are checked like those of any other type', () => {
  const { problems } = parseScenario(scenario.replace('rate: 50/s', 'rate: 50'), 'limiter.yaml', types);
  expect(formatProblems(problems)).toContain('rate');
  const unknown = parseScenario(scenario.replace('target: app', 'target: ap'), 'limiter.yaml', types);
  expect(formatProblems(unknown.problems)).toContain('unknown component `ap`');
});

test('it is in the schema, with its descriptions', () => {
  const schema = JSON.stringify(scenarioJsonSchema(types));
  expect(schema).toContain('"const":"limiter"');
  expect(schema).toContain('Requests let through, on average.');
});
