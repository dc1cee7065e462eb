/** Where a picture that is larger than its frame begins to be shown: with the clients, and what stands before them. */

/** Pixels to be seen before the first of the clients: the name of their region stands there. */
const BEFORE = 48;

/**
 * How far a picture is scrolled at first along one axis of its frame: not at all where the clients are then seen, in part
 * if they are many; else as far as to have them in the middle, or to begin with the first where they do not fit.
 */
export function beginning({ least, most }: { least: number; most: number }, frame: number): number {
  if (most <= frame) return 0;
  const toFirst = Math.max(0, least - BEFORE);
  return most - least <= frame ? Math.min(toFirst, (least + most - frame) / 2) : toFirst;
}
