/** What a dashboard would show of a component beside load and queues: what its type counts, memory, connections. */
import type { ComponentDraft } from '../compile/components.ts';
import type { Readings } from '../engine/actor-instance.ts';
import type { World } from '../engine/world.ts';
import type { ReadingRecording } from './format.ts';
import { Meter, Series, type Folding } from './slices.ts';

export class ReadingWatch {
  private readonly counts = new Map<string, Meter>();
  private readonly levels = new Map<string, Series>();
  /** Figures of types that do not say which are counts: both ways, and what they are shows at the end. */
  private readonly unsorted = new Map<string, { meter: Meter; level: Series }>();
  private ratios: NonNullable<Readings['ratios']> = {};
  private slices = 0;

  constructor(
    private readonly draft: ComponentDraft,
    private readonly world: World,
  ) {}

  reset(): void {
    for (const meter of this.counts.values()) meter.reset();
    for (const { meter } of this.unsorted.values()) meter.reset();
  }

  look(): void {
    const { actor } = this.draft;
    const readings = actor?.readings() ?? null;
    const { counts, levels, ratios } = readings ?? { counts: {}, levels: {} };
    this.ratios = ratios ?? {};
    for (const [name, value] of Object.entries(counts)) this.series(this.counts, name, () => new Meter()).read(value);
    for (const [name, value] of Object.entries({ ...this.machineLevels(), ...levels }))
      this.series(this.levels, name, () => new Series('last')).push(value);
    if (readings === null) this.lookAtFigures(actor?.figures() ?? {});
    this.slices++;
  }

  private lookAtFigures(figures: Record<string, number>): void {
    for (const [name, value] of Object.entries(figures)) {
      let both = this.unsorted.get(name);
      if (both === undefined) {
        this.unsorted.set(name, (both = { meter: new Meter(), level: new Series('last') }));
        fill(both.meter, this.slices, 0);
        fill(both.level, this.slices, 0);
      }
      both.meter.read(value);
      both.level.push(value);
    }
  }

  /** Of machines that have a limit of it: the share of memory in use, and the connections there are. */
  private machineLevels(): Record<string, number> {
    const { machines, nodes } = this.world;
    let used = 0;
    let memory = 0;
    let connections = 0;
    let isLimited = false;
    for (const m of new Set(
      Array.from({ length: this.draft.nodes }, (_, i) => nodes.machine[this.draft.firstNode + i]),
    )) {
      if (machines.memory[m] < Infinity) {
        used += machines.memoryUsed(m);
        memory += machines.memory[m];
      }
      if (machines.connections[m] < Infinity) isLimited = true;
      connections += machines.connectionsUsed(m);
    }
    return { ...(memory > 0 && used > 0 && { memory: used / memory }), ...(isLimited && { connections }) };
  }

  /** A reading that appears late was 0, or nothing, before. */
  private series<T extends Series>(all: Map<string, T>, name: string, create: () => T): T {
    let series = all.get(name);
    if (series === undefined) {
      all.set(name, (series = create()));
      fill(series, this.slices, 0);
    }
    return series;
  }

  record(folding: Folding): ReadingRecording[] {
    const levels = new Map(this.levels);
    const counts = new Map<string, Series>(this.counts);
    for (const [name, { meter, level }] of this.unsorted) {
      // What is whole and never shrinks is a counter.
      if (meter.values.every((value) => Number.isInteger(value) && value >= 0)) counts.set(name, meter);
      else levels.set(name, level);
    }
    const recorded = (kind: ReadingRecording['kind'], all: Map<string, Series>): ReadingRecording[] =>
      [...all]
        .filter(([, { values }]) => values.some((value) => value !== 0 && !Number.isNaN(value)))
        .map(([name, series]) => ({ name, kind, values: folding.levels(fill(series, this.slices, NaN)) }));
    return [...this.recordRatios(folding), ...recorded('level', levels), ...recorded('count', counts)];
  }

  private recordRatios(folding: Folding): ReadingRecording[] {
    return Object.entries(this.ratios).flatMap(([name, [part, whole]]) => {
      const parts = this.counts.get(part);
      const wholes = this.counts.get(whole);
      if (parts === undefined || wholes === undefined || wholes.values.every((value) => value === 0)) return [];
      return { name, kind: 'level' as const, values: folding.ratios(parts, wholes, NaN) };
    });
  }
}

/** Makes the series so many slices long; a reading that is no longer given has no value. */
function fill(series: Series, slices: number, value: number): Series {
  while (series.values.length < slices) series.push(value);
  return series;
}
