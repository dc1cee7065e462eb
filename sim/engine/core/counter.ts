/** Random words, and what is made of them without a table: `Counter` and `derive`, see random/counter.ts. */

/** 2⁻⁵³ */
const UNIT: f64 = 1.1102230246251565e-16;

/** From one step's left lane to that of the next. */
export const STEP: i32 = 0x9e3779b1;

/** From one block's right lane to that of the next. */
export const NEXT: i32 = 0x85ebca77;

/** Two words as one: the first is the low one. */
type Words = i64;

/** The first block of a step of identity (a, b): see `Counter.start`. */
@inline
export function start(a: i32, b: i32, step: i32): Words {
  return mix(a + step * STEP, b);
}

/** The identity of child (x, y) of identity (a, b): see `derive`. */
@inline
export function derive(a: i32, b: i32, x: i32, y: i32): Words {
  return mix((a ^ 0x5bd1e995) + x * 0x9e3779b1, b + y * 0x85ebca77);
}

@inline
export function first(words: Words): i32 {
  return <i32>words;
}

/** Seven half-rounds over two lanes: see random/counter.ts. */
@inline
export function mix(left: i32, right: i32): Words {
  let x = left;
  let y = right;
  x = (x ^ rotl(y, 16)) * 0x21f0aaad;
  y = (y ^ rotl(x, 16)) * 0x735a2d97;
  x = (x ^ rotl(y, 16)) * 0x85ebca6b;
  y = (y ^ rotl(x, 16)) * 0xc2b2ae35;
  x = (x ^ rotl(y, 16)) * 0x27d4eb2f;
  y = (y ^ rotl(x, 16)) * 0x165667b1;
  x = (x ^ rotl(y, 16)) * 0xd35a2d97;
  // The last half-round leaves x's low bits weaker than its high ones.
  y ^= x >>> 16;
  return <i64>(<u32>(x ^ (y >>> 15))) | (<i64>y << 32);
}

/** In [0, 1), from the block of a step: see `Deviates.uniform`. */
@inline
export function uniform(a: i32, b: i32, step: i32): f64 {
  return uniformOf(start(a, b, step));
}

/** In [0, 1), of a block. */
@inline
export function uniformOf(words: Words): f64 {
  return <f64>(((words >>> 5) & 0x7ffffff) << 26 | (words >>> 38)) * UNIT;
}

/** A block's place in a layer, which goes from 0 to an edge: the upper 21 bits of the first word, then the second. */
@inline
export function placeIn(words: Words, edge: f64): f64 {
  return <f64>(((words & 0xfffff800) << 21) | (words >>> 32)) * UNIT * edge;
}
