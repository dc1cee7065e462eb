/** What all parts of a log share: where it is in the world, its settings and layout, its replicas' logs, its books. */
import type { Kernel } from '../../../engine/kernel.ts';
import { Wire } from '../../../engine/messages.ts';
import type { World } from '../../../engine/world.ts';
import type { KafkaSettings } from '../kafka.settings.ts';
import type { Books } from './books.ts';
import type { Clock, Message } from './codes.ts';
import type { Layout } from './layout.ts';
import type { Logs } from './logs.ts';
import type { Compiled } from './programs.ts';

export class Cluster {
  constructor(
    readonly kernel: Kernel,
    readonly world: World,
    readonly component: number,
    readonly firstNode: number,
    readonly own: KafkaSettings,
    readonly compiled: Compiled,
    readonly layout: Layout,
    readonly logs: Logs,
    readonly books: Books,
  ) {}

  get now(): number {
    return this.world.clock[0];
  }

  nodeOf(broker: number): number {
    return this.firstNode + broker;
  }

  nameOf(broker: number): string {
    return this.world.nodes.nameOf(this.firstNode + broker);
  }

  /** A timer of the process at a node: it dies with it. */
  timer(node: number, code: Clock, delayNs: number, value: number, data = 0): void {
    this.kernel.timer(this.component, node, code, delayNs, value, data);
  }

  /** Over a connection that the sender opens. */
  ask(from: number, to: number, code: Message, value: number, data = 0): void {
    this.kernel.message(this.component, from, to, code, value, data, -1, Wire.Connection);
  }

  /** Over the connection that the receiver opened. */
  answer(from: number, to: number, code: Message, value: number, data = 0): void {
    this.kernel.message(this.component, from, to, code, value, data, -1, Wire.Answer);
  }
}
