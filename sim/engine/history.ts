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

/** What the figures of a fault are made of: kept whatever else fills the history. */
const TELLING: ReadonlySet<HappeningKind> = new Set([
  'fault',
  'heal',
  'out-of-memory',
  'restart',
  'promoted',
  'rejoined',
  'discarded',
  'handover',
  'handover-ends',
  'lost-writes',
  'stranded',
  'returned',
]);

/** More than this many are counted, not kept: of what figures are made of, and of all else. */
const MOST_TELLING = 200_000;
const MOST = 20_000;

export class History {
  readonly list: Happening[] = [];
  /** Counters when faults began and ended. */
  readonly marks: (Mark & { fault: number })[] = [];
  dropped = 0;
  private telling = 0;

  /** Counts by second of things too many to list. */
  private readonly tallies = new Map<string, Map<number, number>>();

  constructor(private readonly clock: Float64Array) {}

  add(kind: HappeningKind, component: number, node: number, what: string, value = 0, fault = -1, data = 0): void {
    const isTelling = TELLING.has(kind);
    if (isTelling ? this.telling >= MOST_TELLING : this.list.length - this.telling >= MOST) {
      this.dropped++;
      return;
    }
    if (isTelling) this.telling++;
    this.list.push({ atNs: this.clock[0], kind, component, node, what, fault, value, data });
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
    const bySecond = this.tallies.get(name);
    if (bySecond === undefined) return 0;
    let sum = 0;
    for (let second = Math.floor(fromNs / 1e9); second <= Math.floor(toNs / 1e9); second++)
      sum += bySecond.get(second) ?? 0;
    return sum;
  }
}
