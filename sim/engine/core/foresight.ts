/**
 * What is due next is brought into the near caches, `AHEAD` rows at a time: the rows, their chains, their callers, and the
 * keys that they are about to look up.
 *
 * With a million users these lie in no cache, and to wait for one after the other would take most of the time. A processor
 * waits for many at once if their loads stand close together, some hundreds of instructions from the first to the last: so
 * what depends on nothing that has not come stands in one loop, which computes next to nothing, and what depends on that in
 * the next. No compiler leaves a load out that might trap.
 */
import { Id, Kind } from '../layout';
import { Chain, ChainGroup, Component, Node, Station, Visits } from '../records';
import { Cell, Place, Slot } from '../slots';
import { CHUNK, chunkOf, whatAt, whoAt } from './entries';
import * as notes from './lookup-notes';
import * as machines from './machines';
import * as near from './near-wheel';
import * as nodes from './nodes';
import { FIRST_ROW } from './pool';
import { cell, chainAt, kindOf, machineAt, nodeAt, nodeOf, parentOf, processOf, rowAt, spanOf, table, viaOf } from './tables';
import * as ways from './ways';

/** Rows in use from which on they no longer lie in the near caches by themselves. */
const MANY_ROWS: i32 = 4096;
const AHEAD: i32 = 64;
/** Bytes of what is noted of a row, its number and a key that it is about to look up, and of a user's key. */
const NOTED: i32 = 4 + 2 * notes.NOTE;
/** Where the keys are noted, behind the rows. */
const KEYS: usize = Place.Scratch + (AHEAD << 2);

/** Fetches the rows of the near wheel, from the first slot that holds something on. Returns the last that it has come to. */
export function foresee(from: i32): i32 {
  if (AHEAD * NOTED > Place.Rows - Place.Scratch) ERROR('more rows ahead than there is room to note');
  // In tests there may be nothing but events.
  if (cell(Cell.RowsLive) < MANY_ROWS || table(Slot.Nodes) == 0) return near.SLOTS;
  let count = 0;
  let keys = KEYS;
  let last = from;
  for (let i = from; i >= 0 && count < AHEAD && keys < KEYS + AHEAD * notes.NOTE; i = near.firstFrom(i + 1)) {
    last = i;
    for (let entry = near.slotAt(i); entry != 0 && count < AHEAD; entry = near.nextOf(entry)) {
      const what = whatAt(entry);
      if (<i32>what < 0) keys = min(notes.noteOfUser(what, whoAt(entry), keys), KEYS + AHEAD * notes.NOTE);
      else store<i32>(Place.Scratch + (count++ << 2), <i32>what);
    }
  }
  touchRows(count);
  touchKeys(touchNodes(count, keys));
  touchRest(count);
  return last;
}

/** Touches so many rows, and what each leads to. */
@inline
function touchRows(count: i32): void {
  for (let i = 0; i < count; i++) touchRow(numberOf(i));
  for (let i = 0; i < count; i++) resolve(i);
  for (let i = 0; i < count; i++) touchLinked(at(i));
}

/** Touches what those lead to. Returns where the keys that are about to be looked up are noted to. */
@inline
function touchNodes(count: i32, keys: usize): usize {
  let end = keys;
  for (let i = 0; i < count; i++) end = touchNode(at(i), end);
  return end;
}

/** Touches what those lead to, and the chains of the rows that are noted then. */
@inline
function touchRest(count: i32): void {
  for (let i = 0; i < count; i++) touchBeyond(i);
  for (let i = 0; i < count; i++) touchChain(at(i));
}

@inline
function touchKeys(end: usize): void {
  for (let key = KEYS; key < end; key += notes.NOTE) notes.touchChain(key);
  for (let key = KEYS; key < end; key += notes.NOTE) notes.touchFirst(key);
  for (let key = KEYS; key < end; key += notes.NOTE) notes.touchSecond(key);
  for (let key = KEYS; key < end; key += notes.NOTE) notes.touchNeighbours(key);
}

/** The i-th of the rows noted. */
@inline
function numberOf(i: i32): i32 {
  return load<i32>(Place.Scratch + (i << 2));
}

@inline
function at(i: i32): usize {
  return rowAt(numberOf(i));
}

@inline
function touchRow(row: i32): void {
  const at = rowAt(row);
  kindOf(at);
  spanOf(at);
}

/** Where the i-th row is the clock of a machine, the job that is done next takes its place. */
@inline
function resolve(i: i32): void {
  const event = at(i);
  if (kindOf(event) != Kind.Machine) return;
  const job = machines.firstOf(machineAt(nodeOf(event)));
  if (job == Id.None) return;
  store<i32>(Place.Scratch + (i << 2), job);
  touchRow(job);
}

/**
 * Touches what the row leads to: its chain, its node, and, if it answers or is about to, its way back and its caller. Whatever
 * else the row is: to touch what it does not need costs less than to find out.
 */
@inline
function touchLinked(at: usize): void {
  touchChain(at);
  load<i32>(nodeAt(max(nodeOf(at), 0)));
  load<i32>(ways.wayAt(max(mayAnswer(at) ? viaOf(at) : 0, 0)));
  touchRow(callerOf(at));
}

/** Touches the lines of the row's chain that hold its first group of spans. */
@inline
function touchChain(at: usize): void {
  const chain = chainAt(max(spanOf(at), 0));
  load<i32>(chain);
  load<i32>(chain, 64);
  load<i32>(chain, 128);
}

/** Touches the next line of the chain, if there are about to be so many spans. */
@inline
function touchMoreSpans(at: usize): void {
  const chain = chainAt(max(spanOf(at), 0));
  load<i32>(chain + (load<i32>(chain, Chain.Count * 4) < ChainGroup.Mask ? 0 : 192));
}

/** Is the row no request that comes? */
@inline
function mayAnswer(at: usize): bool {
  return kindOf(at) != Kind.Arrive;
}

/** The row that waits for this one, or any if none does. */
@inline
function callerOf(at: usize): i32 {
  return max(mayAnswer(at) ? parentOf(at) : 0, FIRST_ROW);
}

/** Touches where the row comes to: the router, the caller's node and its own caller, or the machine and what is asked there. Returns where the keys noted end. */
@inline
function touchNode(at: usize, keys: usize): usize {
  touchMoreSpans(at);
  const kind = kindOf(at);
  if (kind == Kind.Arrive || kind == Kind.CpuDone) {
    const n = nodeAt(nodeOf(at));
    load<i32>(nodes.machineIn(n));
    touchQueue(n, kind == Kind.Arrive ? load<i32>(n, Node.LoopNext * 4) : processOf(at));
    // Where visits are booked it may all be looked up at once: see visits.ts.
    if ((kind == Kind.CpuDone || load<i32>(nodes.componentIn(n), Component.Visits * 4) != Visits.None) && cell(Cell.HasLookups) != 0)
      return notes.note(at, n, keys);
  } else {
    const caller = rowAt(callerOf(at));
    touchRow(max(parentOf(caller), FIRST_ROW));
    load<i32>(ways.wayAt(max(viaOf(caller), 0)));
    const router = ways.routerOf(ways.wayAt(max(viaOf(at), 0)));
    load<i32>(nodeAt(max(kind == Kind.ReplyVia ? router : nodeOf(caller), 0)));
  }
  return keys;
}

/**
 * Touches what is needed last: of an answer the machine that its caller leaves, and the way below that of the caller's own answer; of
 * who leaves a CPU who waits for it, which is noted in the place of the row.
 */
@inline
function touchBeyond(i: i32): void {
  const row = at(i);
  if (kindOf(row) == Kind.CpuDone) {
    const n = nodeAt(nodeOf(row));
    if (!nodes.hasLoops(n)) return;
    const next = load<i32>(nodes.loopOf(n, processOf(row)), Station.Head * 4);
    if (next == Id.None) return;
    store<i32>(Place.Scratch + (i << 2), next);
    touchRow(next);
  } else if (kindOf(row) == Kind.Reply) {
    const caller = rowAt(callerOf(row));
    // Of other rows the columns need not name ways and nodes.
    if (kindOf(caller) != Kind.WaitCall) return;
    const way = viaOf(caller);
    if (way != Id.None) load<i32>(ways.wayAt(max(ways.belowOf(ways.wayAt(way)), 0)));
    load<i32>(nodes.machineIn(nodeAt(nodeOf(caller))));
  }
}

/** Touches where requests queue at a node: for a worker, or for one of its event loops. */
@inline
function touchQueue(n: usize, process: i32): void {
  const intake = load<u32>(n, Node.Intake * 4);
  if (intake != 0) load<i32>(intake);
  else if (nodes.hasLoops(n)) {
    const loop = nodes.loopOf(n, process);
    load<i32>(loop);
    load<i32>(loop, Station.Head * 4);
  }
}

/** Touches the chunk at the end of a list, which is read next. */
@inline
export function foreseeChunk(list: usize): void {
  if (list == 0) return;
  const chunk = chunkOf(list);
  for (let line = 0; line < CHUNK; line += 64) load<i32>(chunk + line);
}
