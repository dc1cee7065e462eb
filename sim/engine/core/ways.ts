/** The way back of routed rows: `Ways`. */
import { Id } from '../layout';
import { Cell, Slot } from '../slots';
import * as host from './host';
import { cell, i32At, setCell, setI32 } from './tables';

export function take(router: i32, target: i32, path: i32, below: i32): i32 {
  if (cell(Cell.WaysHead) == Id.None) host.growWays();
  const way = cell(Cell.WaysHead);
  setCell(Cell.WaysHead, i32At(Slot.WayBelow, way));
  setI32(Slot.WayRouter, way, router);
  setI32(Slot.WayTarget, way, target);
  setI32(Slot.WayPath, way, path);
  setI32(Slot.WayTries, way, 0);
  setI32(Slot.WayBelow, way, below);
  return way;
}

/** Gives one way back; returns the one below it. */
export function free(way: i32): i32 {
  const below = i32At(Slot.WayBelow, way);
  setI32(Slot.WayRouter, way, Id.None);
  setI32(Slot.WayBelow, way, cell(Cell.WaysHead));
  setCell(Cell.WaysHead, way);
  return below;
}
