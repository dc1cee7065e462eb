/**
 * What one balancer process knows of its targets: who is registered, who it believes healthy, how many requests each
 * has of it. Every process has its own; nobody reads a target's state.
 *
 * A target has an index (slot) that never changes: its place among all instances of the target components, the
 * components sorted by name. `active` lists the slots that get new requests: registered, not draining, neither found
 * unhealthy nor ejected. When none is left all registered ones are used, as AWS ALB does (and Envoy in panic): a
 * balancer that refuses everything helps nobody, and health checks may be wrong.
 */
import { RouterTables } from '../../engine/router-tables.ts';
import { Id } from '../../engine/rows.ts';
import { Router, RouterF, RouterPolicy } from '../../engine/records.ts';
import type { Stream } from '../../random/keys.ts';

/** Why a target is in or out. */
export const enum Standing {
  /** Registered with service discovery. */
  Member = 1,
  /** No longer registered, but still serving: users who stick to it may stay. */
  Draining = 2,
  /** Failed its health checks. */
  Unhealthy = 4,
  /** Ejected for its answers. */
  Ejected = 8,
}

/** A target that has just come back begins with this share of its weight. */
const LEAST_WEIGHT = 0.01;

export class Targets {
  /** Slots. */
  readonly size: number;
  readonly standing: Uint8Array;
  /** Requests passed on and not answered yet. */
  readonly outstanding: Int32Array;
  /** Requests passed on since the end of the warm-up. */
  readonly passed: Float64Array;
  /** Slots that get new requests, ascending; the first `activeCount` count. */
  readonly active: Int32Array;
  readonly isActive: Uint8Array;
  /** All are out, so all are used. */
  failsOpen = false;
  /** Largest weight of an active target. */
  heaviest = 1;
  private readonly warmSince: Float64Array;
  /** Targets that the request in hand has already tried carry the current mark. */
  private readonly marks: Int32Array;
  private mark = 1;
  private marked = 0;

  constructor(
    readonly node: Int32Array,
    /** Weights as configured. */
    readonly weights: Float64Array,
    private readonly slowStartNs: number,
    private readonly clock: Float64Array,
    /** Where the core finds what a choice goes by. */
    readonly tables = new RouterTables(null),
  ) {
    this.size = node.length;
    tables.ints(Router.Nodes, this.size).set(node);
    this.standing = new Uint8Array(this.size);
    this.outstanding = tables.ints(Router.Outstanding, this.size);
    this.passed = tables.doubles(Router.Passed, this.size);
    this.active = tables.ints(Router.Active, this.size);
    this.isActive = new Uint8Array(this.size);
    this.warmSince = new Float64Array(this.size).fill(-Infinity);
    this.marks = new Int32Array(this.size);
  }

  /** The core knows the policy, and draws from the same stream where nothing is out of the ordinary. */
  letCoreChoose(policy: RouterPolicy, stream: Stream): void {
    const { I } = this.tables;
    I[Router.Policy] = policy;
    stream.keepIn(I.subarray(Router.Stream, Router.Stream + 4));
  }

  /** The core chooses at random, and draws at the same step of whoever asks. */
  letCoreDraw(step: number): void {
    const { I } = this.tables;
    I[Router.Policy] = RouterPolicy.Random;
    I[Router.Step] = step;
  }

  get activeCount(): number {
    return this.tables.I[Router.ActiveCount];
  }

  /** Sum of `outstanding`. */
  get total(): number {
    return this.tables.I[Router.Total];
  }

  is(slot: number, what: Standing): boolean {
    return (this.standing[slot] & what) !== 0;
  }

  /** Found unhealthy or ejected. */
  isOut(slot: number): boolean {
    return (this.standing[slot] & (Standing.Unhealthy | Standing.Ejected)) !== 0;
  }

  /** May a user who sticks to the target stay with it? */
  mayStay(slot: number): boolean {
    return (
      (this.isActive[slot] === 1 || (this.is(slot, Standing.Draining) && !this.isOut(slot))) && !this.isTried(slot)
    );
  }

  set(slot: number, what: Standing, on: boolean): void {
    this.standing[slot] = on ? this.standing[slot] | what : this.standing[slot] & ~what;
  }

  /** A target is new or back: its weight grows from next to nothing to its own in the time of the slow start. */
  warm(slot: number): void {
    if (this.slowStartNs === 0) return;
    this.warmSince[slot] = this.clock[0];
    // Until when any target is still warming up.
    this.tables.F[RouterF.WarmUntil] = this.clock[0] + this.slowStartNs;
  }

  /** Makes the list of active targets anew, after standings have changed. */
  refresh(): void {
    this.failsOpen = false;
    this.list(Standing.Member);
    if (this.activeCount > 0) return;
    this.list(-1);
    this.failsOpen = this.activeCount > 0;
  }

  /** Lists the targets whose standing is exactly `wanted`; -1: that are members, however they stand. */
  private list(wanted: number): void {
    let count = 0;
    this.heaviest = 0;
    for (let slot = 0; slot < this.size; slot++) {
      const in_ = wanted < 0 ? this.is(slot, Standing.Member) : this.standing[slot] === wanted;
      this.isActive[slot] = in_ ? 1 : 0;
      if (!in_) continue;
      this.active[count++] = slot;
      this.heaviest = Math.max(this.heaviest, this.weights[slot]);
    }
    this.tables.I[Router.ActiveCount] = count;
    const isEven = this.active.subarray(0, count).every((slot) => this.weights[slot] === this.heaviest);
    this.tables.I[Router.Even] = isEven ? 1 : 0;
  }

  /** Do all active targets weigh the same now? Then weights need no arithmetic. */
  isUniform(): boolean {
    return this.tables.I[Router.Even] === 1 && this.clock[0] >= this.tables.F[RouterF.WarmUntil];
  }

  /** Weight of a target now. */
  weight(slot: number): number {
    const full = this.weights[slot];
    const age = this.clock[0] - this.warmSince[slot];
    return age >= this.slowStartNs ? full : full * Math.max(LEAST_WEIGHT, age / this.slowStartNs);
  }

  take(slot: number): void {
    this.outstanding[slot]++;
    this.tables.I[Router.Total]++;
    this.passed[slot]++;
  }

  give(slot: number): void {
    this.outstanding[slot]--;
    this.tables.I[Router.Total]--;
  }

  /** The process starts anew: nothing is outstanding, nobody is warming up. */
  forget(): void {
    this.outstanding.fill(0);
    this.tables.I[Router.Total] = 0;
    this.warmSince.fill(-Infinity);
    this.tables.F[RouterF.WarmUntil] = 0;
  }

  // Another try of one request: targets it has tried are passed over.

  /** Begins a list of targets not to choose; a fresh request has none. */
  clearTried(): void {
    this.mark++;
    this.marked = 0;
  }

  addTried(slot: number): void {
    if (this.marks[slot] === this.mark) return;
    this.marks[slot] = this.mark;
    if (this.isActive[slot] === 1) this.marked++;
  }

  isTried(slot: number): boolean {
    return this.marks[slot] === this.mark;
  }

  /** Active targets that may be chosen for the request in hand. */
  get choices(): number {
    return this.activeCount - this.marked;
  }

  /**
   * Requests that `outstanding` adds up to differently, or below none: '' when all is well.
   *
   * @param through requests that pass through the process in fact
   */
  violation(through: number): string {
    if (through !== this.total) return `${this.total} requests are outstanding by the books, ${through} in fact`;
    let sum = 0;
    for (let slot = 0; slot < this.size; slot++) {
      if (this.outstanding[slot] < 0) return `target ${slot} has ${this.outstanding[slot]} requests outstanding`;
      sum += this.outstanding[slot];
    }
    return sum === this.total ? '' : `${sum} requests are outstanding at the targets, ${this.total} in all`;
  }
}

/** No target. */
export const NOBODY = Id.None;
