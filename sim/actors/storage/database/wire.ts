/**
 * Messages between nodes: datagrams (heartbeats, votes), which may be lost or overtake each other, and streams (log
 * shipping), which like TCP keep their order and turn loss into delay. Delays are drawn from the component's own
 * identity, so that nobody else's traffic changes them.
 */
import type { Kernel } from '../../../engine/kernel.ts';
import { doublesOf } from '../../../engine/memory.ts';
import { identityKey } from '../../../random/keys.ts';
import type { World } from '../../../engine/world.ts';

const enum Draw {
  Delay = 0x71000000,
  Loss = 0x72000000,
}

export class Wire {
  private readonly a: number;
  private readonly b: number;
  /** Messages sent: one number, which the core counts, too. */
  readonly sent: Float64Array<ArrayBuffer>;

  constructor(
    private readonly kernel: Kernel,
    private readonly world: World,
    private readonly component: number,
  ) {
    [this.a, this.b] = identityKey(world.seed, world.components.name[component], 'wire');
    this.sent = doublesOf(world.memory.i32s(2));
  }

  datagram(from: number, to: number, code: number, value: number, data: number): void {
    const { network, sampler, nodes, pathBetween } = this.world;
    const path = pathBetween(nodes.component[from], nodes.component[to]);
    const b = (this.b + ++this.sent[0]) | 0;
    const loss = network.lossOn(path, from, to);
    if (loss > 0) {
      sampler.uniform(this.a, b, Draw.Loss);
      if (sampler.out[0] < loss) return;
    }
    network.travelDatagram(path, this.a, b, Draw.Delay, from, to);
    this.kernel.message(this.component, from, to, code, value, data, network.out[0]);
  }

  /**
   * Sends on a connection on which the last message arrives at arrivals[at], which is moved on. What a cut swallows is
   * gone: whoever streams notices and sends again.
   */
  stream(
    arrivals: Float64Array,
    at: number,
    from: number,
    to: number,
    code: number,
    value: number,
    data: number,
  ): void {
    const { network, nodes, clock, pathBetween } = this.world;
    const path = pathBetween(nodes.component[from], nodes.component[to]);
    network.travel(path, false, this.a, (this.b + ++this.sent[0]) | 0, Draw.Delay, from, to);
    const due = Math.max(clock[0] + network.out[0], arrivals[at]);
    arrivals[at] = due;
    this.kernel.message(this.component, from, to, code, value, data, due - clock[0]);
  }
}
