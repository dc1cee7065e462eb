/**
 * What is due next is brought into the near caches, `AHEAD` rows at a time: the rows, their chains, their callers, and the
 * keys that they are about to look up.
 *
 * With a million users these lie in no cache, and to wait for one after the other would take most of the time. A processor
 * waits for many at once if their loads stand close together. No compiler leaves a load out that might trap.
 */
import { Kind } from '../layout';
import { Cell, Place } from '../slots';
import { chunkOf, ENTRY, HEADER, whatAt, whoAt } from './entries';
import * as lookups from './lookups';
import { cell, chainAt, kindOf, parentOf, rowAt, spanOf } from './tables';
import * as thinkers from './thinkers';
import { bitsAt, listAt, SLOTS, WORDS } from './wheel';

/** Rows in use from which on they no longer lie in the near caches by themselves. */
const MANY_ROWS: i32 = 4096;
const AHEAD: i32 = 24;

/** Fetches the rows of a wheel's slots, from the first that holds something on. Returns the last that it has come to. */
export function foresee(wheel: usize, from: i32): i32 {
  if (cell(Cell.RowsLive) < MANY_ROWS) return SLOTS;
  let count = 0;
  let last = from;
  let word = from >> 6;
  let rest = bitsAt(wheel, word);
  while (count < AHEAD) {
    if (rest == 0) {
      if (++word >= WORDS) break;
      rest = bitsAt(wheel, word);
      continue;
    }
    last = (word << 6) + <i32>ctz(rest);
    rest &= rest - 1;
    const list = listAt(wheel, last);
    for (let at = chunkOf(list) + HEADER; at < list; at += ENTRY) {
      const row = <i32>whatAt(at);
      if (row < 0) thinkers.foresee(whatAt(at), whoAt(at));
      if (row < 0 || count == AHEAD) continue;
      store<i32>(Place.Scratch + (count << 2), row);
      count++;
      touchRow(row);
    }
  }
  for (let i = 0; i < count; i++) touchLinked(at(i));
  if (cell(Cell.HasLookups) == 0) return last;
  for (let i = 0; i < count; i++) lookups.touchEntry(at(i));
  return last;
}

/** The i-th of the rows that have been touched. */
@inline
function at(i: i32): usize {
  return rowAt(load<i32>(Place.Scratch + (i << 2)));
}

@inline
function touchRow(row: i32): void {
  const at = rowAt(row);
  kindOf(at);
  spanOf(at);
}

@inline
function touchLinked(at: usize): void {
  const chain = spanOf(at);
  if (chain >= 0) {
    load<i32>(chainAt(chain));
    load<i32>(chainAt(chain), 64);
  }
  if (cell(Cell.HasLookups) != 0) lookups.touchChain(at);
  // Callers are needed for answers only, and each line of memory takes its time.
  if (kindOf(at) != Kind.Reply) return;
  const parent = parentOf(at);
  if (parent >= 0) touchRow(parent);
}

/** The same for the chunk at the end of a list, which is read next. */
@inline
export function foreseeChunk(list: usize): void {
  if (list == 0) return;
  const chunk = chunkOf(list);
  load<i32>(chunk);
  load<i32>(chunk, 64);
  load<i32>(chunk, 128);
  load<i32>(chunk, 192);
}
