/** Draws: `Counter`, `derive`, and of the distributions of `Sampler` the two that nearly all draws come from. */
import { Drawn } from '../records';
import { Slot } from '../slots';
import { draw } from './exponential';
import * as host from './host';
import { table } from './tables';

/** 2⁻⁵³ */
const UNIT: f64 = 1.1102230246251565e-16;

/** From one step's left lane to that of the next: see random/counter.ts. */
const STEP: i32 = 0x9e3779b1;

const enum Distribution {
  Constant = 0,
  Exponential = 1,
}

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

@inline
export function second(words: Words): i32 {
  return <i32>(words >>> 32);
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

/** A draw from a distribution: see `Sampler.sample`. */
@inline
export function sample(id: i32, a: i32, b: i32, step: i32): f64 {
  const drawn = table(Slot.Distributions) + id * Drawn.Bytes;
  const kind = load<i32>(drawn, Drawn.Kind * 4);
  if (kind == Distribution.Exponential) {
    const words = start(a, b, step);
    const edges = table(Slot.ExponentialEdges) + ((first(words) & 255) << 3);
    let x = placeIn(words, load<f64>(edges));
    if (x >= load<f64>(edges, 8)) x = draw(a + step * STEP, b);
    return x * load<f64>(drawn, Drawn.Parameter * 8);
  }
  if (kind == Distribution.Constant) return load<f64>(drawn, Drawn.Parameter * 8);
  return host.sample(id, a, b, step);
}

/** As `Math.round` does it: halves go up. (Whether to go up or down, a processor can guess of no draw.) */
@inline
export function round(x: f64): f64 {
  const whole = nearest(x);
  return x - whole == 0.5 ? whole + 1 : whole;
}
