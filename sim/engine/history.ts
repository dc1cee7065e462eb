/**
 * What happened that people care about by name: faults, detections, promotions, scaling. Cold; the only place in the
 * engine where words are kept.
 */
import type { Mark } from './marks.ts';

export type HappeningKind =
  | 'fault'
  | 'heal'
  | 'crash'
  | 'restart'
  | 'out-of-memory'
  | 'detected'
  | 'recovered-target'
  | 'election'
  | 'promoted'
  | 'fenced'
  | 'rejoined'
  | 'discarded'
  | 'handover'
  | 'handover-ends'
  | 'redirected'
  | 'scale-out'
  | 'scale-in'
  | 'ready'
  | 'drained'
  | 'lost-writes'
  | 'stranded'
  | 'returned'
  | 'converged';

export interface Happening {
  atNs: number;
  kind: HappeningKind;
  component: number;
  /** Node concerned, -1: the component as a whole. */
  node: number;
  what: string;
  /** Fault index it belongs to, -1: none known. */
  fault: number;
  /** A number that goes with it (writes lost, instances). */
  value: number;
  /** Another one, where there are two (for lost writes: the age of the oldest, seconds). */
  data?: number;
}

/** More than this many are counted, not kept. */
const MOST = 20_000;

export class History {
  readonly list: Happening[] = [];
  /** Counters when faults began and ended. */
  readonly marks: (Mark & { fault: number })[] = [];
  dropped = 0;

  /** Counts by second of things too many to list. */
  private readonly tallies = new Map<string, Map<number, number>>();

  constructor(private readonly clock: Float64Array) {}

  add(kind: HappeningKind, component: number, node: number, what: string, value = 0, fault = -1, data = 0): void {
    if (this.list.length >= MOST) this.dropped++;
    else this.list.push({ atNs: this.clock[0], kind, component, node, what, fault, value, data });
  }

  /** One more of what is counted by the second (stale reads). */
  tally(name: string): void {
    let bySecond = this.tallies.get(name);
    if (bySecond === undefined) this.tallies.set(name, (bySecond = new Map()));
    const second = Math.floor(this.clock[0] / 1e9);
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
  }

  /** How many in the seconds from one time to another, ns. */
  tallied(name: string, fromNs: number, toNs: number): number {
    let sum = 0;
    for (const [second, count] of this.tallies.get(name) ?? []) {
      if (second >= Math.floor(fromNs / 1e9) && second <= Math.floor(toNs / 1e9)) sum += count;
    }
    return sum;
  }
}
