/**
 * Which point of presence a request reaches: the nearest of those whose address the network announces.
 *
 * All of them share one address (anycast). Each sends keep-alives over its BGP session to the network; when none has
 * come for the hold time its route is withdrawn and the next nearest takes over, and when it speaks again it is
 * announced again (RFC 4271: a keep-alive every third of the hold time; that of each begins at a random moment). Until the withdrawal the network goes on
 * delivering requests to a machine that does not answer.
 */
import type { Actor } from '../../../engine/actor-instance.ts';
import type { Memory } from '../../../engine/memory.ts';
import { Lookup, LookupRoute } from '../../../engine/key-records.ts';
import { Id } from '../../../engine/rows.ts';

const UNIT = 0x40000000;

export class Anycast {
  private readonly isAnnounced: Uint8Array;
  private readonly heardAt: Float64Array;
  /** By place, `room` numbers each: how many of those that are announced are nearest, and which. Also read by the core. */
  private readonly nearest: Int32Array;
  private readonly room: number;

  /**
   * @param cdn whose nodes these are
   * @param holdNs time without a keep-alive after which a route is withdrawn
   * @param keepAlive code of the timers of points of presence
   * @param hold code of the timers of the network
   */
  constructor(
    private readonly cdn: Actor,
    private readonly holdNs: number,
    private readonly keepAlive: number,
    private readonly hold: number,
  ) {
    this.isAnnounced = new Uint8Array(cdn.nodeCount).fill(1);
    this.heardAt = new Float64Array(cdn.nodeCount);
    this.room = 1 + cdn.nodeCount;
    this.nearest = cdn.world.memory.i32s(cdn.world.places.count * this.room);
    this.refresh();
    const phases = cdn.world.stream(`${cdn.name} keep-alives`);
    for (let pop = 0; pop < cdn.nodeCount; pop++) {
      this.speak(pop, phases.below(UNIT) / UNIT);
      this.listen(pop);
    }
  }

  /** Tells the core how calls come to a point of presence. */
  publish(memory: Memory, lookup: Int32Array): void {
    const { ofNode } = this.cdn.world.places;
    const placeOf = memory.i32s(ofNode.length);
    placeOf.set(ofNode);
    lookup[Lookup.Routes] = LookupRoute.Nearest;
    lookup[Lookup.PlaceOf] = placeOf.byteOffset;
    lookup[Lookup.Nearest] = this.nearest.byteOffset;
    lookup[Lookup.NearestRoom] = this.room;
  }

  /** The node that traffic of a user at this node reaches, Id.None: no route. Hot. */
  from(node: number, user: number): number {
    const { nearest } = this;
    const list = this.cdn.world.places.ofNode[node] * this.room;
    return nearest[list] === 0 ? Id.None : nearest[list + 1 + ((user >>> 0) % nearest[list])];
  }

  /** A keep-alive: it is due at a point of presence, which lives. The next one comes after this part of the usual time. */
  speak(pop: number, part = 1): void {
    const { kernel, component, firstNode, world } = this.cdn;
    this.heardAt[pop] = world.clock[0];
    kernel.timer(component, firstNode + pop, this.keepAlive, (part * this.holdNs) / 3);
    if (this.isAnnounced[pop] === 1) return;
    this.announce(pop, true);
    this.listen(pop);
  }

  /** The hold timer of the network. */
  check(pop: number): void {
    if (this.cdn.world.clock[0] - this.heardAt[pop] >= this.holdNs) this.announce(pop, false);
    else this.listen(pop);
  }

  private listen(pop: number): void {
    const { kernel, component, world } = this.cdn;
    kernel.timer(component, Id.None, this.hold, this.heardAt[pop] + this.holdNs - world.clock[0], pop);
  }

  private announce(pop: number, on: boolean): void {
    const { world, component, firstNode } = this.cdn;
    const node = firstNode + pop;
    const name = world.nodes.nameOf(node);
    this.isAnnounced[pop] = on ? 1 : 0;
    if (on) world.history.add('recovered-target', component, node, `the network announces ${name} again`);
    else world.history.add('detected', component, node, `the network withdraws the route to ${name}`);
    this.refresh();
  }

  private refresh(): void {
    const { places } = this.cdn.world;
    for (let place = 0; place < places.count; place++) {
      const list = this.nearestTo(place);
      this.nearest.set([list.length, ...list], place * this.room);
    }
  }

  private nearestTo(place: number): number[] {
    const { world, firstNode, nodeCount } = this.cdn;
    const { places } = world;
    let best = Infinity;
    let list: number[] = [];
    for (let pop = 0; pop < nodeCount; pop++) {
      if (this.isAnnounced[pop] === 0) continue;
      const at = places.ofNode[firstNode + pop];
      const far = at === place ? -1 : places.distanceNs(place, at);
      if (far < best) {
        best = far;
        list = [];
      }
      if (far === best) list.push(firstNode + pop);
    }
    return list;
  }
}
