/**
 * Paths between components: how long a message takes, whether it is lost, whether it can pass at all.
 *
 * A lost segment of a connection is sent again after a retransmission timeout of 200 ms that doubles (Linux
 * TCP_RTO_MIN; RFC 6298), so loss shows as latency. A cut drops everything in both directions, and the sender is
 * not told. Messages between nodes of one actor (heartbeats, votes) are datagrams: a lost one is gone.
 */
import type { Sampler } from '../random/sampler.ts';
import { LooseTables, type Tables } from './memory.ts';
import type { Places } from './places.ts';
import { Id } from './rows.ts';
import { Cell, Slot } from './slots.ts';
import type { Wires } from './wires.ts';

const RETRANSMIT_NS = 200_000_000;
const MOST_RETRANSMITS = 15;

export interface PathSpec {
  from: number;
  to: number;
  delay: number;
  response: number;
  loss: number;
  /** Where an end stands in several places: distribution of the delay from each place to each, row by row. */
  spread?: Int32Array;
}

export class Network {
  readonly delay: Int32Array;
  readonly response: Int32Array;
  readonly loss: Float64Array;
  /** Distributions added by faults, by path. */
  private readonly added: number[][];
  /** Losses added by faults, by path. */
  private readonly lossy: number[][];
  /** Constant delays, -1 where the delay varies: the fast way. */
  readonly quick: Float64Array;
  readonly quickBack: Float64Array;
  /** Active cuts: for each, the side (1, 2, …) of every node; 0 is on no side. */
  private cuts: Uint8Array[] = [];
  /** Is any cut active? */
  get isCut(): boolean {
    return this.cells[Cell.Cut] !== 0;
  }

  private readonly cells: Int32Array;
  readonly out = new Float64Array(1);
  /** A number for each path that depends on nothing but its two names: what is random about it is drawn by that. */
  readonly place: Int32Array;
  /** Of paths between instances in several places: distributions from place to place, instead of `delay` and `response`. */
  private readonly spread: (Int32Array | null)[];
  /** What faults do to the ways between places. */
  private readonly between: { pairs: readonly number[]; distribution: number; probability: number }[] = [];

  constructor(
    readonly specs: readonly PathSpec[],
    private readonly sampler: Sampler,
    places: readonly number[],
    private readonly where: Places,
    /** Share of the messages lost from each place to each, null: none. */
    private readonly lossBetween: Float64Array | null = null,
    private readonly wires: Wires | null = null,
    protected readonly tables: Tables = new LooseTables(),
  ) {
    this.cells = tables.cells;
    this.spread = specs.map((s) => s.spread ?? null);
    this.place = Int32Array.from(places);
    this.delay = Int32Array.from(specs, (s) => s.delay);
    this.response = Int32Array.from(specs, (s) => s.response);
    this.loss = Float64Array.from(specs, (s) => s.loss);
    this.added = specs.map(() => []);
    this.lossy = specs.map(() => []);
    this.quick = tables.f64(Slot.Quick, specs.length);
    this.quickBack = tables.f64(Slot.QuickBack, specs.length);
    for (let i = 0; i < specs.length; i++) this.refresh(i);
  }

  /** Does every message on the paths that are meant take some time, and always the same, as things are? */
  alwaysTakesTime(isMeant: (spec: PathSpec) => boolean): boolean {
    return this.specs.every((spec, path) => !isMeant(spec) || this.quick[path] > 0);
  }

  /** Messages take longer by a draw from this distribution, in both directions. Several add up. */
  addDelay(path: number, distribution: number): void {
    this.added[path].push(distribution);
    this.refresh(path);
  }

  removeDelay(path: number, distribution: number): void {
    takeOut(this.added[path], distribution);
    this.refresh(path);
  }

  /** Messages are lost with this probability besides; losses are independent of each other. */
  addLoss(path: number, probability: number): void {
    this.lossy[path].push(probability);
    this.refresh(path);
  }

  removeLoss(path: number, probability: number): void {
    takeOut(this.lossy[path], probability);
    this.refresh(path);
  }

  /** The same on the way from each of some places to each of others, by the pairs of places. */
  addDelayBetween(pairs: readonly number[], distribution: number): void {
    this.between.push({ pairs, distribution, probability: 0 });
    this.refreshAll();
  }

  /** Ends what was begun with the same list of pairs. */
  mendBetween(pairs: readonly number[]): void {
    this.between.splice(
      this.between.findIndex((each) => each.pairs === pairs),
      1,
    );
    this.refreshAll();
  }

  addLossBetween(pairs: readonly number[], probability: number): void {
    this.between.push({ pairs, distribution: Id.None, probability });
    this.refreshAll();
  }

  private refreshAll(): void {
    for (let path = 0; path < this.specs.length; path++) this.refresh(path);
  }

  /** Probability that a message from a node to a node is lost. */
  lossOn(path: number, from: number, to: number): number {
    let passes = 1 - this.loss[path];
    if (this.lossBetween !== null) passes *= 1 - this.lossBetween[this.pair(from, to)];
    for (const { pairs, probability } of this.between)
      if (probability > 0 && pairs.includes(this.pair(from, to))) passes *= 1 - probability;
    return passes === 1 ? 0 : 1 - passes;
  }

  /** After a path has changed. */
  private refresh(path: number): void {
    const own = this.specs[path].loss;
    const lossy = this.lossy[path];
    this.loss[path] = lossy.length === 0 ? own : 1 - lossy.reduce((passes, p) => passes * (1 - p), 1 - own);
    const plain =
      this.loss[path] === 0 &&
      this.added[path].length === 0 &&
      this.spread[path] === null &&
      this.between.length === 0 &&
      this.lossBetween === null &&
      this.wires === null;
    const sampler = this.sampler;
    const d = this.delay[path];
    const r = this.response[path];
    this.quick[path] = plain && sampler.isConstant(d) ? Math.round(sampler.constant(d)) : -1;
    this.quickBack[path] = plain && sampler.isConstant(r) ? Math.round(sampler.constant(r)) : -1;
  }

  /**
   * Writes the delay of one message from a node to a node into `out[0]`, whole ns; `back` for an answer. Identity and
   * step make it repeatable.
   */
  travel(
    path: number,
    back: boolean,
    a: number,
    b: number,
    step: number,
    from: number,
    to: number,
    row: number = Id.None,
  ): void {
    const quick = back ? this.quickBack[path] : this.quick[path];
    if (quick >= 0) {
      this.out[0] = quick;
      return;
    }
    let time = this.propagation(path, back, a, b, step, from, to);
    const loss = this.lossOn(path, from, to);
    if (loss > 0) {
      let wait = RETRANSMIT_NS;
      for (let i = 1; i <= MOST_RETRANSMITS; i++) {
        this.sampler.uniform(a, b, step + 0x200000 + i);
        if (this.sampler.out[0] >= loss) break;
        time += wait;
        wait *= 2;
      }
    }
    if (this.wires !== null && row !== Id.None) time += this.beyond(this.wires, path, back, a, b, step, from, to, row);
    this.out[0] = Math.round(time);
  }

  /** What a message of a call takes beyond its delay: round trips of a new connection, and its bytes. */
  private beyond(
    wires: Wires,
    path: number,
    back: boolean,
    a: number,
    b: number,
    step: number,
    from: number,
    to: number,
    row: number,
  ): number {
    let time = wires.transmission(row, path, back, from, to);
    const trips = back ? 0 : wires.roundTrips(row, path, from, to);
    for (let trip = 0; trip < trips; trip++) {
      time += this.propagation(path, false, a, b, step + 0x300000 + trip, from, to);
      time += this.propagation(path, true, a, b, step + 0x300000 + trip, to, from);
    }
    return time;
  }

  /** One draw of the way from a node to a node, with what faults add, ns. */
  private propagation(
    path: number,
    back: boolean,
    a: number,
    b: number,
    step: number,
    from: number,
    to: number,
  ): number {
    const { sampler } = this;
    const spread = this.spread[path];
    if (spread !== null) sampler.sample(spread[this.pair(from, to)], a, b, step);
    else sampler.sample(back ? this.response[path] : this.delay[path], a, b, step);
    let time = sampler.out[0];
    const added = this.added[path];
    for (let i = 0; i < added.length; i++) {
      sampler.sample(added[i], a, b, step + 0x100000 + i);
      time += sampler.out[0];
    }
    return time + this.addedBetween(a, b, step, from, to);
  }

  private addedBetween(a: number, b: number, step: number, from: number, to: number): number {
    let time = 0;
    for (let i = 0; i < this.between.length; i++) {
      const { pairs, distribution } = this.between[i];
      if (distribution === Id.None || !pairs.includes(this.pair(from, to))) continue;
      this.sampler.sample(distribution, a, b, step + 0x180000 + i);
      time += this.sampler.out[0];
    }
    return time;
  }

  /** The same for a datagram, whose loss is the sender's affair. */
  travelDatagram(path: number, a: number, b: number, step: number, from: number, to: number): void {
    const { sampler } = this;
    const spread = this.spread[path];
    sampler.sample(spread === null ? this.delay[path] : spread[this.pair(from, to)], a, b, step);
    let time = sampler.out[0];
    const added = this.added[path];
    for (let i = 0; i < added.length; i++) {
      sampler.sample(added[i], a, b, step + 1 + i);
      time += sampler.out[0];
    }
    this.out[0] = Math.round(time + this.addedBetween(a, b, step, from, to));
  }

  /** Index of the pair of places that two nodes stand in. */
  private pair(from: number, to: number): number {
    const { ofNode, count } = this.where;
    return ofNode[from] * count + ofNode[to];
  }

  /** May a message pass between two nodes now? */
  passes(from: number, to: number): boolean {
    for (const side of this.cuts) {
      if (side[from] !== 0 && side[to] !== 0 && side[from] !== side[to]) return false;
    }
    return true;
  }

  /** Nothing passes between different sides from now on; several cuts may be active. */
  cut(sides: Uint8Array): void {
    this.cuts.push(sides);
    this.cells[Cell.Cut] = this.cuts.length;
  }

  /** Ends the cut made with the same array. */
  heal(sides: Uint8Array): void {
    this.cuts = this.cuts.filter((c) => c !== sides);
    this.cells[Cell.Cut] = this.cuts.length;
  }
}

function takeOut(list: number[], value: number): void {
  const at = list.indexOf(value);
  if (at >= 0) list.splice(at, 1);
}
