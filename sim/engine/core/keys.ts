/** Which key a request asks for: `Population.keyFor`, `KeyPopularity.pick`. */
import { PopCol, PopF } from '../records';
import { uniform } from './counter';

/** Step of a request's identity from which its key is drawn: see population.ts. */
const KEY: i32 = 0x60000003;
/** Bytes of a key in the alias table. */
const PAIR: i32 = 8;

/** The key of identity (a, b), of a population. */
export function keyFor(p: usize, a: i32, b: i32): i32 {
  const keys = load<f64>(p, PopF.Keys * 8);
  if (keys == 0) return a & 0x7fffffff;
  const place = uniform(a, b, KEY) * keys;
  const column = <i32>place;
  const own = <usize>load<i32>(p, PopCol.Own * 4);
  if (own == 0) return column;
  const pair = own + column * PAIR;
  // Without a jump, nobody waits for a large table.
  return select<i32>(column, load<i32>(pair, 4), place - <f64>column < <f64>load<f32>(pair));
}

/** Where `keyFor` is about to read, 0: nowhere. */
export function keyAt(p: usize, a: i32, b: i32): usize {
  const own = <usize>load<i32>(p, PopCol.Own * 4);
  return own == 0 ? 0 : own + <i32>(uniform(a, b, KEY) * load<f64>(p, PopF.Keys * 8)) * PAIR;
}
