/**
 * Policies that prefer some addresses to others: those in the lowest tier that has a healthy one, in turn.
 *
 * With `latency` the tiers are distances from where the question comes from, with `geo` the target named for the place,
 * else the own zone, the own region, the rest; with `failover` the order in which the targets are named.
 */
import type { Places } from '../../../engine/places.ts';
import { NOBODY, type Targets } from '../../routing/targets.ts';
import type { DnsPolicy } from '../dns.settings.ts';

export type TieredPolicy = Extract<DnsPolicy, { kind: 'latency' | 'geo' | 'failover' }>;

export class Tiers {
  /** By place and slot: lower is better. */
  private readonly tier: Float64Array;
  /** By place: answers given, for the turn among equals. */
  private readonly turn: Int32Array;

  /** @param owners name of the target component of each slot */
  constructor(
    private readonly targets: Targets,
    owners: readonly string[],
    policy: TieredPolicy,
    places: Places,
  ) {
    const { size } = targets;
    this.tier = new Float64Array(places.count * size);
    this.turn = new Int32Array(places.count);
    for (let place = 0; place < places.count; place++)
      for (let slot = 0; slot < size; slot++)
        this.tier[place * size + slot] = tierOf(policy, places, place, places.ofNode[targets.node[slot]], owners[slot]);
  }

  /** The address for whoever asks from this place, NOBODY: there is none. */
  pick(place: number): number {
    const { active, activeCount, size } = this.targets;
    let best = Infinity;
    for (let i = 0; i < activeCount; i++) best = Math.min(best, this.tier[place * size + active[i]]);
    return this.pickIn(place, best);
  }

  /** The same, of one tier. */
  pickIn(place: number, best: number): number {
    const { active, activeCount, size } = this.targets;
    let equals = 0;
    for (let i = 0; i < activeCount; i++) if (this.tier[place * size + active[i]] === best) equals++;
    if (equals === 0) return NOBODY;
    let left = this.turn[place]++ % equals;
    for (let i = 0; ; i++) if (this.tier[place * size + active[i]] === best && left-- === 0) return active[i];
  }
}

function tierOf(policy: TieredPolicy, places: Places, from: number, to: number, owner: string): number {
  if (policy.kind === 'failover') return policy.order.indexOf(owner);
  if (policy.kind === 'latency') return from === to ? -1 : places.distanceNs(from, to);
  const wanted = targetFor(policy.map, places, from);
  if (owner === wanted) return 0;
  if (from === to && from !== 0) return 1;
  return places.regionOf[from] === places.regionOf[to] && from !== 0 ? 2 : 3;
}

/** The target named for a place: for its zone before its region; null: none is. */
function targetFor(map: { place: string; target: string }[], places: Places, place: number): string | null {
  if (place === 0) return null;
  const names = [places.names[place], places.regions[places.regionOf[place]]];
  for (const name of names) {
    const found = map.find((each) => each.place === name);
    if (found !== undefined) return found.target;
  }
  return null;
}
