/**
 * One process of a balancer: its own view of the targets, its policy, its health checks. Several processes of one
 * balancer share nothing but the users' cookies.
 */
import type { Actor } from '../../engine/actor-instance.ts';
import { RouterTables } from '../../engine/router-tables.ts';
import { holdsNothingScarce } from '../../engine/holdings.ts';
import { Router } from '../../engine/records.ts';
import { ICol, Stride, Status } from '../../engine/rows.ts';
import { Counter } from '../../random/counter.ts';
import { identityKey } from '../../random/keys.ts';
import type { BalancerSettings } from './balancer.settings.ts';
import { Health } from './health.ts';
import { policyOf, type Policy } from './policy.ts';
import { RandomTarget } from './random.ts';
import type { Sticky } from './sticky.ts';
import { NOBODY, Targets } from './targets.ts';

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
  readonly health: Health;
  private readonly policy: Policy;
  /**
   * What a choice at random is drawn from, null: the policy makes none. Who asks, at a step of the process's own, as all that is random about a request. So two
   * architectures send the same requests to the same targets, and nobody else's change that.
   */
  private readonly draws: Counter | null = null;
  private readonly step: number;
  /** Targets already tried by requests that are on another try, by their way. */
  private readonly tried = new Map<number, number[]>();
  private isRetrying = false;
  private readonly limit: number;
  /** Since the end of the warm-up. */
  retries = 0;

  constructor(
    private readonly actor: Actor,
    private readonly node: number,
    private readonly own: BalancerSettings,
    list: TargetList,
    private readonly sticky: Sticky | null,
  ) {
    const { world } = actor;
    const tables = new RouterTables(world.memory);
    this.targets = new Targets(list.nodes, list.weights, own.slowStartNs, world.clock, tables);
    const name = world.nodes.nameOf(node);
    this.step = identityKey(world.seed, name, 'choices')[0];
    if (own.policy.kind === 'random') {
      this.draws = new Counter();
      this.policy = new RandomTarget(this.targets, this.draws);
      this.targets.letCoreDraw(this.step);
    } else this.policy = policyOf(own.policy, this.targets, list.names, world.stream(`${name} choices`));
    this.limit = own.connections ?? Infinity;
    if (sticky === null && own.connections === null) world.nodes.routeBy(node, tables.address);
    tables.I[Router.Indifferent] = !this.policy.goesByOutstanding && holdsNothingScarce(world, node) ? 1 : 0;
    tables.I[Router.Timeless] = this.isTimeless() ? 1 : 0;
    this.health = new Health(actor, node, own, this.targets, () => this.policy.rebuild());
  }

  /** Does nothing about a choice depend on when it is made, as long as nothing fails, and does every hop to a target take some time? */
  private isTimeless(): boolean {
    const { actor, own, node } = this;
    const { network, nodes } = actor.world;
    if (own.policy.kind !== 'random' || own.connections !== null || own.sticky !== null || own.slowStartNs > 0)
      return false;
    const { active, passive } = own.health;
    if (active !== null || passive !== null || !holdsNothingScarce(actor.world, node)) return false;
    const here = nodes.component[node];
    return network.alwaysTakesTime(({ from }) => from === here);
  }

  /** Slot of the target for a row, NOBODY: it is turned away. Hot. */
  choose(row: number): number {
    const { targets } = this;
    let slot: number = NOBODY;
    if (targets.total < this.limit) {
      if (this.sticky !== null) slot = this.sticky.find(row, targets);
      if (slot === NOBODY && targets.choices > 0) {
        const { I } = this.actor.world.rows;
        const at = row * Stride.I;
        this.draws?.start(I[at + ICol.IdA], I[at + ICol.IdB], this.step);
        slot = this.policy.pick(I[at + ICol.Key]);
      }
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

  /** An answer is back. True: the request is to be passed on again. Hot. */
  returned(row: number, slot: number, status: number): boolean {
    this.targets.give(slot);
    this.policy.moved(slot);
    if (this.sticky !== null) this.sticky.answered(row, slot, status);
    if (status > Status.Miss && status !== Status.Cancelled) this.health.failed(slot);
    if (this.own.retries === 0) return false;
    if (status === Status.Refused && this.tryAnother(row, slot)) return true;
    const way = this.actor.world.rows.I[row * Stride.I + ICol.Via];
    if (this.actor.kernel.frames.ways.triesOf(way) > 0) this.tried.delete(way);
    return false;
  }

  /** Prepares the choice of a target that the request has not tried yet. False: there is none, or it has tried enough. */
  private tryAnother(row: number, slot: number): boolean {
    const { targets } = this;
    const way = this.actor.world.rows.I[row * Stride.I + ICol.Via];
    const tries = this.actor.kernel.frames.ways.triesOf(way);
    if (tries >= this.own.retries) return false;
    const tried = tries === 0 ? [] : this.tried.get(way)!;
    tried.push(slot);
    for (const each of tried) targets.addTried(each);
    if (targets.choices === 0) {
      targets.clearTried();
      return false;
    }
    this.tried.set(way, tried);
    this.isRetrying = true;
    this.retries++;
    return true;
  }

  /** It died: what it knew is gone, connections through it are cut. */
  onCrash(): void {
    this.tried.clear();
    this.targets.forget();
    this.health.onCrash();
  }

  resetFigures(): void {
    this.retries = 0;
    this.targets.passed.fill(0);
    this.health.resetFigures();
  }

  violation(): string {
    return this.targets.violation(this.actor.kernel.frames.ways.through(this.node));
  }
}
