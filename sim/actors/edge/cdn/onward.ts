/** Where a CDN passes requests on to, the shield for content and else the origin, and what comes of the answer. */
import type { Actor } from '../../../engine/actor-instance.ts';
import { Errand } from '../../../engine/key-records.ts';
import { Flag, ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import { type Contents, DYNAMIC } from './contents.ts';
import type { PointOfPresence } from './pop.ts';
import type { Tally } from './tally.ts';

/** What is passed on, and to whom. */
export interface Upstream {
  contents: Contents;
  tally: Tally;
  /** Asks for what it has only if that has changed. */
  isRevalidating: boolean;
  /** Component. */
  origin: number;
  shield: { nearest(node: number, user: number): number } | null;
  /** Requests that have gone to the origin: one number, which the core counts on, too. */
  turn: Float64Array;
}

export class Onward {
  /** The row in hand is on another try: not through the shield, or for the whole content. */
  private isDirect = false;
  private isWhole = false;

  constructor(
    private readonly cdn: Actor,
    private readonly upstream: Upstream,
  ) {}

  /** The node that a row at a point of presence is passed on to; Id.None: there is none. */
  choose(row: number, pop: PointOfPresence): number {
    const { I } = this.cdn.world.rows;
    const { contents, shield, isRevalidating } = this.upstream;
    const at = row * Stride.I;
    const kind = contents.kindOf(I[at + ICol.Op]);
    const { isDirect, isWhole } = this;
    this.isDirect = false;
    this.isWhole = false;
    I[at + ICol.Flags] &= ~Flag.StatusMask;
    let errand = (kind + 1) * Errand.Content;
    let target: number = Id.None;
    if (kind !== DYNAMIC && shield !== null && !isDirect) target = shield.nearest(I[at + ICol.Node], I[at + ICol.Key]);
    if (target === Id.None) {
      errand |= Errand.Origin;
      target = this.originNode();
    }
    if (target === Id.None) {
      I[at + ICol.Flags] |= Status.Refused;
      if (kind !== DYNAMIC) pop.fetchFailed(row, kind);
      return Id.None;
    }
    if (kind !== DYNAMIC && !isWhole && isRevalidating && pop.hasCopy(row, kind)) {
      errand |= Errand.Conditional;
      if ((errand & Errand.Origin) !== 0) I[at + ICol.Op] = (I[at + ICol.Op] & ~0xffff) | contents.revalidations[kind];
    }
    I[at + ICol.Join] = errand;
    pop.outstanding[0]++;
    return target;
  }

  /** An instance of the origin, in turn. */
  private originNode(): number {
    const { origin, turn } = this.upstream;
    const directory = this.cdn.world.components.directory[origin];
    return directory.length === 0 ? Id.None : directory[turn[0]++ % directory.length];
  }

  /** An answer is back. True: the request goes on another errand. */
  returned(row: number, pop: PointOfPresence, status: number): boolean {
    const { I } = this.cdn.world.rows;
    const { contents, tally } = this.upstream;
    const at = row * Stride.I;
    const errand = I[at + ICol.Join];
    const kind = Math.floor(errand / Errand.Content) - 1;
    const isOrigin = (errand & Errand.Origin) !== 0;
    pop.outstanding[0]--;
    if (isOrigin) tally.toOrigin++;
    else tally.toShield++;
    if (kind === DYNAMIC) return false;
    if (contents.kindOf(I[at + ICol.Op]) !== kind)
      I[at + ICol.Op] = (I[at + ICol.Op] & ~0xffff) | contents.operations[kind];
    if (status > Status.Miss) return this.failed(row, pop, kind, isOrigin, status);
    const isUnchanged = (errand & Errand.Conditional) !== 0 && pop.isUnchanged(row, kind);
    const isCheck = contents.revalidations[kind] !== contents.operations[kind];
    if ((errand & Errand.Conditional) !== 0 && isOrigin && isCheck && !isUnchanged) {
      // The answer said no more than that the copy is out of date.
      this.isWhole = true;
      this.isDirect = true;
      return true;
    }
    pop.fetched(row, kind, isUnchanged);
    return false;
  }

  private failed(row: number, pop: PointOfPresence, kind: number, isOrigin: boolean, status: number): boolean {
    // What its target had begun elsewhere may have the chain of its time still: from here on the time is the row's.
    this.cdn.world.spans.reclaim(row, this.cdn.onwardCell);
    if (!isOrigin && status >= Status.Refused) {
      this.isDirect = true;
      return true;
    }
    pop.fetchFailed(row, kind);
    return false;
  }
}
