/** What `tenfold list` and `tenfold show` say of the shipped scenarios: every one teaches something, stage by stage. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseScenario } from '../../sim/index.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

/** A line of `tenfold list` or two. */
const LONGEST_FIRST_SENTENCE = 160;

test.each(names)('%s is valid, without warnings, and teaches', (name) => {
  const { scenario, problems } = parseScenario(readFileSync(new URL(name, folder), 'utf8'), name);
  expect(problems).toEqual([]);
  const { teaches, stages } = scenario!;
  expect(teaches).toMatch(/^[A-Z].*[.!?]\s*$/s);
  expect(/^.*?[.!?](?=\s|$)/s.exec(teaches)![0].length).toBeLessThanOrEqual(LONGEST_FIRST_SENTENCE);
  for (const stage of stages) {
    expect(`${stage.name}: ${stage.teaches}`).toMatch(/: \S/);
    expect(`${stage.name}: ${stage.thresholds.length} thresholds`).not.toMatch(/: 0/);
  }
});

test.each(names)('%s names its schema, so that editors complete it', (name) => {
  const [first] = readFileSync(new URL(name, folder), 'utf8').split('\n');
  expect(first).toBe('# yaml-language-server: $schema=../schema/scenario.schema.json');
});
