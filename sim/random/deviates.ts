/**
 * Standard deviates (uniform, exponential with mean 1, standard normal) from a counter's blocks, written to `out[0]`.
 *
 * Each method draws from the counter's current block, which nobody has used yet, and from as many further blocks as it
 * takes; afterwards the current block is used. What happens in one draw of fifty stands in methods of its own, so that
 * the common path is small enough to be inlined. Factors are literals for the same reason: constants of a module cost
 * a load each.
 */
import { Counter } from './counter.ts';
import { exponentiate } from './exp.ts';
import {
  EXPONENTIAL_TAIL,
  NORMAL_TAIL,
  exponentialDensity,
  exponentialEdges,
  normalDensity,
  normalEdges,
} from './ziggurat.ts';

/** A counter that shapes its words. */
export class Deviates extends Counter {
  /** Every deviate is written to out[0]. */
  readonly out = new Float64Array(1);
  private readonly exponentialEdges = exponentialEdges;
  private readonly normalEdges = normalEdges;

  /** In [0, 1), 53 random bits: (27 bits · 2²⁶ + 26 bits) · 2⁻⁵³. */
  uniform(): void {
    const { word0, word1 } = this;
    this.out[0] = ((word0 >>> 5) * 67108864 + (word1 >>> 6)) * 1.1102230246251565e-16;
  }

  /** Exponential with mean 1. The layer comes from bits 0–7 of word0, the place in it from 21 + 32 others. */
  exponential(): void {
    const { word0, word1 } = this;
    const edges = this.exponentialEdges;
    const layer = word0 & 255;
    const x = ((word0 >>> 11) * 4294967296 + (word1 >>> 0)) * 1.1102230246251565e-16 * edges[layer];
    if (x < edges[layer + 1]) this.out[0] = x;
    else this.exponentialRare();
  }

  /** Standard normal; bit 8 of word0 is the sign. */
  normal(): void {
    const { word0, word1 } = this;
    const edges = this.normalEdges;
    const layer = word0 & 255;
    const x = ((word0 >>> 11) * 4294967296 + (word1 >>> 0)) * 1.1102230246251565e-16 * edges[layer];
    if (x < edges[layer + 1]) this.out[0] = (word0 & 256) === 0 ? x : -x;
    else this.normalRare();
  }

  /** The current block fell outside of its layer's rectangle: into the tail or onto the wedge. */
  private exponentialRare(): void {
    const { word0, word1 } = this;
    const layer = word0 & 255;
    const x = ((word0 >>> 11) * 4294967296 + (word1 >>> 0)) * 1.1102230246251565e-16 * exponentialEdges[layer];
    this.nextBlock();
    if (layer === 0) {
      // Memoryless: beyond the tail's start the distribution begins anew.
      this.exponential();
      this.out[0] += EXPONENTIAL_TAIL;
    } else if (this.underCurve(exponentialDensity, layer, -x)) {
      this.out[0] = x;
    } else {
      this.nextBlock();
      this.exponential();
    }
  }

  private normalRare(): void {
    const { word0, word1 } = this;
    const layer = word0 & 255;
    const negative = (word0 & 256) !== 0;
    const x = ((word0 >>> 11) * 4294967296 + (word1 >>> 0)) * 1.1102230246251565e-16 * normalEdges[layer];
    this.nextBlock();
    if (layer === 0) {
      this.normalTail();
      if (negative) this.out[0] = -this.out[0];
    } else if (this.underCurve(normalDensity, layer, -0.5 * x * x)) {
      this.out[0] = negative ? -x : x;
    } else {
      this.nextBlock();
      this.normal();
    }
  }

  /** Whether a uniform height between a layer's two edges lies below the density e^exponent. */
  private underCurve(density: Float64Array, layer: number, exponent: number): boolean {
    const out = this.out;
    this.uniform();
    const height = density[layer] + out[0] * (density[layer + 1] - density[layer]);
    out[0] = exponent;
    exponentiate(out);
    return height < out[0];
  }

  /** A normal beyond NORMAL_TAIL (Marsaglia: "Generating a variable from the tail of the normal distribution", 1964). */
  private normalTail(): void {
    const out = this.out;
    for (;;) {
      this.exponential();
      const x = out[0] / NORMAL_TAIL;
      this.nextBlock();
      this.exponential();
      if (2 * out[0] > x * x) {
        out[0] = NORMAL_TAIL + x;
        return;
      }
      this.nextBlock();
    }
  }
}
