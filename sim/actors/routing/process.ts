/**
 * One process of a balancer: its own view of the targets, its policy, its health checks. Several processes of one
 * balancer share nothing but the users' cookies.
 */
import type { Actor } from '../../engine/actor-instance.ts';
import { NodeState } from '../../engine/nodes.ts';
import { ICol, Stride, Status } from '../../engine/rows.ts';
import type { BalancerSettings } from './balancer.settings.ts';
import { Outliers } from './outliers.ts';
import { policyOf, type Policy } from './policy.ts';
import { Code, Probes } from './probes.ts';
import type { Sticky } from './sticky.ts';
import { NOBODY, Standing, Targets } from './targets.ts';

/** Who the targets are, the same for all processes. */
export interface TargetList {
  /** Node of each slot. */
  nodes: Int32Array;
  /** What hashes go by: `app#3`. */
  names: string[];
  weights: Float64Array;
}

export class BalancerProcess {
  readonly targets: Targets;
  private readonly policy: Policy;
  private readonly probes: Probes | null;
  private readonly outliers: Outliers | null;
  /** Targets already tried by requests that are on another try, by their way. */
  private readonly tried = new Map<number, number[]>();
  private isRetrying = false;
  private readonly limit: number;
  private readonly outSince: Float64Array;
  private openSince = -1;
  private isDown = false;
  // Since the end of the warm-up.
  retries = 0;
  ejections = 0;
  private outNs = 0;
  private openNs = 0;

  constructor(
    private readonly actor: Actor,
    private readonly node: number,
    private readonly own: BalancerSettings,
    private readonly list: TargetList,
    private readonly sticky: Sticky | null,
  ) {
    const { world, kernel } = actor;
    const name = world.nodes.nameOf(node);
    const { active, passive } = own.health;
    this.targets = new Targets(list.nodes, list.weights, own.slowStartNs, world.clock);
    this.policy = policyOf(own.policy, this.targets, list.names, world.stream(`${name} choices`));
    this.probes =
      active &&
      new Probes(kernel, actor.component, node, list.nodes, active, world.stream(`${name} probes`), this.verdict);
    this.outliers = passive && new Outliers(list.nodes.length, passive);
    this.limit = own.connections ?? Infinity;
    this.outSince = new Float64Array(list.nodes.length);
    for (let slot = 0; slot < list.nodes.length; slot++) this.register(slot);
    this.changed();
  }

  // The way of a request. Hot.

  /** Slot of the target for a row, NOBODY: it is turned away. */
  choose(row: number): number {
    const { targets } = this;
    let slot: number = NOBODY;
    if (targets.total < this.limit) {
      if (this.sticky !== null) slot = this.sticky.find(row, targets);
      if (slot === NOBODY && targets.choices > 0)
        slot = this.policy.pick(this.actor.world.rows.I[row * Stride.I + ICol.Key]);
    }
    if (this.isRetrying) {
      this.isRetrying = false;
      targets.clearTried();
    }
    if (slot === NOBODY) return NOBODY;
    targets.take(slot);
    this.policy.moved(slot);
    return slot;
  }

  /** An answer is back. True: the request is to be passed on again. */
  returned(row: number, slot: number, status: number): boolean {
    this.targets.give(slot);
    this.policy.moved(slot);
    if (this.sticky !== null) this.sticky.answered(row, slot, status);
    if (status <= Status.Miss) return this.end(row);
    if (this.outliers !== null && status !== Status.Cancelled) this.failed(slot, this.outliers);
    return status === Status.Refused && this.own.retries > 0 ? this.tryAnother(row, slot) : this.end(row);
  }

  /** The answer goes to the caller. */
  private end(row: number): false {
    if (this.own.retries > 0) {
      const way = this.actor.world.rows.I[row * Stride.I + ICol.Via];
      if (this.actor.kernel.frames.ways.tries[way] > 0) this.tried.delete(way);
    }
    return false;
  }

  private tryAnother(row: number, slot: number): boolean {
    const { targets } = this;
    const way = this.actor.world.rows.I[row * Stride.I + ICol.Via];
    const tries = this.actor.kernel.frames.ways.tries[way];
    if (tries >= this.own.retries) return this.end(row);
    const tried = tries === 0 ? [] : this.tried.get(way)!;
    tried.push(slot);
    this.tried.set(way, tried);
    for (const each of tried) targets.addTried(each);
    if (targets.choices === 0) {
      targets.clearTried();
      this.tried.delete(way);
      return false;
    }
    this.isRetrying = true;
    this.retries++;
    return true;
  }

  // Who is in and who is out. Cold.

  private failed(slot: number, outliers: Outliers): void {
    const { targets } = this;
    if (targets.is(slot, Standing.Ejected) || !targets.is(slot, Standing.Member)) return;
    if (!outliers.failed(slot, this.actor.world.clock[0])) return;
    outliers.forget(slot);
    this.ejections++;
    this.judge(slot, Standing.Ejected, true, 'ejects');
    const { ejectNs } = this.own.health.passive!;
    outliers.ends[slot] = this.actor.world.clock[0] + ejectNs;
    this.actor.kernel.timer(this.actor.component, this.node, Code.EjectionEnd, ejectNs, slot);
  }

  private readonly verdict = (slot: number, isHealthy: boolean): void => {
    if (this.targets.is(slot, Standing.Unhealthy) === isHealthy)
      this.judge(slot, Standing.Unhealthy, !isHealthy, 'marks');
  };

  /** Takes a target out for a reason, or takes the reason back. */
  private judge(slot: number, reason: Standing, isOut: boolean, verb: 'marks' | 'ejects'): void {
    const { targets } = this;
    const { history, nodes, clock } = this.actor.world;
    const before = targets.isOut(slot);
    targets.set(slot, reason, isOut);
    if (targets.isOut(slot) === before) return;
    const target = this.list.nodes[slot];
    const component = nodes.component[target];
    const who = nodes.nameOf(this.node);
    const whom = nodes.nameOf(target);
    if (isOut) {
      this.outSince[slot] = clock[0];
      history.add(
        'detected',
        component,
        target,
        verb === 'marks' ? `${who} marks ${whom} unhealthy` : `${who} ejects ${whom}`,
      );
    } else {
      this.outNs += clock[0] - this.outSince[slot];
      targets.warm(slot);
      history.add('recovered-target', component, target, `${who} uses ${whom} again`);
    }
    this.changed();
  }

  private changed(): void {
    const before = this.targets.failsOpen;
    this.targets.refresh();
    this.policy.rebuild();
    if (this.targets.failsOpen === before) return;
    const now = this.actor.world.clock[0];
    if (before) this.openNs += now - this.openSince;
    else this.openSince = now;
  }

  onTimer(code: number, slot: number, data: number): void {
    if (code === Code.Probe) this.probes!.tick(slot, data);
    else if (code === Code.ProbeTimeout) this.probes!.over(slot, data, false);
    else if (this.targets.is(slot, Standing.Ejected) && this.outliers!.ends[slot] <= this.actor.world.clock[0])
      this.judge(slot, Standing.Ejected, false, 'ejects');
  }

  /** News of a probe. */
  probed(slot: number, number: number, isGood: boolean): void {
    this.probes!.over(slot, number, isGood);
  }

  // Who is registered.

  /** Takes over what service discovery says of a slot. True: it said something new. */
  private register(slot: number): boolean {
    const { targets } = this;
    const { nodes, components } = this.actor.world;
    const node = this.list.nodes[slot];
    const isMember = components.directory[nodes.component[node]].includes(node);
    // The registry says whether who has left it is draining or gone.
    const isDraining = !isMember && nodes.state[node] === NodeState.Draining;
    const before = targets.standing[slot];
    targets.set(slot, Standing.Member, isMember);
    targets.set(slot, Standing.Draining, isDraining);
    if (targets.standing[slot] === before) return false;
    if (!isMember) this.dropOut(slot);
    else if (!this.isDown) this.probes?.start(slot);
    return true;
  }

  /** A target left: what was known of its health goes with it. */
  private dropOut(slot: number): void {
    const { targets } = this;
    this.probes?.stop(slot);
    this.outliers?.forget(slot);
    if (targets.isOut(slot)) this.outNs += this.actor.world.clock[0] - this.outSince[slot];
    targets.set(slot, Standing.Unhealthy, false);
    targets.set(slot, Standing.Ejected, false);
  }

  /** The registry of a component changed. */
  onDirectory(component: number): void {
    const { nodes } = this.actor.world;
    let isNew = false;
    for (let slot = 0; slot < this.list.nodes.length; slot++) {
      if (nodes.component[this.list.nodes[slot]] !== component) continue;
      const was = this.targets.is(slot, Standing.Member);
      if (!this.register(slot)) continue;
      isNew = true;
      if (!was && this.targets.is(slot, Standing.Member)) this.targets.warm(slot);
    }
    if (isNew) this.changed();
  }

  // The process's own life.

  /** It died: what it knew is gone, connections through it are cut. */
  onCrash(): void {
    this.isDown = true;
    const now = this.actor.world.clock[0];
    for (let slot = 0; slot < this.targets.size; slot++) {
      if (this.targets.isOut(slot)) this.outNs += now - this.outSince[slot];
      this.probes?.stop(slot);
      this.outliers?.forget(slot);
    }
    this.tried.clear();
    this.targets.forget();
    this.changed();
  }

  onRestart(): void {
    this.isDown = false;
    for (let slot = 0; slot < this.targets.size; slot++)
      if (this.targets.is(slot, Standing.Member)) this.probes?.start(slot);
  }

  // Figures.

  resetFigures(): void {
    const now = this.actor.world.clock[0];
    this.retries = 0;
    this.ejections = 0;
    this.outNs = 0;
    this.openNs = 0;
    this.outSince.fill(now);
    this.openSince = now;
    this.targets.passed.fill(0);
  }

  /** Seconds that targets were out, added up over the targets. */
  get unhealthySeconds(): number {
    let time = this.outNs;
    const now = this.actor.world.clock[0];
    for (let slot = 0; slot < this.targets.size; slot++)
      if (this.targets.isOut(slot)) time += now - this.outSince[slot];
    return time / 1e9;
  }

  /** Seconds in which all targets were out, and all used nevertheless. */
  get failOpenSeconds(): number {
    return (this.openNs + (this.targets.failsOpen ? this.actor.world.clock[0] - this.openSince : 0)) / 1e9;
  }

  violation(): string {
    const through = this.actor.kernel.frames.ways.through(this.node);
    if (through !== this.targets.total)
      return `${this.targets.total} requests are outstanding by the books, ${through} in fact`;
    return this.targets.violation();
  }
}
