/**
 * Which requests of a run are kept with all their spans: in each twelfth of the window the slowest, some that failed and
 * some ordinary ones, and the slowest of all.
 *
 * The choice is by latency and by a hash of the request's identity, so it is the same in every run. Nothing is allocated
 * for a request that is not chosen; one that is costs a copy.
 */
import { FCol, ICol, Id, Stride } from '../engine/rows.ts';
import { Num } from '../engine/slots.ts';
import type { World } from '../engine/world.ts';
import { Outcome } from '../workload/outcomes.ts';
import type { RequestOutcome, RequestRecording, SpanRecording } from './format.ts';
import { Trails } from './trails.ts';

const S = 1_000_000_000;
const MS = 1_000_000;
const PERIODS = 12;
/** How many of each in a period; failures for each way to fail. And how many of the slowest of all. */
const SLOW = 4;
const FAILED = 2;
const ORDINARY = 8;
const SLOWEST = 12;

const NAMES: readonly RequestOutcome[] = ['completed', 'failed', 'timedOut', 'rejected'];

export class RequestSample {
  private readonly slowest: Best;
  private readonly slow: Best;
  private readonly ordinary: Best;
  private readonly failed: Best[];
  private readonly found = new Map<string, RequestRecording>();
  private period = 0;

  constructor(
    private readonly world: World,
    private readonly trails: Trails,
  ) {
    const { numbers } = world.memory;
    const bar = (which: Num): Float64Array => numbers.subarray(which, which + 1);
    this.slowest = new Best(SLOWEST, bar(Num.BarSlowest));
    this.slow = new Best(SLOW, bar(Num.BarSlow));
    this.ordinary = new Best(ORDINARY, bar(Num.BarOrdinary));
    this.failed = NAMES.map(() => new Best(FAILED));
    numbers[Num.SampleFrom] = world.windowStartNs;
  }

  /** Requests that ended in the window. The core counts them too. */
  get ended(): number {
    return this.world.memory.numbers[Num.SampleEnded];
  }

  /** Those of them that were followed. */
  get followed(): number {
    return this.world.memory.numbers[Num.SampleFollowed];
  }

  /** A request of the window ends; `slot` is its trail, Id.None: it was not followed. */
  offer(row: number, slot: number, outcome: Outcome): void {
    const { rows, clock, windowStartNs, memory } = this.world;
    memory.numbers[Num.SampleEnded]++;
    if (slot === Id.None) return;
    memory.numbers[Num.SampleFollowed]++;
    const a = rows.I[row * Stride.I + ICol.IdA];
    const start = rows.F[row * Stride.F + FCol.Start];
    const rank = Math.imul(a ^ (a >>> 16), 0x45d9f3b) >>> 0;
    if (outcome !== Outcome.Completed) {
      this.keep(this.failed[outcome], rank, row, slot, outcome);
      return;
    }
    this.keep(this.ordinary, rank, row, slot, outcome);
    if (start < windowStartNs) return;
    this.keep(this.slow, clock[0] - start, row, slot, outcome);
    this.keep(this.slowest, clock[0] - start, row, slot, outcome);
  }

  /** A slice of the window is over: at the end of a period its best are final. */
  look(): void {
    const { clock, windowStartNs, endNs } = this.world;
    const period = Math.floor(((clock[0] - windowStartNs) * PERIODS) / Math.max(1, endNs - windowStartNs));
    if (period <= this.period) return;
    this.period = period;
    this.collect();
  }

  /** The end of the run. Ordered by start; `share` < 1 leaves some out, the failed and the slowest last. */
  record(share: number): RequestRecording[] {
    this.collect();
    this.gather(this.slowest, 'slowest');
    const all = [...this.found.values()];
    const kept = all.filter((request, i) => {
      const step = request.picked === 'ordinary' ? share : Math.min(1, share * 2);
      return Math.floor((i + 1) * step) > Math.floor(i * step) || this.isAmongSlowest(request);
    });
    return kept.sort((one, other) => one.start - other.start || (one.id < other.id ? -1 : 1));
  }

  private isAmongSlowest({ latencyMs }: RequestRecording): boolean {
    return this.slowest.count > 0 && latencyMs * MS >= this.slowest.highest();
  }

  private keep(best: Best, key: number, row: number, slot: number, outcome: Outcome): void {
    if (key <= best.bar) return;
    const at = best.place(key);
    const I = this.world.rows.I;
    const from = row * Stride.I;
    best.trails.copy(at, this.trails, slot);
    best.who.set(
      [I[from + ICol.IdA], I[from + ICol.IdB], I[from + ICol.User], I[from + ICol.Op], I[from + ICol.Join], outcome],
      at * Who.Width,
    );
    best.ends[at] = this.world.clock[0];
  }

  private collect(): void {
    this.gather(this.slow, 'slowest');
    for (const best of this.failed) this.gather(best, 'failed');
    this.gather(this.ordinary, 'ordinary');
    for (const best of [this.slow, this.ordinary, ...this.failed]) best.clear();
  }

  private gather(best: Best, picked: RequestRecording['picked']): void {
    for (let at = 0; at < best.count; at++) {
      const request = this.requestAt(best, at, picked);
      if (!this.found.has(request.id)) this.found.set(request.id, request);
    }
  }

  private requestAt(best: Best, at: number, picked: RequestRecording['picked']): RequestRecording {
    const { world } = this;
    const who = best.who.subarray(at * Who.Width, (at + 1) * Who.Width);
    const population = world.populations[who[Who.Op] >> 16].spec;
    return {
      id: hex(who[Who.IdA]) + hex(who[Who.IdB]),
      population: population.name,
      operation: world.operations[population.operations[who[Who.Choice]]],
      user: who[Who.User],
      start: (best.trails.start[at] - world.windowStartNs) / S,
      latencyMs: (best.ends[at] - best.trails.start[at]) / MS,
      outcome: NAMES[who[Who.Outcome]],
      attempts: best.trails.tries[at],
      picked,
      spans: this.spansAt(best.trails, at),
      cut: best.trails.cut[at] === 1,
    };
  }

  private spansAt(trails: Trails, at: number): SpanRecording[] {
    const { cells, components, nodes } = this.world;
    const spans: SpanRecording[] = [];
    let before = trails.start[at];
    for (let i = 0; i < trails.count[at]; i++) {
      const { component, resource, kind } = cells[trails.cell(at, i)];
      const node = trails.node(at, i);
      const end = trails.end(at, i);
      const isThere = component !== Id.None && node !== Id.None && nodes.component[node] === component;
      spans.push({
        component: component === Id.None ? '' : components.name[component],
        instance: isThere ? node - components.firstNode[component] : -1,
        resource,
        kind,
        startMs: (before - trails.start[at]) / MS,
        endMs: (end - trails.start[at]) / MS,
      });
      before = end;
    }
    return spans;
  }
}

/** Numbers that say which request it was. */
const enum Who {
  IdA = 0,
  IdB = 1,
  User = 2,
  Op = 3,
  Choice = 4,
  Outcome = 5,
  Width = 6,
}

const hex = (x: number): string => (x >>> 0).toString(16).padStart(8, '0');

/** The k with the highest keys, with their trails; of equal keys the first to come. */
class Best {
  count = 0;
  readonly trails: Trails;
  readonly who: Int32Array;
  readonly ends: Float64Array;
  private readonly keys: Float64Array;
  private lowest = 0;

  /** @param level where the bar stands, for whoever else looks at it */
  constructor(
    private readonly most: number,
    private readonly level: Float64Array = new Float64Array(1),
  ) {
    this.bar = Number.NEGATIVE_INFINITY;
    this.trails = new Trails(most);
    this.who = new Int32Array(most * Who.Width);
    this.ends = new Float64Array(most);
    this.keys = new Float64Array(most);
  }

  /** What is not above it is not among the best: nearly all that is offered. */
  get bar(): number {
    return this.level[0];
  }

  private set bar(key: number) {
    this.level[0] = key;
  }

  /** Where to put one with this key, which is above the bar. */
  place(key: number): number {
    const at = this.count < this.most ? this.count++ : this.lowest;
    this.keys[at] = key;
    this.findLowest();
    return at;
  }

  highest(): number {
    return this.keys.subarray(0, this.count).reduce((most, key) => Math.max(most, key), 0);
  }

  clear(): void {
    this.count = 0;
    this.bar = Number.NEGATIVE_INFINITY;
  }

  private findLowest(): void {
    this.lowest = 0;
    for (let i = 1; i < this.count; i++) if (this.keys[i] < this.keys[this.lowest]) this.lowest = i;
    if (this.count === this.most) this.bar = this.keys[this.lowest];
  }
}
