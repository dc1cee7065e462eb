/**
 * A wheel of the event list: slots, each the address of a list of entries (0: it is empty), then a bit for each that tells
 * whether it holds something.
 */
import { Id } from '../layout';
import { append } from './entries';

export const SLOTS: i32 = 4096;
export const WORDS: i32 = 64;
/** Bytes. */
const SIZE: i32 = (SLOTS << 2) + (WORDS << 3);

@inline
export function listAt(wheel: usize, i: i32): usize {
  return load<u32>(wheel + (i << 2));
}

/** Adds an entry to a slot. */
@inline
export function put(wheel: usize, i: i32, time: f64, what: i64, who: i64): void {
  const slot = wheel + (i << 2);
  store<u32>(slot, append(load<u32>(slot), time, what, who));
  const word = wordOf(wheel, i >> 6);
  store<i64>(word, load<i64>(word) | ((<i64>1) << (<i64>i & 63)));
}

/** Empties a slot. Returns its list. */
@inline
export function take(wheel: usize, i: i32): usize {
  const list = listAt(wheel, i);
  store<u32>(wheel + (i << 2), 0);
  const word = wordOf(wheel, i >> 6);
  store<i64>(word, load<i64>(word) & ~((<i64>1) << (<i64>i & 63)));
  return list;
}

/** Empties the first slot that holds something, which is the i-th. Returns the next that does, Id.None: there is none. */
@inline
export function dropFirst(wheel: usize, i: i32): i32 {
  store<u32>(wheel + (i << 2), 0);
  let word = wordOf(wheel, i >> 6);
  let rest = load<i64>(word);
  rest &= rest - 1;
  store<i64>(word, rest);
  while (rest == 0) {
    word += 8;
    if (word == wordOf(wheel, WORDS)) return Id.None;
    rest = load<i64>(word);
  }
  return (<i32>(word - wordOf(wheel, 0)) << 3) + <i32>ctz(rest);
}

/** The first slot at or after `from` that holds something, Id.None: there is none. */
export function firstFrom(wheel: usize, from: i32): i32 {
  let word = from >> 6;
  if (word >= WORDS) return Id.None;
  let rest = load<i64>(wordOf(wheel, word)) & ((<i64>-1) << (<i64>from & 63));
  while (rest == 0) {
    if (++word >= WORDS) return Id.None;
    rest = load<i64>(wordOf(wheel, word));
  }
  return (word << 6) + <i32>ctz(rest);
}

/** Empties all slots. */
export function clear(wheel: usize): void {
  memory.fill(wheel, 0, SIZE);
}

/** The bits of 64 slots, from the (64·k)-th on. */
@inline
export function bitsAt(wheel: usize, k: i32): i64 {
  return load<i64>(wordOf(wheel, k));
}

@inline
function wordOf(wheel: usize, k: i32): usize {
  return wheel + (SLOTS << 2) + (k << 3);
}
