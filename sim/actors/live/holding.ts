/**
 * The connections that each instance of a gateway holds: opening, closing, draining, losing them all, and how many there
 * are over time.
 */
import type { Actor } from '../../engine/actor-instance.ts';
import { NodeState } from '../../engine/nodes.ts';
import { Id, ICol, Status, Stride } from '../../engine/rows.ts';
import { Levels } from '../../statistics/level.ts';
import { GatewayCode } from '../../workload/live/codes.ts';
import type { LiveUsers } from '../../workload/live/live-users.ts';

/** Connections of one instance side by side: number of the population, and slot. */
interface Held {
  populations: number[];
  slots: number[];
}

/** The closings of a drain come so often. */
const DRAIN_EVERY_NS = 100_000_000;

/** Who wants to know which rooms have somebody at an instance. */
interface RoomListener {
  roomChanged(node: number, population: number, room: number, isThere: boolean): void;
}

export class Holding {
  /** A bus with a channel for each room. */
  bus: RoomListener | null = null;
  /** Members of each room at each instance, by population and room; only for a bus. */
  private members: Map<number, number>[] = [];
  private held: Held[] = [];
  private levels!: Levels;
  /** Who has been told to go. */
  private readonly drains: Uint8Array;

  /** @param bytes memory of a connection, beyond what a request takes */
  constructor(
    private readonly actor: Actor,
    private readonly bytes: number,
  ) {
    this.drains = new Uint8Array(actor.nodeCount);
  }

  start(): void {
    if (this.bytes !== 0) this.actor.kernel.outages.expectDeaths();
    this.held = Array.from({ length: this.actor.nodeCount }, () => ({ populations: [], slots: [] }));
    this.members = this.held.map(() => new Map());
    this.levels = new Levels(this.actor.nodeCount, this.actor.world.clock);
  }

  at(node: number): Held {
    return this.held[node - this.actor.firstNode];
  }

  count(node: number): number {
    return this.at(node).slots.length;
  }

  isTaking(node: number): boolean {
    return this.drains[node - this.actor.firstNode] === 0;
  }

  usersAt(held: Held, place: number): LiveUsers {
    return this.actor.world.populations[held.populations[place]].live!;
  }

  /** The row of a handshake stays as the connection. Returns the slot. */
  open(live: LiveUsers, row: number, node: number): number {
    const { rows, nodes, clock } = this.actor.world;
    const { connections } = live;
    const { I } = rows;
    const at = row * Stride.I;
    const client = I[I[at + ICol.Parent] * Stride.I + ICol.Node];
    const slot = connections.accept(I[at + ICol.User], node, row, client);
    const held = this.at(node);
    connections.routed[slot] = I[at + ICol.Via] === Id.None ? 0 : 1;
    connections.serverHeard[slot] = clock[0];
    connections.place[slot] = held.slots.push(slot) - 1;
    held.populations.push(I[at + ICol.Op] >> 16);
    this.levels.change(node - this.actor.firstNode, 1);
    this.countMember(live, node, I[at + ICol.Op] >> 16, I[at + ICol.User], 1);
    if (this.bytes !== 0) this.actor.kernel.frames.holdings.useMemory(node, nodes.machine[node], this.bytes);
    return slot;
  }

  private countMember(live: LiveUsers, node: number, population: number, user: number, change: 1 | -1): void {
    if (this.bus === null || live.rooms === null) return;
    const members = this.members[node - this.actor.firstNode];
    const room = live.rooms.of(user);
    const key = population * 4294967296 + room;
    const count = (members.get(key) ?? 0) + change;
    if (count === 0) members.delete(key);
    else members.set(key, count);
    if (count === 0 || (count === 1 && change === 1)) this.bus.roomChanged(node, population, room, count > 0);
  }

  /** Was the connection cut by the end of a router that it goes through? */
  isCut(live: LiveUsers, slot: number): boolean {
    const { connections } = live;
    return (
      connections.routed[slot] === 1 && this.actor.world.rows.I[connections.row[slot] * Stride.I + ICol.Via] === Id.None
    );
  }

  /** Ends a connection from this side; the client is told, or is believed to be gone. */
  close(live: LiveUsers, slot: number, tell: boolean): void {
    const { kernel, world } = this.actor;
    const { connections } = live;
    const row = connections.row[slot];
    this.forget(live, slot);
    if (!tell) world.rows.I[row * Stride.I + ICol.Parent] = Id.None;
    kernel.frames.answers.finish(row, Status.Miss);
  }

  /** Takes it out of the books. The last of the list takes its place. */
  private forget(live: LiveUsers, slot: number): void {
    const { world, firstNode } = this.actor;
    const node = live.connections.node[slot];
    const held = this.at(node);
    const place = live.connections.place[slot];
    const last = held.slots.length - 1;
    this.countMember(live, node, held.populations[place], live.connections.user[slot], -1);
    this.usersAt(held, last).connections.place[held.slots[last]] = place;
    held.slots[place] = held.slots[last];
    held.populations[place] = held.populations[last];
    held.slots.pop();
    held.populations.pop();
    this.levels.change(node - firstNode, -1);
    world.machines.useMemory(world.nodes.machine[node], -this.bytes);
    live.connections.closeServer(slot);
  }

  /** The process is gone: its half of all its connections with it. Their rows are freed by the outage. */
  crashed(node: number): void {
    const held = this.at(node);
    while (held.slots.length > 0) {
      const last = held.slots.length - 1;
      this.forget(this.usersAt(held, last), held.slots[last]);
    }
  }

  restarted(node: number): void {
    this.drains[node - this.actor.firstNode] = 0;
  }

  /** Instances that are to go begin to close what they hold. */
  onDirectory(overNs: number): void {
    const { world, firstNode, nodeCount } = this.actor;
    for (let i = 0; i < nodeCount; i++)
      if (this.drains[i] === 0 && world.nodes.state[firstNode + i] === NodeState.Draining)
        this.drain(firstNode + i, overNs);
  }

  /** Takes no more handshakes, and closes what is open evenly over a time. */
  drain(node: number, overNs: number): void {
    this.drains[node - this.actor.firstNode] = 1;
    this.drainOn(node, Math.max(1, Math.round(overNs / DRAIN_EVERY_NS)), 0);
  }

  /** Closes one part of as many as are left. */
  drainOn(node: number, parts: number, _data: number): void {
    const held = this.at(node);
    const { kernel, component, world } = this.actor;
    for (let left = Math.ceil(held.slots.length / parts); left > 0; left--) {
      if ((left & 31) === 1) world.rows.reserve(256);
      this.close(this.usersAt(held, 0), held.slots[0], true);
    }
    if (parts > 1) kernel.timer(component, node, GatewayCode.Drain, DRAIN_EVERY_NS, parts - 1);
  }

  resetFigures(): void {
    this.levels.reset();
  }

  /** Mean connections of all instances together, most of any one; and at the end the fullest instance ÷ their mean. */
  figures(): Record<string, number> {
    const { nodeCount, firstNode, world } = this.actor;
    let total = 0;
    let most = 0;
    let busiest = 0;
    for (let i = 0; i < nodeCount; i++) {
      total += this.levels.mean(i);
      most = Math.max(most, this.levels.max(i));
      busiest = Math.max(busiest, this.held[i].slots.length);
    }
    const open = this.held.reduce((sum, each) => sum + each.slots.length, 0);
    const serving = this.held.filter((_, i) => world.nodes.accepts(firstNode + i)).length;
    return {
      connectionsMean: total,
      connectionsMax: most,
      connectionsImbalance: open === 0 ? 0 : (busiest * serving) / open,
    };
  }

  /** Every connection must be the row it says, here. */
  violation(): string {
    const { rows, nodes } = this.actor.world;
    for (let i = 0; i < this.held.length; i++) {
      const held = this.held[i];
      for (let place = 0; place < held.slots.length; place++) {
        const { connections } = this.usersAt(held, place);
        const slot = held.slots[place];
        const row = connections.row[slot];
        const isHere = rows.I[row * Stride.I + ICol.Node] === this.actor.firstNode + i;
        if (!isHere || rows.I[row * Stride.I + ICol.Key] !== connections.reference(slot))
          return `${nodes.nameOf(this.actor.firstNode + i)} holds a connection that has no row`;
        if (connections.place[slot] !== place) return 'a connection is not where it is listed';
      }
    }
    return '';
  }
}
