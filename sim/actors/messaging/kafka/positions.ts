/** Positions that are not offsets yet: what the broker is to find out, and which of them a member begins with. */
import type { GroupSettings } from '../kafka.settings.ts';

/** The oldest there is, the end. */
export const EARLIEST = -1;
export const LATEST = -2;
/** From here downwards: the first message published at or after a time, ns before this. */
export const BY_TIME = -3;

/** Where a member begins that finds no offset committed, or not in the log. */
export const startOf = ({ start }: GroupSettings): number => (start === 'earliest' ? EARLIEST : LATEST);

/** Where a replay begins. */
export function replayFrom({ replay }: GroupSettings, now: number): number {
  if (replay === null || replay.backNs === null) return EARLIEST;
  return BY_TIME - Math.max(0, now - replay.backNs);
}
