/**
 * Messages that were under way when their link was cut: they are dropped where they would arrive. (Those that would
 * leave over a cut link are dropped by whoever sends them.)
 */
import type { Frames } from './frames.ts';
import { Flag, ICol, Id, Kind, Status, Stride } from './rows.ts';
import type { World } from './world.ts';

/** Does the row arrive over a link that is cut by now? Then it is gone, and nobody is told. */
export function isCutOff(world: World, frames: Frames, row: number, kind: number): boolean {
  if (kind !== Kind.Arrive && kind !== Kind.Reply && kind !== Kind.ReplyVia) return false;
  const at = row * Stride.I;
  const { I } = world.rows;
  // A router that gives up on its own gets no message.
  if (kind === Kind.ReplyVia && (I[at + ICol.Flags] & Flag.StatusMask) === Status.Timeout) return false;
  const peer = peerOf(frames, I, at);
  if (peer === Id.None || world.network.passes(I[at + ICol.Node], peer)) return false;
  frames.transit.vanish(row);
  return true;
}

/** The other end of the hop: the nearest router on the way back, else the caller, if it still lives. */
function peerOf(frames: Frames, I: Int32Array, at: number): number {
  const way = I[at + ICol.Via];
  if (way !== Id.None) return frames.ways.routerOf(way);
  const parent = I[at + ICol.Parent];
  if (parent === Id.None) return Id.None;
  const p = parent * Stride.I;
  return I[p + ICol.Gen] === I[at + ICol.ParentGen] ? I[p + ICol.Node] : Id.None;
}
