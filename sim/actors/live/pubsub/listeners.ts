/**
 * The library in the processes of gateways: what each of them wants to hear of, and that every instance knows it, also
 * after one of them has been restarted.
 */
import type { Actor } from '../../../engine/actor-instance.ts';
import { Wire } from '../../../engine/messages.ts';
import { Gateway } from '../gateway.ts';
import type { PubsubSettings } from '../pubsub.settings.ts';
import { channelOf, roomOf } from './channels.ts';
import { Code } from './codes.ts';
import { Subscriptions } from './subscriptions.ts';

export class Listeners {
  private readonly byRoom: boolean;
  private readonly wanted = new Subscriptions();
  private gateways: Gateway[] = [];

  constructor(
    private readonly actor: Actor,
    private readonly own: PubsubSettings,
  ) {
    this.byRoom = own.channels === 'room';
  }

  start(): void {
    const { world, name } = this.actor;
    this.gateways = world.actors.filter(
      (actor): actor is Gateway => actor instanceof Gateway && actor.settings.listens === name,
    );
    for (const gateway of this.gateways) gateway.holding.bus = this.byRoom ? this : null;
    for (const node of this.nodes()) {
      world.rows.reserve(64);
      this.listen(node);
    }
  }

  has(component: number): boolean {
    return this.gateways.some((gateway) => gateway.component === component);
  }

  /** All that listen. */
  nodes(): number[] {
    return this.gateways.flatMap((g) => Array.from({ length: g.nodeCount }, (_, i) => g.firstNode + i));
  }

  /** A gateway's process begins to listen. */
  private listen(node: number): void {
    if (!this.byRoom) this.wanted.add(0, node);
    this.watch(node);
  }

  /** Asks now and then whether it is still subscribed. */
  private watch(node: number): void {
    this.actor.kernel.timer(this.actor.component, node, Code.Keepalive, this.own.keepaliveNs);
  }

  ask(node: number): void {
    const { kernel, component, firstNode, nodeCount } = this.actor;
    if (this.wanted.has(node))
      for (let i = 0; i < nodeCount; i++)
        kernel.message(component, node, firstNode + i, Code.Ask, 0, 0, -1, Wire.Datagram);
    this.watch(node);
  }

  crashed(node: number): void {
    this.wanted.removeNode(node);
  }

  restarted(node: number): void {
    if (!this.gateways.some((g) => node >= g.firstNode && node < g.firstNode + g.nodeCount)) return;
    this.listen(node);
    const { firstNode, nodeCount } = this.actor;
    if (!this.byRoom) for (let i = 0; i < nodeCount; i++) this.subscribe(firstNode + i, node, 0, true);
  }

  /** A room has its first member at a node, or none any more. */
  roomChanged(node: number, population: number, room: number, isThere: boolean): void {
    const channel = channelOf(population, room);
    if (isThere) this.wanted.add(channel, node);
    else this.wanted.remove(channel, node);
    this.subscribe(this.actor.firstNode + (room % this.actor.nodeCount), node, channel, isThere);
  }

  private subscribe(instance: number, node: number, channel: number, isThere: boolean): void {
    const { kernel, component } = this.actor;
    kernel.message(component, node, instance, Code.Subscribe, isThere ? 1 : 0, channel, -1, Wire.Connection);
  }

  /** An instance does not know the node: it subscribes to all that it wants of that instance. */
  subscribeAgain(node: number, instance: number): void {
    const { world, firstNode, nodeCount } = this.actor;
    let taken = 0;
    for (const channel of this.wanted.of(node)) {
      const isIts = !this.byRoom || firstNode + (roomOf(channel) % nodeCount) === instance;
      if (!isIts) continue;
      if ((taken++ & 63) === 0) world.rows.reserve(256);
      this.subscribe(instance, node, channel, true);
    }
  }

  /** A message has come to a gateway. */
  received(node: number, population: number, post: number): void {
    const { components, nodes } = this.actor.world;
    (components.actor[nodes.component[node]] as Gateway).received(node, population, post);
  }
}
