/** The row pool and the ready queue: `Rows` and `ReadyQueue`. */
import { Id, Kind } from '../layout';
import { Cell, Place, Slot } from '../slots';
import * as host from './host';
import {
  cell,
  genOf,
  nextOf,
  rowAt,
  setAttempt,
  setCalling,
  setCell,
  setFlags,
  setGen,
  setIdentity,
  setJoin,
  setKind,
  setNext,
  setNode,
  setParent,
  setSite,
  setSpan,
  setTag,
  setVia,
  table,
} from './tables';

/** The number of the first row. */
export const FIRST_ROW: i32 = Place.Rows >> 7;

@inline
export function take(): i32 {
  const row = cell(Cell.RowsHead);
  if (row == Id.None) return takeFresh();
  setCell(Cell.RowsHead, nextOf(rowAt(row)));
  setCell(Cell.RowsLive, cell(Cell.RowsLive) + 1);
  return row;
}

/** A row that has never been used: all others are in use. */
function takeFresh(): i32 {
  const row = cell(Cell.RowsFresh);
  if (row == FIRST_ROW + cell(Cell.RowsCapacity)) {
    host.exhausted();
    unreachable();
  }
  setCell(Cell.RowsFresh, row + 1);
  setCell(Cell.RowsLive, cell(Cell.RowsLive) + 1);
  return row;
}

@inline
export function free(row: i32): void {
  const at = rowAt(row);
  setKind(at, Kind.Free);
  setFlags(at, 0);
  setGen(at, genOf(at) + 1);
  setNext(at, cell(Cell.RowsHead));
  setCell(Cell.RowsHead, row);
  setCell(Cell.RowsLive, cell(Cell.RowsLive) - 1);
}

/** Makes a row one that nobody sent, that has called nobody, and that has passed no router. */
@inline
export function blank(at: usize): void {
  setParent(at, Id.None);
  setAttempt(at, 0);
  setTag(at, 0);
  setCalling(at, Id.None);
  setSite(at, Id.None);
  setVia(at, Id.None);
  setSpan(at, Id.None);
  setJoin(at, 0);
}

/** Takes a row that is due for a thing, by its number, and for no request. */
export function takeFor(kind: i32, thing: i32): i32 {
  const row = take();
  const at = rowAt(row);
  setKind(at, kind);
  setNode(at, thing);
  setIdentity(at, 0);
  setTag(at, 0);
  return row;
}

/** How many events there is room for, whatever they may take. */
export function roomFor(): i32 {
  return min(cell(Cell.RowsCapacity) - cell(Cell.RowsLive), cell(Cell.ChainsAvailable)) >> cell(Cell.ReserveBits);
}

@inline
export function isReadyEmpty(): bool {
  return cell(Cell.ReadyHead) == cell(Cell.ReadyTail);
}

export function pushReady(row: i32): void {
  const tail = cell(Cell.ReadyTail);
  store<i32>(table(Slot.Ready) + (tail << 2), row);
  const next = (tail + 1) & cell(Cell.ReadyMask);
  setCell(Cell.ReadyTail, next);
  if (next == cell(Cell.ReadyHead)) host.growReady();
}

/** Takes the first, of one at least. */
@inline
export function shiftReady(): i32 {
  const head = cell(Cell.ReadyHead);
  setCell(Cell.ReadyHead, (head + 1) & cell(Cell.ReadyMask));
  return load<i32>(table(Slot.Ready) + (head << 2));
}
