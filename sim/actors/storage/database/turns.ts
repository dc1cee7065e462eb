/**
 * Callers take turns among the copies nearest to them: the calls of a site go round robin. A driver learns nothing but from its own calls: when
 * one fails and is tried again, it goes elsewhere, and the calling node leaves the copy that failed alone for a while.
 */
import { CopyTurn } from '../../../engine/key-records.ts';
import { ICol, Id, Stride } from '../../../engine/rows.ts';
import type { World } from '../../../engine/world.ts';

/** How long a driver leaves a copy alone that failed it, ns; then the next call tries it again. */
const REST_NS = 10_000_000_000;
/** Calling rows that there is room for at first. */
const FEW = 1024;

export class Turns {
  /** The node chosen last for each calling row, and the try (`Attempt`) and the life of the row that it was for. */
  private last = new Int32Array(0);
  private lastTry = new Int32Array(0);
  private lastLife = new Int32Array(0);
  /** calling node × nodes + copy → until when it is left alone. Empty as long as nothing fails. */
  private readonly resting = new Map<number, number>();

  /** @param restsUntil is told until when some caller leaves some copy alone, ns; null: nobody asks */
  constructor(
    private readonly world: World,
    private readonly restsUntil: Float64Array | null = null,
  ) {}

  /** The copy, of the `copies` nodes from `base` on but not `skip`, that a call of `site` goes to. */
  next(row: number, site: number, base: number, copies: number, skip = Id.None as number): number {
    const { rows, sites, nodes } = this.world;
    const I = rows.I;
    const caller = I[row * Stride.I + ICol.Parent];
    if (caller >= this.last.length) this.grow(caller);
    const from = I[caller * Stride.I + ICol.Node];
    const failed = this.failedLast(caller);
    if (failed >= base && failed < base + copies) {
      const until = this.world.clock[0] + REST_NS;
      this.resting.set(from * nodes.count + failed, until);
      if (this.restsUntil !== null) this.restsUntil[0] = until;
    }
    const turn = sites.turnOf(site);
    sites.setTurn(site, (turn + 1) & CopyTurn.Last);
    const chosen = this.pick(from, turn, base, copies, skip, failed);
    this.last[caller] = chosen;
    this.lastTry[caller] = I[caller * Stride.I + ICol.Attempt];
    this.lastLife[caller] = I[caller * Stride.I + ICol.Gen];
    return chosen;
  }

  /** The node that the try before this one went to, Id.None: this is the first, or that one never left its caller. */
  private failedLast(caller: number): number {
    const I = this.world.rows.I;
    const at = caller * Stride.I;
    const attempt = I[at + ICol.Attempt];
    if ((attempt & 0xff) <= 1) return Id.None;
    const before = (((attempt >>> 8) - 1) << 8) | ((attempt & 0xff) - 1);
    return this.lastLife[caller] === I[at + ICol.Gen] && this.lastTry[caller] === before ? this.last[caller] : Id.None;
  }

  /** The turn-th of those that are not left alone; where there are none, of all. */
  private pick(from: number, turn: number, base: number, copies: number, skip: number, failed: number): number {
    let fit = 0;
    let near = Infinity;
    for (let node = base; node < base + copies; node++) {
      if (node === skip || this.rests(from, node)) continue;
      const distance = this.distance(from, node);
      if (distance > near) continue;
      fit = distance < near ? 1 : fit + 1;
      near = distance;
    }
    const anyone = fit === 0;
    if (anyone) fit = copies - (skip === Id.None ? 0 : 1);
    let left = turn % fit;
    let chosen = base;
    for (let node = base; node < base + copies; node++) {
      if (node === skip || (!anyone && (this.rests(from, node) || this.distance(from, node) > near))) continue;
      chosen = node;
      if (left-- === 0) break;
    }
    // With nobody fit, at least not the one that has just failed.
    if (anyone && chosen === failed && fit > 1) return this.pick(from, turn + 1, base, copies, skip, Id.None);
    return chosen;
  }

  /** What a driver knows of how far a copy is: it has measured it. */
  private distance(from: number, node: number): number {
    const { places } = this.world;
    return places.distanceNs(places.ofNode[from], places.ofNode[node]);
  }

  private rests(from: number, node: number): boolean {
    if (this.resting.size === 0) return false;
    const until = this.resting.get(from * this.world.nodes.count + node);
    return until !== undefined && until > this.world.clock[0];
  }

  /** Not for all rows that there may be: most of a million never call. */
  private grow(caller: number): void {
    const length = Math.max(FEW, caller + 1, this.last.length * 2);
    const enlarge = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(length).fill(Id.None);
      grown.set(old);
      return grown;
    };
    this.last = enlarge(this.last);
    this.lastTry = enlarge(this.lastTry);
    this.lastLife = enlarge(this.lastLife);
  }
}
