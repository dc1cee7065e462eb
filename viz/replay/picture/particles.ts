/**
 * Where the dots are at a moment, as a function of nothing but the flow, the moment and a seed: no state is carried from
 * frame to frame, so that any moment can be shown at once, and the same moment always looks the same.
 */
import { countUntil, timeOf, type Flow } from './flow.ts';

/** How the dots of a stage are to be read. */
export interface DotScale {
  /** Requests that one dot stands for. */
  ratio: number;
  /** Simulated seconds that a dot is on its way. */
  travel: number;
}

/** 0…1 from two integers, the same on every machine (a finaliser of MurmurHash3). */
export function noise(seed: number, index: number): number {
  let bits = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
  return ((bits ^ (bits >>> 16)) >>> 0) / 4294967296;
}

/**
 * Calls `visit` for each dot that is on its way at `time`: how far it has come (0…1) and its number. Dot k leaves when
 * the flow reaches (k + jitter) × ratio; the jitter keeps them from marching in step.
 */
export function eachDot(
  flow: Flow,
  time: number,
  scale: DotScale,
  seed: number,
  visit: (progress: number, index: number) => void,
): void {
  const { ratio, travel } = scale;
  const left = countUntil(flow, time) / ratio;
  const arrived = countUntil(flow, time - travel) / ratio;
  if (left <= 0) return;
  for (let index = Math.max(0, Math.floor(arrived) - 1); index <= Math.ceil(left); index++) {
    const place = index + 0.15 + 0.7 * noise(seed, index);
    if (place < arrived || place > left) continue;
    const progress = (time - timeOf(flow, place * ratio)) / travel;
    if (progress >= 0 && progress < 1) visit(progress, index);
  }
}

/**
 * A ratio of the row 1, 2, 5, 10, 20, 50 … by which no more than `most` dots are ever on their way, for a peak of `peak`
 * requests within one travel time.
 */
export function niceRatio(peak: number, most: number): number {
  let ratio = 1;
  for (let step = 0; peak / ratio > most && step < 60; step++) ratio *= step % 3 === 1 ? 2.5 : 2;
  return ratio;
}
