/** The histograms that the core records into, by number. */
import { Histogram } from '../statistics/histogram.ts';
import { LooseTables, type Memory, type Tables } from './memory.ts';
import { HistCol } from './records.ts';
import { Slot } from './slots.ts';

/** Histograms of a stage, at most: two for each operation and one for each component. */
const FIRST = 1024;

export class Histograms {
  readonly all: Histogram[] = [];
  private directory: Int32Array;

  constructor(
    private readonly tables: Tables = new LooseTables(),
    private readonly memory: Memory | null = null,
  ) {
    this.directory = tables.i32(Slot.Histograms, FIRST * HistCol.Width);
  }

  get count(): number {
    return this.all.length;
  }

  add(): Histogram {
    const number = this.all.length;
    if ((number + 1) * HistCol.Width > this.directory.length) this.grow();
    const histogram = new Histogram(this.memory === null ? undefined : (length) => this.room(number, length));
    this.all.push(histogram);
    return histogram;
  }

  /** Cells for histogram `number`, where the core finds them. Twice what is asked for, since old ones are not given back. */
  private room(number: number, wanted: number): Float64Array {
    const memory = this.memory!;
    const length = wanted * 2;
    const at = memory.room(length * 8);
    this.directory[number * HistCol.Width + HistCol.Address] = at;
    this.directory[number * HistCol.Width + HistCol.Length] = length;
    return new Float64Array(memory.buffer, at, length);
  }

  private grow(): void {
    const old = this.directory;
    this.directory = this.tables.i32(Slot.Histograms, old.length * 2);
    this.directory.set(old);
  }
}
