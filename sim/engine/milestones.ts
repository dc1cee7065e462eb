/**
 * Boundaries of time, where statistics need something done: the end of the warm-up, 256 checkpoints, the looks of a
 * watcher, the end.
 */
import type { Outcomes } from '../workload/outcomes.ts';
import { CHECKPOINTS, type Fingerprint } from './fingerprint.ts';
import { Num } from './slots.ts';
import type { World } from './world.ts';

/** Who looks at the run between events, at times of its own choosing, and changes nothing: a recorder. */
export interface Watcher {
  /** When it looks next, ns; grows with every look. */
  nextNs: number;
  look(): void;
}

export class Milestones {
  /** The next one, ns: what is due later has to wait. */
  readonly limit: Float64Array;
  /** The last one has passed. */
  finished = false;
  /** Called at the end of the warm-up, by those who keep figures. */
  readonly onWindow: (() => void)[] = [];
  /** Called before somebody counts what has been sent, with the time: at the end of the warm-up and of the run. */
  onCount: (boundaryNs: number) => void = () => {};
  private watcher: Watcher | null = null;
  private checkpointsDone = 0;
  private windowOpen = false;

  constructor(
    private readonly world: World,
    private readonly outcomes: Outcomes,
    private readonly fingerprint: Fingerprint,
  ) {
    this.limit = world.memory.numbers.subarray(Num.Limit, Num.Limit + 1);
  }

  /** From now on the watcher looks on. */
  watch(watcher: Watcher): void {
    this.watcher = watcher;
    this.setLimit();
  }

  /** Looks which is the next, and up to which one a request may be ended ahead of time. */
  setLimit(): void {
    const { memory } = this.world;
    let seen = this.countsAt();
    if (this.watcher !== null && this.watcher.nextNs < seen) seen = this.watcher.nextNs;
    this.limit[0] = Math.min(seen, this.checkpointAt(this.checkpointsDone + 1));
    const horizon = Math.min(seen, this.checkpointAt(this.checkpointsDone + 2));
    memory.numbers[Num.Horizon] = horizon;
    this.outcomes.reserve(horizon);
  }

  /** When all is counted next, ns. What happens at the very start of the window belongs to it. */
  private countsAt(): number {
    const { windowStartNs, endNs } = this.world;
    return this.windowOpen ? endNs : Math.min(windowStartNs - 1, endNs);
  }

  /** When the k-th checkpoint is, ns. After the last there is the end. */
  private checkpointAt(k: number): number {
    const { endNs } = this.world;
    return k < CHECKPOINTS ? Math.round((endNs * k) / CHECKPOINTS) : endNs;
  }

  /** Nothing is due before the next one: it passes. */
  pass(): void {
    const { clock, windowStartNs, endNs } = this.world;
    clock[0] = this.limit[0];
    if (clock[0] === this.countsAt()) this.onCount(clock[0]);
    if (this.watcher !== null && clock[0] >= this.watcher.nextNs) this.watcher.look();
    if (!this.windowOpen && clock[0] === windowStartNs - 1) {
      clock[0] = windowStartNs;
      this.openWindow();
    }
    if (this.checkpointsDone < CHECKPOINTS && clock[0] >= this.checkpointAt(this.checkpointsDone + 1))
      this.checkpoint();
    if (clock[0] >= endNs && this.checkpointsDone === CHECKPOINTS) this.finished = true;
    else this.setLimit();
  }

  /** A run that ends within its warm-up has an empty window, which begins now. */
  closeEarly(): void {
    if (!this.windowOpen) this.openWindow();
  }

  private openWindow(): void {
    this.windowOpen = true;
    this.world.stations.reset();
    this.world.machines.reset();
    this.world.nodes.reset();
    this.world.ledger.reset();
    this.outcomes.reset();
    for (const actor of this.world.actors) actor.resetFigures();
    for (const { journeys } of this.world.populations) journeys?.resetFigures();
    for (const listener of this.onWindow) listener();
  }

  private checkpoint(): void {
    const { ledger, components } = this.world;
    this.checkpointsDone++;
    for (let c = 0; c < components.count; c++) {
      this.fingerprint.figure(c, 1, ledger.arrivals(c) - ledger.passedAhead[c]);
      this.fingerprint.figure(c, 2, ledger.completed(c) - ledger.passedAhead[c]);
      this.fingerprint.figure(c, 3, ledger.inside(c));
      this.fingerprint.figure(c, 4, ledger.serviceNs(c));
    }
    ledger.passedAhead.fill(0);
    this.fingerprint.checkpoint();
  }
}
