/** What is left of changes and kills when the text beneath them changes. */
import { expect, it } from 'vitest';
import { keptOf } from '../../../viz/playground/page/kept.ts';
import { outlineOf } from '../../../viz/playground/worker/outline.ts';

const text = `
name: small
run: { duration: 20s, warmup: 2s, seed: 7 }
clients: { users: { arrivals: { poisson: 40/s }, does: look, entry: app } }
components: { app: { type: server, instances: 2, operations: { look: [ { cpu: 5ms } ] } } }
`;
const [stage] = outlineOf(text, 'small.yaml').outline!.stages;
const kill = (target: string) => ({ target, atSeconds: 1, forSeconds: null });

it('is what the stage still has, and words about the rest', () => {
  const count = { path: ['components', 'app', 'instances'], value: 4 };
  const gone = { path: ['components', 'web', 'instances'], value: 4 };
  const kills = ['app', 'app#2', 'app#3', 'web', 'web#1', 'ap'].map(kill);
  expect(keptOf(stage, { changes: [count, gone], kills })).toEqual({
    changes: [count],
    kills: ['app', 'app#2'].map(kill),
    gone: [
      'the kill of app#3',
      'the kill of web',
      'the kill of web#1',
      'the kill of ap',
      'components › web › instances',
    ],
  });
});
