/**
 * Ziggurat tables for the exponential and the normal distribution: 256 layers of equal area, so that 98 % of draws
 * cost one comparison (Marsaglia, Tsang: "The ziggurat method for generating random variables", JSS 2000).
 *
 * Computed once when the module loads, with functions that give the same bits on every engine.
 */
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';

export const LAYERS = 256;

/** Where the base layer ends and the tail begins. */
export const EXPONENTIAL_TAIL = 7.69711747013105;
export const NORMAL_TAIL = 3.6541528853610088;

/** Area of each layer, for the densities e^−x and e^(−x²/2). */
const EXPONENTIAL_AREA = 3.949659822581557e-3;
const NORMAL_AREA = 4.92867323399141e-3;

/**
 * Right edges of the layers from the base upwards, LAYERS + 1 of them. Edge 0 is that of a rectangle as large as the
 * base layer with its tail; edge LAYERS is 0.
 */
export const exponentialEdges = new Float64Array(LAYERS + 1);
export const normalEdges = new Float64Array(LAYERS + 1);

/** Density at each edge; at edge LAYERS it is 1. */
export const exponentialDensity = new Float64Array(LAYERS + 1);
export const normalDensity = new Float64Array(LAYERS + 1);

function fill(
  edges: Float64Array,
  densities: Float64Array,
  tail: number,
  area: number,
  density: (x: number) => number,
  inverse: (y: number) => number,
): void {
  edges[0] = area / density(tail);
  edges[1] = tail;
  densities[0] = density(edges[0]);
  densities[1] = density(tail);
  for (let layer = 2; layer < LAYERS; layer++) {
    const y = densities[layer - 1] + area / edges[layer - 1];
    edges[layer] = inverse(y);
    densities[layer] = y;
  }
  edges[LAYERS] = 0;
  densities[LAYERS] = 1;
}

fill(
  exponentialEdges,
  exponentialDensity,
  EXPONENTIAL_TAIL,
  EXPONENTIAL_AREA,
  (x) => exp(-x),
  (y) => -ln(y),
);
fill(
  normalEdges,
  normalDensity,
  NORMAL_TAIL,
  NORMAL_AREA,
  (x) => exp(-0.5 * x * x),
  (y) => Math.sqrt(-2 * ln(y)),
);
