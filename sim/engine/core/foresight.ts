/**
 * What is due next is brought into the near caches, `AHEAD` rows at a time: the rows, their chains, their callers, and the
 * keys that they are about to look up.
 *
 * With a million users these lie in no cache, and to wait for one after the other would take most of the time. A processor
 * waits for many at once if their loads stand close together. No compiler leaves a load out that might trap.
 */
import { Kind } from '../layout';
import { Node } from '../records';
import { Cell, Place, Slot } from '../slots';
import { CHUNK, chunkOf, whatAt, whoAt } from './entries';
import * as lookups from './lookups';
import * as near from './near-wheel';
import * as nodes from './nodes';
import { cell, chainAt, kindOf, machineAt, nodeAt, nodeOf, parentOf, rowAt, spanOf, stationAt, table, viaOf } from './tables';
import * as thinkers from './thinkers';
import * as ways from './ways';
import * as bits from './wheel-bits';
import { SLOTS } from './wheel-bits';

/** Rows in use from which on they no longer lie in the near caches by themselves. */
const MANY_ROWS: i32 = 4096;
const AHEAD: i32 = 24;

/** Fetches the rows of the near wheel, from the first slot that holds something on. Returns the last that it has come to. */
export function foresee(from: i32): i32 {
  if (cell(Cell.RowsLive) < MANY_ROWS) return SLOTS;
  let count = 0;
  let last = from;
  for (let i = from; i >= 0 && count < AHEAD; i = bits.firstFrom(near.BITS, i + 1)) {
    last = i;
    for (let cell = near.slotAt(i); cell != 0 && count < AHEAD; cell = near.nextOf(cell)) count = note(cell, count);
  }
  for (let i = 0; i < count; i++) touchChain(at(i));
  // In tests there may be nothing but events.
  if (table(Slot.Nodes) == 0) return last;
  for (let i = 0; i < count; i++) touchLinked(at(i));
  for (let i = 0; i < count; i++) touchNode(at(i));
  if (cell(Cell.HasLookups) == 0) return last;
  for (let i = 0; i < count; i++) lookups.touchEntry(at(i));
  for (let i = 0; i < count; i++) lookups.touchNeighbours(at(i));
  return last;
}

/** Touches the row of an entry and notes it as one more than `count`. A user who thinks has none. */
@inline
function note(entry: usize, count: i32): i32 {
  const row = <i32>whatAt(entry);
  if (row < 0) {
    thinkers.foresee(whatAt(entry), whoAt(entry));
    return count;
  }
  store<i32>(Place.Scratch + (count << 2), row);
  touchRow(row);
  return count + 1;
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
function touchChain(at: usize): void {
  const chain = spanOf(at);
  if (chain < 0) return;
  load<i32>(chainAt(chain));
  load<i32>(chainAt(chain), 64);
}

/** Touches what the row leads to: its way back, its caller, its node, and the chain of the key that it asks for. */
@inline
function touchLinked(at: usize): void {
  const kind = kindOf(at);
  if (kind == Kind.ReplyVia) load<i32>(ways.wayAt(viaOf(at)));
  else if (kind == Kind.Reply) {
    // Callers are needed for answers only, and each line of memory takes its time.
    const parent = parentOf(at);
    if (parent >= 0) touchRow(parent);
  } else if (kind == Kind.Arrive || kind == Kind.CpuDone) load<i32>(nodeAt(nodeOf(at)));
  if (cell(Cell.HasLookups) != 0) lookups.touchChain(at);
}

/** Touches where the row comes to: a router, or the machine and the queue of a node. */
@inline
function touchNode(at: usize): void {
  const kind = kindOf(at);
  if (kind == Kind.ReplyVia) load<i32>(nodeAt(ways.routerOf(ways.wayAt(viaOf(at)))));
  else if (kind == Kind.Arrive || kind == Kind.CpuDone) {
    const n = nodeAt(nodeOf(at));
    load<i32>(machineAt(nodes.machineIn(n)));
    const intake = load<i32>(n, Node.Intake * 4);
    if (intake >= 0) load<i32>(stationAt(intake));
  }
}

/** The same for the chunk at the end of a list, which is read next. */
@inline
export function foreseeChunk(list: usize): void {
  if (list == 0) return;
  const chunk = chunkOf(list);
  for (let line = 0; line < CHUNK; line += 64) load<i32>(chunk + line);
}
