/** Slots whose instance is replaced, or not there, while a fault lasts. */
import { expect, it } from 'vitest';
import { actorTypes } from '../../sim/actors/registry.ts';
import { compileStage } from '../../sim/compile/stage.ts';
import { parseScenario } from '../../sim/index.ts';
import { checkLaws } from '../../sim/results/laws.ts';
import { S, served, story } from './systems.ts';

function run(text: string) {
  const { scenario, problems } = parseScenario(`name: slots\n${text}`, 'scenario.yaml');
  expect(problems).toEqual([]);
  const compiled = compileStage(scenario!.stages[0], actorTypes);
  while (compiled.kernel.advance(65_536));
  checkLaws(compiled.kernel);
  return compiled;
}

// Killed at 11 s while it drained, replaced at 13 s, it was up at 15 s: the fault's end opened what had not booted.
it('an instance that boots is not opened by the end of a fault of the one before', () => {
  const result = run(`
run: { duration: 60s, warmup: 0s, seed: 1 }
clients: { p: { users: 20, think: 1s, does: m, entry: gw, connect: { ramp: 1s } } }
components:
  gw:
    type: gateway
    runtime: { event-loop: 1 }
    instances: 2
    operations: { m: [ { cpu: 1ms } ] }
    drain: 3s
    rollout: { at: 10s, every: 100s, boot: 20s }
faults: { f: { crash: gw#1, at: 11s, for: 4s } }
`);
  expect(served(result, 'gw#1')).toBe((11 + 60 - 33) * S);
  expect(story(result)).toContain('33 ready: gw#1 runs the new version');
});

const autoscaled = (target: string): string => `
run: { duration: 60s, warmup: 0s, seed: 1 }
clients: { a: { arrivals: { poisson: 5/s }, does: x, entry: app, timeout: 2s } }
components: { app: { type: server, autoscale: { min: 1, max: 5, cpu: 60% }, operations: { x: [ { cpu: 20ms } ] } } }
faults: { s: { slow: ${target}, factor: 10, at: 20s, for: 10s } }
`;

it.each([
  ['an instance that is not there is not slowed', 'app#5', []],
  ['the one that is there is', 'app#1', ['fault', 'heal']],
])('%s', (_name, target, expected) => {
  const { kernel } = run(autoscaled(target));
  const { list } = kernel.world.history;
  expect(list.map(({ kind }) => kind).filter((kind) => kind === 'fault' || kind === 'heal')).toEqual(expected);
});
