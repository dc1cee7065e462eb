/** Every control of every shipped scenario: it changes exactly what it says, and the parser takes each of its stops. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jsonSchema, parseScenario } from '../../../sim/index.ts';
import { type Knob, knobsOf } from '../../../viz/playground/scenario/knobs.ts';
import type { Schema } from '../../../viz/playground/scenario/schema.ts';
import { patchedText, patchOf, readTree, stageTrees, type Value } from '../../../viz/playground/scenario/tree.ts';
import { outlineOf } from '../../../viz/playground/worker/outline.ts';

const folder = new URL('../../../scenarios/', import.meta.url);
const schema = jsonSchema() as Schema;
const scenarios = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => [file, readFileSync(new URL(file, folder), 'utf8')] as const);

const valuesOf = (knob: Knob): Value[] => {
  if (knob.kind === 'switch') return [!knob.value];
  if (knob.kind === 'choice') return knob.options;
  return [
    knob.stops[0],
    knob.stops[Math.max(0, knob.at - 1)],
    knob.stops[Math.min(knob.stops.length - 1, knob.at + 1)],
    knob.stops.at(-1)!,
  ];
};

/** The last stage of a document as its only one, where that can be said: twenty stages take twenty times as long to read. */
function lastAlone(document: Value, file: string): Value {
  const root = document as { [name: string]: Value };
  if (!Array.isArray(root.stages) || root.stages.length < 2) return document;
  // Stages have these for themselves.
  const {
    name: _n,
    teaches: _t,
    expect: _e,
    faults: _f,
    thresholds: _h,
    ...carried
  } = stageTrees(document).at(-2) as typeof root;
  const alone = { ...root, ...carried, stages: root.stages.slice(-1) };
  return parseScenario(patchedText(alone, 0, {}), file).scenario === null ? document : alone;
}

describe.each(scenarios)('%s', (file, text) => {
  const document = readTree(text);
  const trees = stageTrees(document);

  it('unchanged, is the scenario it was', () => {
    const before = parseScenario(text, file).scenario!;
    for (const [index, tree] of trees.entries()) {
      const after = parseScenario(patchedText(document, index, patchOf(tree, [])), file).scenario!;
      expect(JSON.stringify(after.stages[index])).toBe(JSON.stringify(before.stages[index]));
    }
  });

  it('has controls that people reach for first, of the load or of a machine', () => {
    const first = outlineOf(text, file)
      .outline!.stages.at(-1)!
      .knobs.filter(({ isFirst }) => isFirst);
    expect(first.length).toBeGreaterThan(1);
    expect(first.map(({ label }) => label).join('\n')).toMatch(
      /^(users|arrivals|think|cores|instances|nodes|replicas|runtime)/m,
    );
  });

  it('is valid, or refused by the parser, at every end of every control; and mostly valid', () => {
    const { knobs } = outlineOf(text, file).outline!.stages.at(-1)!;
    const shorter = lastAlone(document, file);
    const shorterTrees = stageTrees(shorter);
    const last = shorterTrees.length - 1;
    const before = parseScenario(patchedText(shorter, last, {}), file).scenario!.stages[last];
    const without: string[] = [];
    let [valid, all] = [0, 0];
    for (const knob of knobs.filter(({ isFirst }) => isFirst)) {
      const values = valuesOf(knob);
      let hasEffect = false;
      for (const value of values) {
        const changed = patchedText(shorter, last, patchOf(shorterTrees[last], [{ path: knob.path, value }]));
        const { scenario, problems } = parseScenario(changed, file);
        all++;
        if (scenario) valid++;
        else expect(problems.length).toBeGreaterThan(0);
        hasEffect ||= scenario === null || JSON.stringify(scenario.stages[last]) !== JSON.stringify(before);
      }
      if (!hasEffect) without.push(`${knob.group} ${knob.label}`);
    }
    expect(without).toEqual([]); // no control that is read and ignored
    expect(valid / all).toBeGreaterThan(0.5);
  });
});

describe('controls', () => {
  const stage: Value = {
    clients: { 'a b': { users: '10k', does: { x: '50%', y: '50%' }, timeout: 'none' } },
    components: {
      lb: { type: 'balancer', targets: 'app' },
      app: { type: 'server', operations: { x: [{ cpu: '5ms' }, { sleep: { exponential: '1s' } }] } },
    },
  };
  const knobs = knobsOf(stage, schema);
  const find = (group: string, label: string) => knobs.find((one) => one.group === group && one.label === label);

  it('stand at what the file says', () => {
    const users = find('a b', 'users');
    expect(users?.kind === 'slider' && users.stops[users.at]).toBe('10k');
    const timeout = find('a b', 'timeout');
    expect(timeout?.kind === 'slider' && timeout.stops[timeout.at]).toBe('none');
  });

  it('are there for the important settings that the file leaves out', () => {
    expect(find('lb', 'policy')).toMatchObject({ kind: 'choice', value: 'round-robin' });
    const instances = find('app', 'instances');
    expect(instances?.kind === 'slider' && instances.stops[instances.at]).toBe(1);
  });

  it('reach into lists, and write the list as a whole', () => {
    const knob = find('app', 'x › step 2 › sleep')!;
    const patch = patchOf(stage, [
      { path: knob.path, value: '2s' },
      { path: ['components', 'app', 'operations', 'x', 0, 'cpu'], value: '9ms' },
    ]);
    expect(JSON.parse(JSON.stringify(patch))).toEqual({
      components: { app: { operations: { x: [{ cpu: '9ms' }, { sleep: { exponential: '2s' } }] } } },
    });
  });

  it('leave alone what must add up with others', () => {
    expect(knobs.filter(({ path }) => path.includes('does'))).toEqual([]);
  });
});

it('survives a name that is a property of all objects', () => {
  const text = patchedText(
    readTree('name: x\nstages: [ { name: a } ]'),
    0,
    patchOf({}, [{ path: ['components', '__proto__', 'x'], value: 1 }]),
  );
  expect(({} as { x?: number }).x).toBeUndefined();
  expect(text).toContain('"__proto__":{"x":1}');
});
