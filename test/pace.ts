/**
 * How fast the machine is at this moment, for tests that measure time. A limit in milliseconds is one for a quiet
 * machine; on one that is slow or busy with other things it grows by as much as a fixed piece of work takes longer,
 * timed beside what is measured. What is ten times as slow as it was fails everywhere.
 */

/** What the fixed work takes on an ordinary quiet machine, in milliseconds. */
const QUIET_MS = 10;
const ROUNDS = 30_000;

/** Strings, a hash table and small objects: what programs are mostly made of. */
function work(): void {
  const counts = new Map<string, { seen: number[] }>();
  for (let round = 0; round < ROUNDS; round++) {
    const key = `key ${Math.imul(round, 48271) & 0xffff}`;
    const entry = counts.get(key);
    if (entry === undefined) counts.set(key, { seen: [round] });
    else entry.seen.push(round);
  }
}

// The first time is the compiler's.
work();

/** At least 1; on a machine that is twice as slow it is 2. Takes a few dozen milliseconds. */
export function slowness(): number {
  const start = performance.now();
  work();
  return Math.max(1, (performance.now() - start) / QUIET_MS);
}

/** Once measured: a value, and what it may be at most at the pace that the machine had meanwhile. */
export interface Try {
  value: number;
  limit: number;
}

export const isGood = ({ value, limit }: Try): boolean => value <= limit;

/**
 * Measures until a value is within its limit, up to so often: other work on the machine spoils one try or three, what
 * is slow spoils all. Answers the last, which is the good one if there is any.
 */
export async function firstGood(measure: () => Try | Promise<Try>, tries = 8): Promise<Try> {
  let last = await measure();
  for (let more = tries - 1; more > 0 && !isGood(last); more--) last = await measure();
  return last;
}
