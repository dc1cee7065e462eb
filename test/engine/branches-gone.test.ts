/** Branches that are gone while others work for them: what they measured with is somebody else's again. */
import { expect, it } from 'vitest';
import { decodeRecording, parseScenario, Run } from '../../sim/index.ts';

const branches = Array.from({ length: 24 }, () => '[ { call: far, op: look } ]').join(', ');

/** A branch is followed like a request. No more than 16384 are at a time: here it is 4800, and some 40 crashes. */
const scenario = (page: string, fault: string): string => `
name: branches die while they wait
run: { duration: 2s, warmup: 0s, seed: 1 }
clients:
  users: { users: 200, think: 10ms, does: page, timeout: 20ms, entry: app }
components:
  app: { type: server, machine: { cores: 64 }, operations: { page: [ ${page} ] } }
  edge: { type: balancer, instances: 24, targets: far }
  far: { type: server, machine: { cores: 64 }, operations: { look: [ { sleep: 10ms } ] } }
faults:
  a crash: { ${fault}, every: 50ms, repair: 1ms }
`;

// The chain of a branch that waited for a call, or had come by a router, was lost: in the end no request could be followed.
it.each([
  ['a server is killed', `parallel: [ ${branches} ]`, 'crash: app, how: kill'],
  ['a server loses power', `parallel: [ ${branches} ]`, 'crash: app, how: power'],
  ['a router on the way is killed', 'call: edge, op: look, to: all, timeout: 15ms', 'crash: edge, how: kill'],
  ['a router on the way loses power', 'call: edge, op: look, to: all, timeout: 15ms', 'crash: edge, how: power'],
])('every request is followed after %s', (_what, page, fault) => {
  const { scenario: parsed } = parseScenario(scenario(`{ ${page} }`, fault), 'scenario.yaml');
  for (const plain of [true, false]) {
    const run = new Run(parsed!, { plain, record: true });
    while (run.advance(1_000_000));
    const [stage] = decodeRecording(run.recording()).recording!.stages;
    expect(stage.requestsEnded).toBeGreaterThan(1000);
    expect(stage.requestsFollowed).toBe(stage.requestsEnded);
  }
});
