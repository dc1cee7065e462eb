/**
 * Paths between components: how long a message takes, whether it is lost, whether it can pass at all.
 *
 * A lost segment of a connection is sent again after a retransmission timeout of 200 ms that doubles (Linux
 * TCP_RTO_MIN; RFC 6298), so loss shows as latency. A cut drops everything in both directions, and the sender is
 * not told. Messages between nodes of one actor (heartbeats, votes) are datagrams: a lost one is gone.
 */
import type { Sampler } from '../random/sampler.ts';

const RETRANSMIT_NS = 200_000_000;
const MOST_RETRANSMITS = 15;

export interface PathSpec {
  from: number;
  to: number;
  delay: number;
  response: number;
  loss: number;
}

export class Network {
  readonly delay: Int32Array;
  readonly response: Int32Array;
  readonly loss: Float64Array;
  /** Distribution added by a fault, -1: none. */
  readonly added: Int32Array;
  /** Constant delays, -1 where the delay varies: the fast way. */
  private readonly quick: Float64Array;
  private readonly quickBack: Float64Array;
  /** Active cuts: for each, the side (1, 2, …) of every node; 0 is on no side. */
  private cuts: Uint8Array[] = [];
  readonly out = new Float64Array(1);

  constructor(
    readonly specs: readonly PathSpec[],
    private readonly sampler: Sampler,
  ) {
    this.delay = Int32Array.from(specs, (s) => s.delay);
    this.response = Int32Array.from(specs, (s) => s.response);
    this.loss = Float64Array.from(specs, (s) => s.loss);
    this.added = new Int32Array(specs.length).fill(-1);
    this.quick = new Float64Array(specs.length);
    this.quickBack = new Float64Array(specs.length);
    for (let i = 0; i < specs.length; i++) this.refresh(i);
  }

  /** After a fault changed a path. */
  refresh(path: number): void {
    const plain = this.loss[path] === 0 && this.added[path] === -1;
    const sampler = this.sampler;
    const d = this.delay[path];
    const r = this.response[path];
    this.quick[path] = plain && sampler.isConstant(d) ? Math.round(sampler.constant(d)) : -1;
    this.quickBack[path] = plain && sampler.isConstant(r) ? Math.round(sampler.constant(r)) : -1;
  }

  /** Writes the delay of one message into `out[0]`, whole ns; `back` for an answer. Identity and step make it repeatable. */
  travel(path: number, back: boolean, a: number, b: number, step: number): void {
    const quick = back ? this.quickBack[path] : this.quick[path];
    if (quick >= 0) {
      this.out[0] = quick;
      return;
    }
    const sampler = this.sampler;
    sampler.sample(back ? this.response[path] : this.delay[path], a, b, step);
    let time = sampler.out[0];
    if (this.added[path] !== -1) {
      sampler.sample(this.added[path], a, b, step + 0x100000);
      time += sampler.out[0];
    }
    const loss = this.loss[path];
    if (loss > 0) {
      let wait = RETRANSMIT_NS;
      for (let i = 1; i <= MOST_RETRANSMITS; i++) {
        sampler.uniform(a, b, step + 0x200000 + i);
        if (sampler.out[0] >= loss) break;
        time += wait;
        wait *= 2;
      }
    }
    this.out[0] = Math.round(time);
  }

  /** The same for a datagram, whose loss is the sender's affair. */
  travelDatagram(path: number, a: number, b: number, step: number): void {
    const sampler = this.sampler;
    sampler.sample(this.delay[path], a, b, step);
    let time = sampler.out[0];
    if (this.added[path] !== -1) {
      sampler.sample(this.added[path], a, b, step + 1);
      time += sampler.out[0];
    }
    this.out[0] = Math.round(time);
  }

  /** May a message pass between two nodes now? */
  passes(from: number, to: number): boolean {
    for (const side of this.cuts) {
      if (side[from] !== 0 && side[to] !== 0 && side[from] !== side[to]) return false;
    }
    return true;
  }

  get isCut(): boolean {
    return this.cuts.length > 0;
  }

  cut(sides: Uint8Array): void {
    this.cuts.push(sides);
  }

  heal(sides: Uint8Array): void {
    this.cuts = this.cuts.filter((c) => c !== sides);
  }
}
