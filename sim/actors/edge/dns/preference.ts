/**
 * Which target of a `failover` order one name server gives out: the first with a healthy address at once when that of
 * the one it gave out are gone; one that is preferred to it only after this has been healthy for as long as `failback`
 * says, or never.
 */
import type { Actor } from '../../../engine/actor-instance.ts';
import type { Targets } from '../../routing/targets.ts';

export class Preference {
  /** Place in the order of the target that is given out. */
  private held = 0;
  /** By place in the order: since when it has had a healthy address, ns; Infinity: it has none. */
  private readonly sinceNs: Float64Array;

  /**
   * @param order places in the order, by slot of the targets
   * @param names of the targets, by place in the order
   * @param afterNs Infinity: never back by itself
   */
  constructor(
    private readonly actor: Actor,
    private readonly node: number,
    private readonly targets: Targets,
    private readonly order: Int32Array,
    private readonly names: readonly string[],
    private readonly afterNs: number,
  ) {
    this.sinceNs = new Float64Array(names.length).fill(Infinity);
  }

  /** Other addresses than before are healthy. */
  changed(): void {
    const { active, activeCount, failsOpen } = this.targets;
    const now = this.actor.world.clock[0];
    for (let place = 0; place < this.names.length; place++) {
      let isWell = false;
      for (let i = 0; i < activeCount; i++) isWell ||= !failsOpen && this.order[active[i]] === place;
      if (!isWell) this.sinceNs[place] = Infinity;
      else if (this.sinceNs[place] === Infinity) this.sinceNs[place] = now;
    }
  }

  /** Place in the order of the target to give out now. */
  current(): number {
    // Where nobody is healthy all are used, and the first is as good as any.
    if (this.targets.failsOpen) return this.afterNs === 0 ? 0 : this.held;
    const now = this.actor.world.clock[0];
    const isGone = this.sinceNs[this.held] === Infinity;
    for (let place = 0; place < this.names.length; place++) {
      if (place === this.held) continue;
      const isWell = this.sinceNs[place] < Infinity;
      const isDue = isGone || (place < this.held && now - this.sinceNs[place] >= this.afterNs);
      if (!isWell || !isDue) continue;
      this.redirect(place);
      break;
    }
    return this.held;
  }

  private redirect(place: number): void {
    const { world, component } = this.actor;
    this.held = place;
    const text = `${world.nodes.nameOf(this.node)} gives out ${this.names[place]} from now on`;
    world.history.add('redirected', component, this.node, text);
  }
}
