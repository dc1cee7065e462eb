/**
 * The clock of the page: where it stands in a stage, whether it runs, and how fast. Pure: the time that passed outside is
 * handed in, so a test needs no waiting.
 */

export interface Playback {
  /** Simulated seconds on the axis of the stage (0 is the end of the warm-up). */
  time: number;
  playing: boolean;
  /** Simulated seconds per second of the viewer. */
  speed: number;
}

const slow = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5];
const fast = [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

/** What one can choose; 1 is real time. */
const SPEEDS: readonly number[] = [...slow, 1, ...fast];

/** A speed at which a stage of `seconds` lasts about forty seconds. */
export function speedFor(seconds: number): number {
  const wanted = seconds / 40;
  return SPEEDS.find((speed) => speed >= wanted * 0.9) ?? SPEEDS[SPEEDS.length - 1];
}

/** The next speed up (1) or down (−1) the row. */
export function nextSpeed(speed: number, direction: 1 | -1): number {
  const faster = SPEEDS.filter((it) => it > speed);
  const slower = SPEEDS.filter((it) => it < speed);
  return direction > 0 ? (faster[0] ?? speed) : (slower[slower.length - 1] ?? speed);
}

/** Playback after `elapsed` seconds of the viewer; stops at the end. */
export function advanced(now: Playback, elapsed: number, end: number): Playback {
  if (!now.playing) return now;
  const time = now.time + elapsed * now.speed;
  return time >= end ? { ...now, time: end, playing: false } : { ...now, time };
}

/** The moment inside [start, end] that is nearest to `time`. */
export function clamped(time: number, start: number, end: number): number {
  return Math.max(start, Math.min(end, Number.isFinite(time) ? time : start));
}
