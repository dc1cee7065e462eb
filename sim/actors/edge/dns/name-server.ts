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
import { Tiers } from './tiers.ts';

export class NameServer {
  readonly targets: Targets;
  readonly health: Health;
  private readonly policy: Policy | null;
  private readonly tiers: Tiers | null;

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
    const probing = { health: { active: own.health, passive: null } };
    this.health = new Health(actor, node, probing, this.targets, () => this.policy?.rebuild());
  }

  /** The address for a caller in this place, NOBODY: nobody is registered. */
  answer(place: number): number {
    if (this.tiers !== null) return this.tiers.pick(place);
    return this.targets.activeCount === 0 ? NOBODY : this.policy!.pick(0);
  }
}
