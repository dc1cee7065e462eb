/**
 * How many events to simulate before looking up: enough that looking costs nothing, few enough that Ctrl-C is answered
 * at once. An event's cost varies a hundredfold between scenarios, so the slice follows the clock.
 */

/** The time between two looks, in milliseconds. */
const targetMs = 10;

const smallest = 64;
const largest = 1 << 22;

/** The size of the next slice, from the size of the last and the milliseconds it took. */
export function nextSlice(events: number, tookMs: number): number {
  const wanted = events * (targetMs / Math.max(tookMs, 0.1));
  const bounded = Math.min(Math.max(wanted, events / 4), events * 2);
  return Math.round(Math.min(Math.max(bounded, smallest), largest));
}
