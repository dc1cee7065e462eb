/** Who gives a call up may tell the server, which drops what still waits in a queue: messages that say nobody waits any more. */
import type { Answers } from './answers.ts';
import { FCol, Flag, ICol, Id, Kind, Status, Stride } from './rows.ts';
import type { Transit } from './transit.ts';
import type { World } from './world.ts';

export class Cancellations {
  constructor(
    private readonly world: World,
    private readonly transit: Transit,
    private readonly answers: Answers,
  ) {}

  /** The row gives up the call it has sent. */
  send(row: number): void {
    const { rows, sites } = this.world;
    const I = rows.I;
    const r = row * Stride.I;
    const child = I[r + ICol.QNext];
    if (I[child * Stride.I + ICol.Gen] !== I[r + ICol.QPrev]) return;
    const message = rows.take();
    const at = message * Stride.I;
    I[at + ICol.Kind] = Kind.Cancel;
    I[at + ICol.Node] = I[child * Stride.I + ICol.Node];
    I[at + ICol.Parent] = child;
    I[at + ICol.ParentGen] = I[r + ICol.QPrev];
    I[at + ICol.IdA] = I[child * Stride.I + ICol.IdA];
    I[at + ICol.IdB] = I[child * Stride.I + ICol.IdB];
    I[at + ICol.Tag] = 0;
    I[at + ICol.Via] = Id.None;
    I[at + ICol.Flags] = 0;
    I[at + ICol.Span] = Id.None;
    const path = sites.path[I[child * Stride.I + ICol.Site]];
    this.transit.travel(message, path, false, I[r + ICol.Node], I[at + ICol.Node]);
  }

  /** A message arrives: a request that waits for a thread, or for its first turn of an event loop, leaves the queue. */
  arrived(message: number): void {
    const { rows, stations } = this.world;
    const I = rows.I;
    const at = message * Stride.I;
    const child = I[at + ICol.Parent];
    const station = I[child * Stride.I + ICol.Gen] === I[at + ICol.ParentGen] ? this.queueOf(child) : Id.None;
    rows.free(message);
    if (station === Id.None || !stations.isQueued(child)) return;
    stations.remove(station, child);
    this.answers.finish(child, Status.Cancelled);
  }

  /** The station that a request waits for since it came, Id.None: it does not, work on it has begun. */
  private queueOf(row: number): number {
    const { rows, nodes } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    const node = I[at + ICol.Node];
    if (I[at + ICol.Kind] === Kind.GrantIntake) return nodes.intake[node];
    if (I[at + ICol.Kind] !== Kind.GrantLoop) return Id.None;
    // It may wait for its loop again and again: what has taken no time yet has not begun.
    if (rows.F[row * Stride.F + FCol.Mark] !== rows.F[row * Stride.F + FCol.Start]) return Id.None;
    return nodes.loops[node] + ((I[at + ICol.Flags] & Flag.ProcessMask) >> Flag.ProcessShift);
  }
}
