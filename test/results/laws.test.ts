/** The laws at the end of a run can fail: a counter that is off by one is found, whichever it is. */
import { describe, expect, it } from 'vitest';
import { actorTypes } from '../../sim/actors/registry.ts';
import { type Compiled, compileStage } from '../../sim/compile/stage.ts';
import { collectStage } from '../../sim/results/collect.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';

const text = `
name: a little of everything
run: { duration: 2s, warmup: 100ms }
clients: { users: { users: 20, think: 20ms, does: ask, entry: lb } }
components:
  lb: { type: balancer, targets: app, cpu: 0.1ms }
  app:
    type: server
    instances: 2
    runtime: { threads: 3 }
    pools: { db: { size: 1 } }
    operations: { ask: [{ cpu: 3ms }, { parallel: [[{ read: db }], [{ sleep: 4ms }]] }] }
  db: { type: database, read: { cpu: 2ms } }
`;
const { scenario } = parseScenario(text, 'laws.yaml', actorTypes, {});
const [stage] = scenario!.stages;

/** A run to its end, with something changed behind its back. */
function after(change: (compiled: Compiled) => void): () => void {
  const compiled = compileStage(stage, actorTypes);
  while (compiled.kernel.advance(10_000));
  change(compiled);
  return () => collectStage(stage, compiled, false);
}

/** Number of a component's first instance. */
const nodeOf = ({ kernel: { world } }: Compiled, name: string): number =>
  world.components.firstNode[world.components.name.indexOf(name)];

describe('the laws at the end of a run', () => {
  it('hold', () => {
    expect(after(() => {})).not.toThrow();
  });

  it.each<[string, (compiled: Compiled) => void, RegExp]>([
    ['a request more', ({ kernel }) => kernel.outcomes.operations[0].offered++, /in flight by the books/],
    ['a request less', ({ kernel }) => kernel.outcomes.operations[0].ended[0]++, /in flight by the books/],
    ['more ends than starts', ({ kernel }) => (kernel.outcomes.operations[0].offered = 0), /ended more requests/],
    ['spans that do not sum', ({ kernel }) => kernel.outcomes.unbalanced++, /do not sum to their latency/],
    ['an arrival too many', ({ kernel }) => kernel.world.ledger.arrive(2), /are inside .* by the books/],
    [
      "a departure earlier than it was: Little's law",
      ({ kernel }) => kernel.world.ledger.addUnfinished(2, 0),
      /Little's law/,
    ],
    [
      'a thread not given back',
      (c) => {
        const { stations, nodes } = c.kernel.world;
        const intake = nodes.intake[nodeOf(c, 'app')];
        stations.setCapacity(intake, stations.capacity(intake) + 1);
        stations.acquire(intake);
      },
      /threads|tokens/,
    ],
    ['a request lost inside', (c) => c.kernel.world.nodes.enter(nodeOf(c, 'app'), -1), /requests inside by the books/],
    ['a connection not closed', ({ kernel }) => kernel.world.machines.connect(0, 1), /connections by the books/],
    ['a job that still runs', ({ kernel }) => kernel.world.machines.I[0]++, /jobs by the books/],
    [
      'memory given back twice',
      ({ kernel }) => kernel.world.machines.useMemory(0, -1 - kernel.world.machines.memoryUsed(0)),
      /bytes of memory/,
    ],
  ])('find %s', (_what, change, message) => {
    expect(after(change)).toThrow(message);
  });
});
