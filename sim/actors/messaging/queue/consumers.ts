/**
 * Who takes messages: an entry for each queue and each instance that consumes from it, with what the broker believes of
 * it and what the library in its process believes of the broker.
 */
import type { World } from '../../../engine/world.ts';
import type { QueueBrokerSettings } from '../queue.settings.ts';

export interface Consumer {
  queue: number;
  node: number;
  operation: number;
  prefetch: number;
  /** The broker's: may it be sent messages, how many has it got, when was it last heard of. */
  isSubscribed: boolean;
  unacknowledged: number;
  heardNs: number;
  /** The library's: does it have a connection, when did it last hear of the broker. */
  isConnected: boolean;
  brokerHeardNs: number;
}

export class Consumers {
  readonly all: Consumer[] = [];
  readonly ofQueue: number[][];
  private readonly ofNode = new Map<number, number[]>();
  private readonly turns: Int32Array;

  constructor(own: QueueBrokerSettings, world: World) {
    this.ofQueue = own.queues.map(() => []);
    this.turns = new Int32Array(own.queues.length);
    own.queues.forEach(({ consumers }, queue) => {
      for (const { server, op, prefetch } of consumers) {
        const c = world.components.name.indexOf(server);
        const operation = world.operations.indexOf(op);
        for (let i = 0; i < world.components.nodeCount[c]; i++)
          this.add({ queue, node: world.components.firstNode[c] + i, operation, prefetch });
      }
    });
  }

  private add(what: Pick<Consumer, 'queue' | 'node' | 'operation' | 'prefetch'>): void {
    const state = { isSubscribed: false, unacknowledged: 0, heardNs: 0, isConnected: false, brokerHeardNs: 0 };
    const number = this.all.push({ ...what, ...state }) - 1;
    this.ofQueue[what.queue].push(number);
    const list = this.ofNode.get(what.node);
    if (list === undefined) this.ofNode.set(what.node, [number]);
    else list.push(number);
  }

  /** Consumers in the process at a node. */
  at(node: number): readonly number[] {
    return this.ofNode.get(node) ?? NOBODY;
  }

  nodes(): Iterable<number> {
    return this.ofNode.keys();
  }

  /** Whose turn it is among those of a queue that may have one more, -1: nobody's. */
  next(queue: number): number {
    const list = this.ofQueue[queue];
    for (let i = 0; i < list.length; i++) {
      const at = (this.turns[queue] + i) % list.length;
      const consumer = this.all[list[at]];
      if (!consumer.isSubscribed || consumer.unacknowledged >= consumer.prefetch) continue;
      this.turns[queue] = at + 1;
      return list[at];
    }
    return -1;
  }
}

const NOBODY: readonly number[] = [];
