/** A stage as a scenario of its own is the same stage. */
import { readdirSync, readFileSync } from 'node:fs';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { loneStage, parseScenario, type StageSettings } from '../../sim/index.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

const stagesOf = (text: string): StageSettings[] => {
  const { scenario, problems } = parseScenario(text, 'scenario.yaml');
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return scenario!.stages;
};

/** What is simulated, without the phrases that say what changed. */
const settled = ({ changes: _changes, ...stage }: StageSettings): unknown => stage;

describe('a stage alone', () => {
  it.each(files)('of %s is what it was among the others', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const stages = stagesOf(text);
    stages.forEach((stage, i) => {
      const alone = stagesOf(dump(loneStage(text, file, i)));
      expect(alone).toHaveLength(1);
      expect(settled(alone[0])).toEqual(settled(stage));
    });
  });

  it('keeps what single stages of faults and thresholds are', () => {
    const text = `
name: a test
clients: { users: { arrivals: { poisson: 1/s }, does: ask, entry: server } }
components: { server: { type: server, instances: 2, operations: { ask: [] } } }
faults: { first: { crash: server, at: 5s, keep: true } }
thresholds: { latency: 'p(99) < 1s' }
stages:
  - { name: one, thresholds: { availability: '> 99%' } }
  - { name: two, teaches: much, expect: break, faults: { first: null, second: { crash: server, at: 9s } } }
  - { name: three, components: { server: { instances: 7 } } }
`;
    const stages = stagesOf(text);
    const alone = stages.map((_, i) => stagesOf(dump(loneStage(text, 'a.yaml', i)))[0]);
    expect(alone.map(settled)).toEqual(stages.map(settled));
    expect(alone.map(({ thresholds }) => thresholds.length)).toEqual([2, 1, 1]);
    expect(() => loneStage(text, 'a.yaml', 3)).toThrow('a.yaml has no stage 3');
  });
});
