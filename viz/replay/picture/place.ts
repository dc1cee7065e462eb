/** Where a card stands, and what is kept free around it. */

/** Pixels that are kept free above and beneath a card, for what is drawn there. */
export interface Spare {
  above: number;
  beneath: number;
}

/** Nothing is kept free. */
export const NONE: Spare = { above: 0, beneath: 0 };

/** A card, in the pixels of a layout at scale 1. */
export interface Place {
  id: string;
  /** Centre of the card. */
  x: number;
  y: number;
  width: number;
  height: number;
  spare?: Spare;
}

/** How far a card reaches up and down from its middle, with what is kept free around it. */
export function reachOf({ height, spare = NONE }: Place): { up: number; down: number } {
  return { up: height / 2 + spare.above, down: height / 2 + spare.beneath };
}
