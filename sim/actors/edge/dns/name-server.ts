/**
 * One name server: which addresses it believes healthy, from probes of its own, and which one its next answer holds.
 * Name servers of one name share nothing.
 */
import type { Actor } from '../../../engine/actor-instance.ts';
import { Health } from '../../routing/health.ts';
import { policyOf, type Policy } from '../../routing/policy.ts';
import { NOBODY, Targets } from '../../routing/targets.ts';
import type { DnsSettings } from '../dns.settings.ts';
import type { AddressList } from './addresses.ts';
import { Preference } from './preference.ts';
import { Tiers } from './tiers.ts';

export class NameServer {
  readonly targets: Targets;
  readonly health: Health;
  private readonly policy: Policy | null;
  private readonly tiers: Tiers | null;
  /** Of the policy `failover`. */
  private readonly preference: Preference | null;

  constructor(actor: Actor, node: number, own: DnsSettings, list: AddressList) {
    const { world } = actor;
    const { policy } = own;
    this.targets = new Targets(list.nodes, list.weights, 0, world.clock);
    if (policy.kind === 'latency' || policy.kind === 'geo' || policy.kind === 'failover') {
      this.tiers = new Tiers(this.targets, list.owners, policy, world.places);
      this.policy = null;
    } else {
      this.tiers = null;
      this.policy = policyOf(
        { kind: policy.kind },
        this.targets,
        list.names,
        world.stream(`${world.nodes.nameOf(node)} answers`),
      );
    }
    this.preference = policy.kind === 'failover' ? this.preferenceOf(actor, node, own, policy.order, list) : null;
    const probing = { health: { active: own.health, passive: null } };
    this.health = new Health(actor, node, probing, this.targets, () => this.changed());
  }

  private preferenceOf(
    actor: Actor,
    node: number,
    { failbackNs = 0 }: DnsSettings,
    names: readonly string[],
    { owners }: AddressList,
  ): Preference {
    const order = Int32Array.from(owners, (owner) => names.indexOf(owner));
    return new Preference(actor, node, this.targets, order, names, failbackNs);
  }

  /** Other addresses than before are to be given out. */
  private changed(): void {
    this.policy?.rebuild();
    this.preference?.changed();
  }

  /** The address for a caller in this place, NOBODY: nobody is registered. */
  answer(place: number): number {
    if (this.preference !== null) return this.tiers!.pickIn(place, this.preference.current());
    if (this.tiers !== null) return this.tiers.pick(place);
    return this.targets.activeCount === 0 ? NOBODY : this.policy!.pick(0);
  }
}
