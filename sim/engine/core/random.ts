/** Draws: of the distributions of `Sampler` the two that nearly all draws come from. */
import { Drawn } from '../records';
import { Slot } from '../slots';
import { first, placeIn, start, STEP } from './counter';
import { draw } from './exponential';
import * as host from './host';
import { table } from './tables';

const enum Distribution {
  Constant = 0,
  Exponential = 1,
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
