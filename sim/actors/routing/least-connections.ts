/**
 * Least connections: the target with the fewest outstanding requests of this balancer, any of them with the same
 * chance when several are equal ("join the shortest queue").
 *
 * How ties are broken shows: with constant service times a strict order of turns among equals makes the policy the same
 * as round robin. Chance behaves like the smooth round robin that nginx's `least_conn` runs among equals, which is no
 * strict order either.
 *
 * Targets stand in one array in the order of their counts; a request moves a target over the edge between two counts,
 * so a choice takes the same time among three targets and three thousand. Where weights differ, requests per weight
 * are compared by a scan.
 */
import { Id } from '../../engine/rows.ts';
import type { Stream } from '../../random/keys.ts';
import { Router, RouterPolicy } from '../../engine/records.ts';
import type { Policy } from './policy.ts';
import type { Targets } from './targets.ts';

/** Counts there is room for at first. */
const FIRST_COUNTS = 64;

export class LeastConnections implements Policy {
  readonly goesByOutstanding = true;
  /** Active slots, those with the fewest requests first; and where each slot stands, Id.None: it is not active. */
  private readonly order: Int32Array;
  private readonly place: Int32Array;
  /** Count by which each slot is placed. */
  private readonly count: Int32Array;
  /** Those with c requests stand from `start[c]` up to `start[c + 1]`. */
  private start: Int32Array;

  constructor(
    private readonly targets: Targets,
    private readonly stream: Stream,
  ) {
    const { tables, size } = targets;
    this.order = tables.ints(Router.Order, size);
    this.place = tables.ints(Router.Place, size).fill(Id.None);
    this.count = tables.ints(Router.Count, size);
    this.start = tables.ints(Router.Start, FIRST_COUNTS);
    tables.I[Router.Room] = FIRST_COUNTS;
    targets.letCoreChoose(RouterPolicy.LeastConnections, stream);
  }

  /** Nobody has fewer. */
  private get least(): number {
    return this.targets.tables.I[Router.Least];
  }

  private set least(count: number) {
    this.targets.tables.I[Router.Least] = count;
  }

  pick(_key: number): number {
    const { targets, stream, start } = this;
    if (targets.choices < targets.activeCount || !targets.isUniform()) return this.scan();
    while (start[this.least + 1] === 0) this.least++;
    return this.order[stream.below(start[this.least + 1])];
  }

  /** The same by looking at everybody: where weights differ, or some targets have been tried. */
  private scan(): number {
    const { targets, stream } = this;
    const { active, activeCount, outstanding } = targets;
    let best: number = Id.None;
    let equals = 0;
    for (let i = 0; i < activeCount; i++) {
      const slot = active[i];
      if (targets.isTried(slot)) continue;
      const order =
        best === Id.None
          ? -1
          : compare(outstanding[slot], targets.weight(slot), outstanding[best], targets.weight(best));
      if (order > 0) continue;
      equals = order < 0 ? 1 : equals + 1;
      if (stream.below(equals) === 0) best = slot;
    }
    return best;
  }

  moved(slot: number): void {
    if (this.place[slot] === Id.None) return;
    const count = this.targets.outstanding[slot];
    while (this.count[slot] < count) this.raise(slot);
    while (this.count[slot] > count) this.lower(slot);
  }

  /** Changes places with the last of its count, and the edge moves before it. */
  private raise(slot: number): void {
    const count = this.count[slot]++;
    if (count + 2 >= this.start.length) this.grow();
    this.swap(slot, --this.start[count + 1]);
  }

  /** Changes places with the first of its count, and the edge moves behind it. */
  private lower(slot: number): void {
    const count = this.count[slot]--;
    this.swap(slot, this.start[count]++);
    if (count - 1 < this.least) this.least = count - 1;
  }

  private swap(slot: number, to: number): void {
    const from = this.place[slot];
    const other = this.order[to];
    this.order[from] = other;
    this.place[other] = from;
    this.order[to] = slot;
    this.place[slot] = to;
  }

  rebuild(): void {
    const { active, activeCount, outstanding } = this.targets;
    this.place.fill(Id.None);
    this.start.fill(activeCount, 1);
    this.least = 0;
    // Everybody begins at no requests, and rises.
    for (let i = 0; i < activeCount; i++) {
      const slot = active[i];
      this.order[i] = slot;
      this.place[slot] = i;
      this.count[slot] = 0;
    }
    for (let i = 0; i < activeCount; i++) while (this.count[active[i]] < outstanding[active[i]]) this.raise(active[i]);
  }

  private grow(): void {
    const { start, targets } = this;
    const { tables, activeCount } = targets;
    this.start = tables.ints(Router.Start, start.length * 2).fill(activeCount);
    this.start.set(start);
    tables.I[Router.Room] = this.start.length;
  }
}

/** Below 0: the first has fewer requests per weight, this one included. */
function compare(a: number, weightA: number, b: number, weightB: number): number {
  return (a + 1) * weightB - (b + 1) * weightA;
}
