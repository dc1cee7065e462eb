/**
 * How much of a stage is simulated at once. A person at a slider waits a fraction of a second; what takes longer is
 * shown first with a shorter window, then in full; and what takes very long is in full only when asked for.
 */

/** Events of a first look: about a quarter of a second. */
const firstLook = 400_000;

/** Up to this many events a stage is simulated in full without being asked: some ten seconds. */
const unasked = 20_000_000;

export interface Span {
  warmupSeconds: number;
  windowSeconds: number;
}

export interface Plan {
  /** A short window to show first; null: the whole stage takes no longer. */
  first: Span | null;
  /** Whether the whole stage follows. */
  whole: boolean;
}

/** The shortest window that says anything. */
const least = 1;

/** Plans a stage from the events that all of it would take. `asked`: in full, and at once. */
export function planOf(stage: Span, events: number, asked: boolean): Plan {
  if (asked || events <= firstLook) return { first: null, whole: true };
  const share = firstLook / events;
  const seconds = (stage.warmupSeconds + stage.windowSeconds) * share;
  // A warm-up that is cut short is worth more than a window: without it the figures are those of an empty system.
  const warmupSeconds = Math.min(stage.warmupSeconds, round(seconds * 0.4));
  const windowSeconds = Math.max(least, round(seconds - warmupSeconds));
  if (windowSeconds >= stage.windowSeconds) return { first: null, whole: true };
  return {
    first: { warmupSeconds: Math.min(warmupSeconds, windowSeconds / 2), windowSeconds },
    whole: events <= unasked,
  };
}

/** To tenths of a second, downwards; below one second to hundredths. */
function round(seconds: number): number {
  return seconds < 1 ? Math.floor(seconds * 100) / 100 : Math.floor(seconds * 10) / 10;
}
