/** Which slots of a wheel of the event list hold something: a bit for each, at an address. */
import { Id } from '../layout';

/** The bits of 64 slots, from the (64·k)-th on. */
@inline
function wordAt(bits: usize, k: i32): i64 {
  return load<i64>(bits + (k << 3));
}

/** The address of the word in which a slot's bit is. */
@inline
export function wordOf(bits: usize, i: i64): usize {
  return bits + (<i32>(i >> 6) << 3);
}

/** A slot's bit in its word. */
@inline
export function bitOf(i: i64): i64 {
  return (<i64>1) << i;
}

@inline
export function add(bits: usize, i: i64): void {
  const word = wordOf(bits, i);
  store<i64>(word, load<i64>(word) | bitOf(i));
}

@inline
export function drop(bits: usize, i: i64): void {
  const word = wordOf(bits, i);
  store<i64>(word, load<i64>(word) & ~bitOf(i));
}

/** Drops the first of the 64 slots from the (64·k)-th on. True: it was the only one. */
@inline
export function dropFirst(bits: usize, k: i32): bool {
  const word = wordAt(bits, k);
  const rest = word & (word - 1);
  store<i64>(bits + (k << 3), rest);
  return rest == 0;
}

/** The first of the 64 slots from the (64·k)-th on, of one at least. */
@inline
export function firstOf(bits: usize, k: i32): i32 {
  return (k << 6) + <i32>ctz(wordAt(bits, k));
}

/** The first of so many at or after `from`, Id.None: there is none. */
export function firstFrom(bits: usize, slots: i32, from: i32): i32 {
  let k = from >> 6;
  if (from >= slots) return Id.None;
  let rest = wordAt(bits, k) & ((<i64>-1) << (<i64>from & 63));
  while (rest == 0) {
    if (++k == slots >> 6) return Id.None;
    rest = wordAt(bits, k);
  }
  return (k << 6) + <i32>ctz(rest);
}

export function clear(bits: usize, slots: i32): void {
  memory.fill(bits, 0, slots >> 3);
}
