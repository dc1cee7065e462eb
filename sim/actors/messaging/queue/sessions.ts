/**
 * Sessions between consumers and the broker: the library in a consumer's process connects, subscribes and beats; the
 * broker takes those it has not heard of for dead, and so does the library with the broker.
 */
import type { Actor } from '../../../engine/actor-instance.ts';
import { Wire } from '../../../engine/messages.ts';
import { NodeState } from '../../../engine/nodes.ts';
import type { QueueBrokerSettings } from '../queue.settings.ts';
import { Code } from './codes.ts';
import type { Consumers } from './consumers.ts';
import type { Delivery } from './delivery.ts';
import { tell } from './tell.ts';

export class Sessions {
  constructor(
    private readonly actor: Actor,
    private readonly own: QueueBrokerSettings,
    private readonly consumers: Consumers,
    private readonly delivery: Delivery,
  ) {}

  /** Whoever is there when the run begins is connected already. */
  start(): void {
    const { world } = this.actor;
    for (const node of this.consumers.nodes()) {
      world.rows.reserve(64);
      if (!world.nodes.accepts(node)) continue;
      for (const c of this.consumers.at(node)) {
        this.delivery.subscribe(c);
        this.connected(c);
      }
      this.beat(node);
    }
    this.watch();
  }

  /** Their beginning, their beats, their end. @param consumer of `Code.Broken`: which and one more, 0 for all at the node */
  onMessage(code: number, from: number, to: number, consumer: number): void {
    const { actor, consumers, delivery } = this;
    switch (code) {
      case Code.Subscribe:
        delivery.unsubscribe(consumer);
        delivery.subscribe(consumer);
        tell(actor, to, from, Code.Subscribed, consumer, 0, Wire.Answer);
        return;
      case Code.Subscribed:
        this.connected(consumer);
        return;
      case Code.Cancel:
        consumers.all[consumer].isSubscribed = false;
        return;
      case Code.Reset:
        for (const c of consumers.at(from)) delivery.unsubscribe(c);
        return;
      case Code.Beat:
        this.heard(from, to);
        return;
      case Code.BeatBack:
        for (const c of consumers.at(to)) consumers.all[c].brokerHeardNs = actor.world.clock[0];
        return;
      default:
        // The broker's machine resets the connections of a consumer.
        for (const c of consumers.at(to))
          if (consumer === 0 || consumer === c + 1) consumers.all[c].isConnected = false;
    }
  }

  // In the broker.

  private heard(from: number, to: number): void {
    const { actor, consumers } = this;
    for (const c of consumers.at(from)) {
      consumers.all[c].heardNs = actor.world.clock[0];
      // A session of an earlier life of the broker: its machine knows no such connection.
      if (!consumers.all[c].isSubscribed) tell(actor, to, from, Code.Broken, c + 1, 0, Wire.Answer);
    }
    tell(actor, to, from, Code.BeatBack, 0, 0, Wire.Answer);
  }

  /** Looks now and then who has been silent. */
  watch(): void {
    this.actor.kernel.timer(this.actor.component, this.actor.firstNode, Code.Sweep, this.own.heartbeatNs / 2);
  }

  /** Consumers that have been silent for too long are taken for dead. */
  sweep(): void {
    const now = this.actor.world.clock[0];
    this.consumers.all.forEach((c, number) => {
      const isHeld = c.isSubscribed || c.unacknowledged > 0;
      if (isHeld && now - c.heardNs > 2 * this.own.heartbeatNs) this.delivery.unsubscribe(number);
    });
    this.watch();
  }

  /** The broker's process has died, its machine resets the connections. @param room makes room for a message */
  breakAll(room: () => void): void {
    const { actor } = this;
    for (const host of this.consumers.nodes()) {
      room();
      tell(actor, actor.firstNode, host, Code.Broken, 0, 0, Wire.Answer);
    }
  }

  // In the processes of consumers.

  private connected(consumer: number): void {
    const c = this.consumers.all[consumer];
    c.isConnected = true;
    c.brokerHeardNs = this.actor.world.clock[0];
  }

  /** The library at a node finds its connections reset. */
  disconnected(node: number): void {
    for (const c of this.consumers.at(node)) this.consumers.all[c].isConnected = false;
  }

  /** The library beats while it is connected, and connects while it is not. */
  beat(node: number): void {
    const { actor, consumers, own } = this;
    const { world, firstNode } = actor;
    const list = consumers.at(node).map((c) => consumers.all[c]);
    for (const c of list) if (world.clock[0] - c.brokerHeardNs > 2 * own.heartbeatNs) c.isConnected = false;
    const isConnected = list.every((c) => c.isConnected);
    if (list.some((c) => c.isConnected)) tell(actor, node, firstNode, Code.Beat, 0, 0, Wire.Connection);
    if (world.nodes.state[node] === NodeState.Up)
      for (const c of consumers.at(node))
        if (!consumers.all[c].isConnected) tell(actor, node, firstNode, Code.Subscribe, c, 0, Wire.Connection);
    const wait = isConnected ? Math.min(own.reconnectNs, own.heartbeatNs / 2) : own.reconnectNs;
    actor.kernel.timer(actor.component, node, Code.BeatAgain, wait);
  }

  /** Instances that are to go take no more. */
  drained(component: number): void {
    const { actor, consumers } = this;
    const { components, nodes } = actor.world;
    const first = components.firstNode[component];
    for (let node = first; node < first + components.nodeCount[component]; node++) {
      if (nodes.state[node] !== NodeState.Draining) continue;
      for (const c of consumers.at(node)) tell(actor, node, actor.firstNode, Code.Cancel, c, 0, Wire.Connection);
    }
  }

  /** The process at a node has died; when only it has, its machine resets the connection. */
  crashed(node: number, how: 'kill' | 'power'): void {
    this.disconnected(node);
    if (how === 'kill' && this.consumers.at(node).length > 0)
      tell(this.actor, node, this.actor.firstNode, Code.Reset, 0, 0, Wire.Answer);
  }

  restarted(node: number): void {
    if (this.consumers.at(node).length > 0) this.beat(node);
  }
}
