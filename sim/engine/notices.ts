/**
 * Notices: what the peers of a process that died hear of it. Where it was killed, a reset; where it fell silent, nothing,
 * except that a router gives up in the end.
 */
import type { Answers } from './answers.ts';
import { FCol, Flag, ICol, Kind, Status, Stride, type Rows } from './rows.ts';
import type { Transit } from './transit.ts';
import type { World } from './world.ts';

/** How a process ends: its machine can tell, or cannot. */
export type Death = 'kill' | 'power';

export class Notices {
  constructor(
    private readonly world: World,
    private readonly answers: Answers,
    private readonly transit: Transit,
  ) {}

  /** Tells whoever waits for the row, from the node, by the way back `via`. */
  send(row: number, node: number, via: number, how: Death): void {
    const { rows } = this.world;
    const I = rows.I;
    const from = row * Stride.I;
    const notice = rows.take();
    const to = notice * Stride.I;
    const gen = I[to + ICol.Gen];
    I.copyWithin(to + ICol.Node, from + ICol.Node, from + Stride.I);
    // A CDN that serves what is out of date instead asks since when the request had been under way.
    rows.F[notice * Stride.F + FCol.Start] = rows.F[row * Stride.F + FCol.Start];
    I[to + ICol.Gen] = gen;
    I[to + ICol.Kind] = Kind.Arrive;
    I[to + ICol.Node] = node;
    I[to + ICol.Via] = via;
    I[to + ICol.Flags] = I[from + ICol.Flags] & (Flag.PriorityMask | Flag.OwnSpan);
    // It knows the row's chain whoever owns that: it may take it back from what the row had begun elsewhere. A chain that the
    // row itself began is the notice's to give back.
    this.world.spans.inherit(row, notice);
    I[from + ICol.Flags] &= ~Flag.OwnSpan;
    if (how === 'kill') this.answers.answer(notice, Status.Reset);
    else this.transit.vanish(notice);
  }
}

/** Notices leave in this instant one after the other: in an order that does not depend on which rows they are of. */
export function sortByIdentity({ I }: Rows, list: number[]): void {
  list.sort((a, b) => {
    const first = I[a * Stride.I + ICol.IdA] - I[b * Stride.I + ICol.IdA];
    return first !== 0 ? first : I[a * Stride.I + ICol.IdB] - I[b * Stride.I + ICol.IdB];
  });
}
