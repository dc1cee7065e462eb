/**
 * The instances of a group whose number changes: slots that boot, serve, drain and go. Kept by the control plane: a
 * slot's phase is what is wanted of it, whatever state its node is in (an instance that crashed still counts).
 */
import type { Actor } from '../../engine/actor-instance.ts';
import { NodeState } from '../../engine/nodes.ts';

export const enum Phase {
  Off = 0,
  Booting = 1,
  Serving = 2,
  Draining = 3,
}

/** Codes of the fleet's timers. */
export const enum FleetCode {
  Booted = 1,
  Look = 2,
}

/** How often an instance that drains looks whether it still has requests. */
const LOOK_NS = 100_000_000;

export class Fleet {
  readonly phase: Uint8Array;
  /** When the slot began to serve, ns; -Infinity: it has always served. */
  readonly readyNs: Float64Array;
  private readonly until: Float64Array;
  /** Counts the lives of each slot, so that timers of a life that ended early are recognised. */
  private readonly life: Int32Array;
  private most = 0;

  constructor(
    private readonly actor: Actor,
    private readonly bootNs: number,
    private readonly drainNs: number,
  ) {
    const n = actor.nodeCount;
    this.phase = new Uint8Array(n);
    this.readyNs = new Float64Array(n).fill(-Infinity);
    this.until = new Float64Array(n);
    this.life = new Int32Array(n);
  }

  /** Before time zero: who is up serves. */
  start(): void {
    const { kernel, world } = this.actor;
    const { nodes } = world;
    kernel.outages.expectDeaths();
    for (let slot = 0; slot < this.phase.length; slot++) {
      if (nodes.accepts(this.nodeOf(slot))) this.phase[slot] = Phase.Serving;
    }
    this.resetFigures();
  }

  /** Instances that are wanted: booting or serving. */
  get count(): number {
    let count = 0;
    for (const phase of this.phase) if (phase === Phase.Booting || phase === Phase.Serving) count++;
    return count;
  }

  nodeOf(slot: number): number {
    return this.actor.firstNode + slot;
  }

  /** Boots and retires instances until `wanted` are left; where every slot is taken, when one becomes free. */
  adjust(wanted: number): void {
    let count = this.count;
    for (; count < wanted; count++) {
      const slot = this.phase.indexOf(Phase.Off);
      if (slot < 0) break;
      this.boot(slot);
    }
    for (; count > wanted; count--) this.retire(this.victim());
  }

  /** A timer of the fleet. True: a slot has become free. */
  onTimer(code: number, slot: number, life: number): boolean {
    if (this.life[slot] !== life) return false;
    if (code === FleetCode.Booted) this.open(slot);
    else return this.look(slot);
    return false;
  }

  private boot(slot: number): void {
    this.phase[slot] = Phase.Booting;
    this.actor.kernel.outages.boot(this.nodeOf(slot));
    this.after(FleetCode.Booted, ++this.life[slot], slot, this.bootNs);
    this.most = Math.max(this.most, this.inUse);
  }

  private open(slot: number): void {
    const { kernel, world } = this.actor;
    const node = this.nodeOf(slot);
    this.phase[slot] = Phase.Serving;
    this.readyNs[slot] = world.clock[0];
    kernel.outages.restart(node);
    world.history.add('ready', this.actor.component, node, `${world.nodes.nameOf(node)} is ready`);
    this.register();
  }

  /**
   * Who has to go: as in a Kubernetes ReplicaSet, first who does not serve yet, then who is dead, then who has served
   * for the shortest time.
   */
  private victim(): number {
    let chosen = -1;
    for (let slot = 0; slot < this.phase.length; slot++) {
      if (this.phase[slot] !== Phase.Booting && this.phase[slot] !== Phase.Serving) continue;
      if (
        chosen < 0 ||
        this.rank(slot) < this.rank(chosen) ||
        (this.rank(slot) === this.rank(chosen) && this.readyNs[slot] >= this.readyNs[chosen])
      )
        chosen = slot;
    }
    return chosen;
  }

  private rank(slot: number): number {
    if (this.phase[slot] === Phase.Booting) return 0;
    return this.isDead(slot) ? 1 : 2;
  }

  private isDead(slot: number): boolean {
    const state = this.actor.world.nodes.state[this.nodeOf(slot)];
    return state === NodeState.Killed || state === NodeState.Silent;
  }

  /** Takes a slot out of the registry; it goes when it has no more requests, or when it has drained long enough. */
  private retire(slot: number): void {
    const { world } = this.actor;
    const node = this.nodeOf(slot);
    if (this.phase[slot] === Phase.Booting) {
      this.turnOff(slot);
      return;
    }
    this.phase[slot] = Phase.Draining;
    this.until[slot] = world.clock[0] + this.drainNs;
    if (world.nodes.state[node] === NodeState.Up) world.nodes.setState(node, NodeState.Draining);
    this.register();
    if (this.isDead(slot) || this.drainNs === 0) this.turnOff(slot);
    else this.lookLater(slot);
  }

  /** True: it is gone. */
  private look(slot: number): boolean {
    const { world } = this.actor;
    const isOver = world.clock[0] >= this.until[slot];
    if (isOver || this.isDead(slot) || world.nodes.inside(this.nodeOf(slot)) === 0) {
      this.turnOff(slot);
      return true;
    }
    this.lookLater(slot);
    return false;
  }

  private lookLater(slot: number): void {
    this.after(FleetCode.Look, this.life[slot], slot, Math.min(LOOK_NS, this.until[slot] - this.actor.world.clock[0]));
  }

  private turnOff(slot: number): void {
    const { kernel, world } = this.actor;
    const node = this.nodeOf(slot);
    const left = world.nodes.inside(node);
    this.phase[slot] = Phase.Off;
    this.life[slot]++;
    kernel.outages.turnOff(node);
    const rest = left === 0 ? '' : `; ${left} ${left === 1 ? 'request is' : 'requests are'} reset`;
    world.history.add('drained', this.actor.component, node, `${world.nodes.nameOf(node)} is gone${rest}`, left);
    kernel.directoryChanged(this.actor.component);
  }

  /** Writes who serves into the registry, and tells who listens. */
  private register(): void {
    const { kernel, world } = this.actor;
    const serving: number[] = [];
    this.phase.forEach((phase, slot) => {
      if (phase === Phase.Serving) serving.push(this.nodeOf(slot));
    });
    world.components.directory[this.actor.component] = Int32Array.from(serving);
    kernel.directoryChanged(this.actor.component);
  }

  private after(code: FleetCode, life: number, slot: number, delayNs: number): void {
    this.actor.kernel.timer(this.actor.component, -1, code, delayNs, slot, life);
  }

  private get inUse(): number {
    return this.phase.length - this.phase.reduce((off, phase) => (phase === Phase.Off ? off + 1 : off), 0);
  }

  resetFigures(): void {
    this.most = this.inUse;
  }

  /** Most and mean instances in use (booting, serving or draining) in the window. */
  figures(): { instancesMax: number; instancesMean: number } {
    const { nodes, clock, windowStartNs } = this.actor.world;
    let used = 0;
    for (let slot = 0; slot < this.phase.length; slot++) used += nodes.usedNs(this.nodeOf(slot));
    return { instancesMax: this.most, instancesMean: used / Math.max(1, clock[0] - windowStartNs) };
  }
}
