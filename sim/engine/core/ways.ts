/** The way back of routed rows: `Ways`. */
import { Id } from '../layout';
import { Way } from '../records';
import { Cell, Slot } from '../slots';
import * as host from './host';
import { cell, setCell, table } from './tables';

/** The address of a way's record. */
@inline
export function wayAt(way: i32): usize {
  return table(Slot.Ways) + (way << Way.Shift);
}

@inline
export function routerOf(way: usize): i32 {
  return load<i32>(way, Way.Router * 4);
}

@inline
export function targetOf(way: usize): i32 {
  return load<i32>(way, Way.Target * 4);
}

@inline
export function pathOf(way: usize): i32 {
  return load<i32>(way, Way.Path * 4);
}

@inline
export function triesOf(way: usize): i32 {
  return load<i32>(way, Way.Tries * 4);
}

@inline
export function belowOf(way: usize): i32 {
  return load<i32>(way, Way.Below * 4);
}

export function take(router: i32, target: i32, path: i32, below: i32): i32 {
  if (cell(Cell.WaysHead) == Id.None) host.growWays();
  const way = cell(Cell.WaysHead);
  const at = wayAt(way);
  setCell(Cell.WaysHead, load<i32>(at, Way.Below * 4));
  store<i32>(at, router, Way.Router * 4);
  store<i32>(at, target, Way.Target * 4);
  store<i32>(at, path, Way.Path * 4);
  store<i32>(at, 0, Way.Tries * 4);
  store<i32>(at, below, Way.Below * 4);
  return way;
}

/** Gives one way back; returns the one below it. */
export function free(way: i32, at: usize): i32 {
  const below = belowOf(at);
  store<i32>(at, Id.None, Way.Router * 4);
  store<i32>(at, cell(Cell.WaysHead), Way.Below * 4);
  setCell(Cell.WaysHead, way);
  return below;
}
