/** Orders of the page: simulated in full or first in part, refused in words, and the same as from the command line. */
import { describe, expect, it } from 'vitest';
import { parseScenario, Run } from '../../../sim/index.ts';
import { planOf } from '../../../viz/playground/worker/extent.ts';
import { Job, type Step } from '../../../viz/playground/worker/job.ts';
import type { Order } from '../../../viz/playground/worker/messages.ts';

const text = `
name: small
run: { duration: 20s, warmup: 2s, seed: 7 }
clients: { users: { arrivals: { poisson: 40/s }, does: look, entry: app } }
components: { app: { type: server, instances: 2, operations: { look: [ { cpu: 5ms } ] } } }
faults: { late: { crash: 'app#1', at: 19s } }
`;
const order: Order = { text, file: 'small.yaml', stage: 0, changes: [], kills: [], whole: false };

/** All results and refusals of an order. */
function endsOf(wanted: Order): Exclude<Step, { kind: 'more' | 'over' }>[] {
  const job = new Job(wanted);
  const ends: Exclude<Step, { kind: 'more' | 'over' }>[] = [];
  for (;;) {
    const step = job.step(100_000);
    if (step.kind === 'over') return ends;
    if (step.kind === 'more') continue;
    ends.push(step);
    if (step.kind === 'refused') return ends;
  }
}

describe('an order', () => {
  it('without changes is the run of the command line', () => {
    const [end] = endsOf(order);
    const run = new Run(parseScenario(text, 'small.yaml').scenario!);
    while (run.advance(1e6));
    expect(end.kind === 'result' && end.result).toEqual(run.result());
  });

  it('changes what it says, and only that', () => {
    const [end] = endsOf({ ...order, changes: [{ path: ['clients', 'users', 'arrivals', 'poisson'], value: '80/s' }] });
    expect(end.kind === 'result' && end.result.stages[0].demandPerSecond).toBe(80);
  });

  it('kills at the moment it says', () => {
    const [end] = endsOf({ ...order, kills: [{ target: 'app#2', atSeconds: 4.5, forSeconds: null }] });
    const faults = end.kind === 'result' ? end.result.stages[0].failovers : [];
    expect(faults.map(({ component, atSeconds }) => [component, atSeconds])).toContainEqual(['app', 4.5]);
  });

  it('that makes no scenario is refused with the reason of the parser', () => {
    const [end] = endsOf({ ...order, changes: [{ path: ['components', 'app', 'instances'], value: 0 }] });
    expect(end).toMatchObject({ kind: 'refused', problems: [{ message: '0 is too small' }] });
  });

  it('for a stage that is not there is refused', () => {
    expect(endsOf({ ...order, stage: 5 })[0].kind).toBe('refused');
  });

  it('of a big load is shown first in part, without the faults of later, then in full', () => {
    const changes = [{ path: ['clients', 'users', 'arrivals', 'poisson'], value: '5k/s' }];
    const [first, whole, ...more] = endsOf({ ...order, changes });
    if (first.kind !== 'result' || whole.kind !== 'result') throw new Error('refused');
    expect(first.extent).toMatchObject({ goesOn: true, wholeSeconds: 20, faultsLater: ['late'] });
    expect(first.extent.windowSeconds).toBeLessThan(19);
    expect(first.result.stages[0].simulatedSeconds).toBe(first.extent.windowSeconds);
    expect(whole.extent).toMatchObject({ goesOn: false, windowSeconds: 20, faultsLater: [] });
    expect(more).toEqual([]);
  });
});

describe('the plan', () => {
  const stage = { warmupSeconds: 10, windowSeconds: 60 };
  it('is all at once for few events', () => {
    expect(planOf(stage, 100_000, false)).toEqual({ first: null, whole: true });
  });
  it('is a first look, then all', () => {
    const { first, whole } = planOf(stage, 4_000_000, false);
    expect(whole).toBe(true);
    expect(first!.windowSeconds + first!.warmupSeconds).toBeLessThan(10);
    expect(first!.warmupSeconds).toBeLessThan(first!.windowSeconds);
  });
  it('is a first look alone for very many, and all when asked', () => {
    expect(planOf(stage, 1e9, false)).toMatchObject({ whole: false, first: { windowSeconds: 1 } });
    expect(planOf(stage, 1e9, true)).toEqual({ first: null, whole: true });
  });
});
