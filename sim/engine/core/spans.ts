/** Where a request's time goes: `Spans`, and in a recorded run where the request is meanwhile: `TracedSpans`, `Trails`. */
import { Id } from '../layout';
import { Chain, ChainF, ChainGroup, Trail } from '../records';
import { Cell, Slot } from '../slots';
import { isRecorded } from './circumstances';
import { SHORT, shortOf } from './ledger';
import { componentOf, numberOf } from './nodes';
import * as recorded from './recorded';
import { cell, chainAt, clock, i32At, nodeOf, rowAt, setCell, setF64, setI32, setSpan, spanOf, table } from './tables';

export function begin(row: i32, at: usize, spanCell: i32): void {
  let chain = cell(Cell.ChainsHead);
  let chained = chainAt(chain);
  if (chain == Id.None) {
    chain = cell(Cell.ChainsFresh);
    chained = chainAt(chain);
    setCell(Cell.ChainsFresh, chain + 1);
  } else setCell(Cell.ChainsHead, load<i32>(chained, Chain.Seen * 4));
  setCell(Cell.ChainsAvailable, cell(Cell.ChainsAvailable) - 1);
  store<i32>(chained, 0, Chain.Count * 4);
  store<i32>(chained, row, Chain.Owner * 4);
  store<i32>(chained, spanCell, Chain.Open * 4);
  store<i32>(chained, 0, Chain.Seen * 4);
  store<f64>(chained, clock(), ChainF.Mark * 8);
  setSpan(at, chain);
}

/** From now on the row's time goes to a cell. */
@inline
export function enter(row: i32, at: usize, spanCell: i32): void {
  const chain = spanOf(at);
  if (chain == Id.None) return;
  const chained = chainAt(chain);
  if (load<i32>(chained, Chain.Owner * 4) != row) return;
  const time = clock() - load<f64>(chained, ChainF.Mark * 8);
  if (time > 0) close(chained, time);
  store<i32>(chained, spanCell, Chain.Open * 4);
  if (isRecorded()) store<i32>(chained, nodeOf(at), Chain.At * 4);
}

/** Of the time since the mark `serviceNs` was service, the rest waiting for a core. */
export function split(row: i32, at: usize, serviceNs: f64, waitCell: i32): void {
  const chain = spanOf(at);
  if (chain == Id.None) return;
  const chained = chainAt(chain);
  if (load<i32>(chained, Chain.Owner * 4) != row) return;
  const now = clock();
  const total = now - load<f64>(chained, ChainF.Mark * 8);
  const service = min(total, serviceNs);
  if (isRecorded() && load<i32>(chained, Chain.Trail * 4) != Id.None) {
    // On a shared core they alternate too fast to draw: the waiting comes first.
    if (total > service) trace(chained, waitCell, nodeOf(at), now - service);
    if (service > 0) trace(chained, load<i32>(chained, Chain.Open * 4), nodeOf(at), now);
  }
  add(chained, load<i32>(chained, Chain.Open * 4), service);
  if (total > service) add(chained, waitCell, total - service);
  store<f64>(chained, now, ChainF.Mark * 8);
}

/** The chain follows a message. */
@inline
export function give(row: i32, at: usize, to: i32, toAt: usize): void {
  const chain = spanOf(at);
  if (chain == Id.None) return;
  const chained = chainAt(chain);
  if (load<i32>(chained, Chain.Owner * 4) != row) return;
  setSpan(toAt, chain);
  store<i32>(chained, to, Chain.Owner * 4);
}

/** The chain follows a new message, whose time goes to a cell. */
@inline
export function send(row: i32, at: usize, to: i32, toAt: usize, spanCell: i32): void {
  const chain = spanOf(at);
  setSpan(toAt, Id.None);
  if (chain == Id.None) return;
  const chained = chainAt(chain);
  if (load<i32>(chained, Chain.Owner * 4) != row) return;
  setSpan(toAt, chain);
  store<i32>(chained, to, Chain.Owner * 4);
  const time = clock() - load<f64>(chained, ChainF.Mark * 8);
  if (time > 0) close(chained, time);
  store<i32>(chained, spanCell, Chain.Open * 4);
  if (isRecorded()) store<i32>(chained, nodeOf(toAt), Chain.At * 4);
}

/** The hash of the spans that were settled last, for the fingerprint. */
export let digest: i32 = 0;

/** Closes the row's chain and adds its spans to the sums at `offset`. Returns their total, NaN: it has no chain. */
export function settle(row: i32, at: usize, offset: i32): f64 {
  digest = 0;
  const chain = spanOf(at);
  if (chain == Id.None) return NaN;
  const chained = chainAt(chain);
  const isOwn = load<i32>(chained, Chain.Owner * 4) == row;
  if (isOwn) {
    const time = clock() - load<f64>(chained, ChainF.Mark * 8);
    if (time > 0) close(chained, time);
  }
  const sums = table(Slot.BandCells) + (offset << 3);
  let total: f64 = 0;
  let hash = 0;
  let group = chained;
  for (let left = load<i32>(chained, Chain.Count * 4); left > 0; left -= ChainGroup.Mask + 1) {
    const end = min(left, ChainGroup.Mask + 1);
    for (let i = 0; i < end; i++) {
      const time = load<f64>(group + (i << 3), ChainF.Times * 8);
      const spanCell = load<i32>(group + (i << 2), Chain.Cells * 4);
      hash += digestOf(spanCell, time);
      total += time;
      const sum = sums + (spanCell << 3);
      if (isOwn) store<f64>(sum, load<f64>(sum) + time);
    }
    group += ChainGroup.Bytes;
  }
  digest = hash;
  return isOwn ? total : NaN;
}

@inline
function digestOf(spanCell: i32, time: f64): i32 {
  if (time < SHORT) return (shortOf(time) ^ ((spanCell + 1) * 0x9e3779b1)) * 0x85ebca6b;
  const whole = <i64>time;
  return (<i32>whole ^ ((<i32>(whole >> 32) + spanCell + 1) * 0x9e3779b1)) * 0x85ebca6b;
}

/** Gives the row's chain back, which it began. */
@inline
export function drop(at: usize): void {
  const chain = spanOf(at);
  setSpan(at, Id.None);
  if (chain == Id.None) return;
  const chained = chainAt(chain);
  store<i32>(chained, Id.None, Chain.Owner * 4);
  store<i32>(chained, cell(Cell.ChainsHead), Chain.Seen * 4);
  setCell(Cell.ChainsHead, chain);
  setCell(Cell.ChainsAvailable, cell(Cell.ChainsAvailable) + 1);
}

/** Books the time since the mark, which is more than 0. */
@inline
function close(chained: usize, time: f64): void {
  const open = load<i32>(chained, Chain.Open * 4);
  const now = clock();
  if (isRecorded()) traceOpen(chained, open, now);
  store<f64>(chained, now, ChainF.Mark * 8);
  add(chained, open, time);
}

/** `TracedSpans.follow`: a trail for the chain that has just begun. */
export function follow(at: usize): void {
  const chained = chainAt(spanOf(at));
  store<i32>(chained, nodeOf(at), Chain.At * 4);
  let trail: i32 = Id.None;
  const free = cell(Cell.TrailsFree);
  const used = cell(Cell.TrailsUsed);
  if (recorded.areTrailsExhausted()) trail = Id.None;
  else if (free > 0) {
    trail = i32At(Slot.TrailFree, free - 1);
    setCell(Cell.TrailsFree, free - 1);
  } else {
    trail = used;
    setCell(Cell.TrailsUsed, used + 1);
  }
  store<i32>(chained, trail, Chain.Trail * 4);
  if (trail == Id.None) return;
  setF64(Slot.TrailStart, trail, clock());
  setI32(Slot.TrailCount, trail, 0);
  setI32(Slot.TrailTries, trail, 0);
  store<u8>(table(Slot.TrailCut) + trail, 0);
}

function traceOpen(chained: usize, open: i32, now: f64): void {
  if (load<i32>(chained, Chain.Trail * 4) != Id.None) trace(chained, open, whereabouts(chained, open), now);
}

/** Where the time since the mark was spent: where the owner is, or where it was when the span began. */
function whereabouts(chained: usize, open: i32): i32 {
  const here = nodeOf(rowAt(load<i32>(chained, Chain.Owner * 4)));
  const isHere = here >= 0 && numberOf(componentOf(here)) == i32At(Slot.CellComponent, open);
  return isHere ? here : load<i32>(chained, Chain.At * 4);
}

/** `Trails.add` to the chain's trail. */
function trace(chained: usize, spanCell: i32, node: i32, endNs: f64): void {
  const trail = load<i32>(chained, Chain.Trail * 4);
  const where = <f64>spanCell * <f64>Trail.Nodes + <f64>(node + 1);
  const count = i32At(Slot.TrailCount, trail);
  const last = table(Slot.TrailSpans) + ((trail * Trail.Most + count - 1) << 4);
  if (count > 0 && load<f64>(last, 8) == where) store<f64>(last, endNs);
  else if (count == Trail.Most) {
    store<f64>(last, endNs);
    store<u8>(table(Slot.TrailCut) + trail, 1);
  } else {
    store<f64>(last, endNs, 16);
    store<f64>(last, where, 24);
    setI32(Slot.TrailCount, trail, count + 1);
  }
}

/** Books time to a cell of a chain. */
@inline
function add(chained: usize, spanCell: i32, time: f64): void {
  const seen = load<i32>(chained, Chain.Seen * 4);
  const count = load<i32>(chained, Chain.Count * 4);
  const bit = 1 << spanCell;
  if ((seen & bit) == 0) {
    if (count != Chain.Length) {
      store<i32>(chained, seen | bit, Chain.Seen * 4);
      append(chained, count, spanCell, time);
      return;
    }
  } else {
    const i = <i32>load<u8>(placeFor(chained, spanCell), Chain.Places * 4);
    const group = groupOf(chained, i);
    const place = i & ChainGroup.Mask;
    if (i < count && load<i32>(group + (place << 2), Chain.Cells * 4) == spanCell) {
      addTime(group, place, time);
      return;
    }
  }
  addElsewhere(chained, spanCell, time);
}

@inline
function append(chained: usize, count: i32, spanCell: i32, time: f64): void {
  const group = groupOf(chained, count);
  const i = count & ChainGroup.Mask;
  store<i32>(chained, count + 1, Chain.Count * 4);
  store<u8>(placeFor(chained, spanCell), count, Chain.Places * 4);
  store<i32>(group + (i << 2), spanCell, Chain.Cells * 4);
  store<f64>(group + (i << 3), time, ChainF.Times * 8);
}

/** The same where the guess is wrong, or the chain is full. */
function addElsewhere(chained: usize, spanCell: i32, time: f64): void {
  const count = load<i32>(chained, Chain.Count * 4);
  const i = placeOf(chained, count, spanCell);
  if (i != Id.None) {
    store<u8>(placeFor(chained, spanCell), i, Chain.Places * 4);
    addTime(groupOf(chained, i), i & ChainGroup.Mask, time);
    return;
  }
  const seen = load<i32>(chained, Chain.Seen * 4);
  if (count == Chain.Length) {
    store<i32>(chained, seen | 1, Chain.Seen * 4);
    store<i32>(chained, 0, Chain.Cells * 4);
    addTime(chained, 0, time);
    return;
  }
  store<i32>(chained, seen | (1 << spanCell), Chain.Seen * 4);
  append(chained, count, spanCell, time);
}

/** Which of the spans of a chain is the cell's, Id.None: none is. */
function placeOf(chained: usize, count: i32, spanCell: i32): i32 {
  let i = count - 1;
  while (i >= 0 && load<i32>(groupOf(chained, i) + ((i & ChainGroup.Mask) << 2), Chain.Cells * 4) != spanCell) i--;
  return i;
}

/** Where the place of a cell is guessed. */
@inline
function placeFor(chained: usize, spanCell: i32): usize {
  return chained + (spanCell & 31);
}

/** Adds to the i-th span of a group. */
@inline
function addTime(group: usize, i: i32, time: f64): void {
  const at = group + (i << 3);
  store<f64>(at, load<f64>(at, ChainF.Times * 8) + time, ChainF.Times * 8);
}

/** What the places of the spans of the i-th one's group are counted from. */
@inline
function groupOf(chained: usize, i: i32): usize {
  return chained + (i >> ChainGroup.Shift) * ChainGroup.Bytes;
}
