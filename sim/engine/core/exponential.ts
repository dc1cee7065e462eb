/**
 * Draws from the exponential distribution with mean 1 that are not in their layer's rectangle, two in a hundred:
 * `Deviates.exponential`, and `exponentiate` for it.
 */
import { Slot } from '../slots';
import { mix, NEXT, placeIn, uniformOf } from './counter';
import { f64At } from './tables';

/** A draw from the block of two lanes and, where that does not do, from those after it. */
export function draw(left: i32, right: i32): f64 {
  const words = mix(left, right);
  const layer = <i32>words & 255;
  const x = placeIn(words, f64At(Slot.ExponentialEdges, layer));
  if (x < f64At(Slot.ExponentialEdges, layer + 1)) return x;
  const next = right + NEXT;
  // Memoryless: beyond the tail's start, the first edge, the distribution begins anew.
  if (layer == 0) return draw(left, next) + f64At(Slot.ExponentialEdges, 1);
  return isUnderCurve(mix(left, next), layer, x) ? x : draw(left, next + NEXT);
}

/** Is a uniform height between a layer's two edges below the density at x? */
function isUnderCurve(words: i64, layer: i32, x: f64): bool {
  const low = f64At(Slot.ExponentialDensity, layer);
  return low + uniformOf(words) * (f64At(Slot.ExponentialDensity, layer + 1) - low) < exponentiate(-x);
}

/** e^x where it is a normal number: see random/exp.ts, also for the constants. */
function exponentiate(x: f64): f64 {
  const k = <i32>floor(x * 184.6649652337873 + 0.5);
  const r = x - <f64>k * 0.00541521234663378 - <f64>k * 1.4907929134926466e-12;
  const series = r + r * r * (0.5 + r * (0.16666666666666666 + r * (0.041666666666666664 + r * 0.008333333333333333)));
  const fraction = f64At(Slot.ExpFractions, k & 127);
  return (fraction + fraction * series) * reinterpret<f64>(<i64>((k >> 7) + 1023) << 52);
}
