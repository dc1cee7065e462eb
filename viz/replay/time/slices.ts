/** Time as the recording cuts it: slices of one width, the first and the last of which may be narrower. */
import type { Slices } from '../../../sim/recording/format.ts';
import { lastAtMost } from '../picture/flow.ts';
import { clamped } from './playback.ts';

/** The moment at which a stage begins: with its warm-up, seconds before 0. */
export const startOf = (slices: Slices): number => (slices.count > 0 ? slices.edges[0] : 0);

export const endOf = (slices: Slices): number => (slices.count > 0 ? slices.edges[slices.count] : 0);

/** A stretch of time that an axis shows, seconds. */
export interface Span {
  from: number;
  to: number;
}

export const spanOf = (slices: Slices): Span => ({ from: startOf(slices), to: endOf(slices) });

/** What holds all of them: stages that are compared stand on one axis. */
export function spanOfAll(all: readonly Slices[]): Span {
  return { from: Math.min(...all.map(startOf)), to: Math.max(...all.map(endOf)) };
}

/** The slice of a moment; outside the stage its first or last one. 0 when there is none at all. */
export function sliceAt(slices: Slices, time: number): number {
  return Math.max(0, Math.min(slices.count - 1, lastAtMost(slices.edges, time)));
}

/** Width of one slice in seconds; never 0, since rates divide by it. */
export function widthOf(slices: Slices, slice: number): number {
  return Math.max(1e-9, slices.edges[slice + 1] - slices.edges[slice]);
}

/** The edge that lies `steps` slices from `time`; from inside a slice the first step goes to the nearest edge ahead. */
export function stepped(slices: Slices, time: number, steps: number): number {
  if (slices.count === 0) return 0;
  const near = 1e-6;
  const from = steps > 0 ? lastAtMost(slices.edges, time + near) : lastAtMost(slices.edges, time - near) + 1;
  const edge = Math.max(0, Math.min(slices.count, from + steps));
  return clamped(slices.edges[edge], startOf(slices), endOf(slices));
}
