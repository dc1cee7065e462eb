/**
 * The future event list: a two-level lazy wheel.
 *
 * Events wait unsorted in the slot of their time; a slot is sorted only when the clock reaches it, by a small binary
 * heap, which stays O(log n) when 200,000 events share one instant. The first wheel has 4096 slots, the second holds
 * 4096 turns of the first, what lies beyond waits in a list. The width of a slot follows the density of events, as
 * seen in simulated state only, so tuning never changes the order. Order is by time, then by content (`before`),
 * never by when an event was pushed: see docs/decisions/0001.
 */
import { FCol, Stride, ICol, Id, ORDER, type Rows } from './rows.ts';

const SLOTS = 4096;
const MASK = SLOTS - 1;
const WORDS = SLOTS / 32;
/** Slot widths are powers of two of nanoseconds between these. */
const MIN_SHIFT = 4;
const MAX_SHIFT = 30;
/** Pops between two looks at the width. */
const TUNE_EVERY = 1 << 15;
/** Turns between two looks at whether they hold anything. */
const MANY_TURNS = 64;

/** The future event list, as those who schedule see it. */
export interface FutureEvents {
  /** Adds the row, whose time column is set. */
  push(row: number): void;
}

export class EventList implements FutureEvents {
  size = 0;
  /** Pops since the start, for the event count. */
  pops = 0;
  private shift = 14;
  private inverse = 1 / (1 << 14);
  /** Absolute number of the slot being emptied. */
  private current = 0;
  private readonly near = new Int32Array(SLOTS).fill(Id.None);
  private readonly nearBits = new Int32Array(WORDS);
  private readonly far = new Int32Array(SLOTS).fill(Id.None);
  private readonly farBits = new Int32Array(WORDS);
  private beyond = Id.None;
  /** The turn at which `beyond` was last gone through: nothing in it is due within SLOTS turns of that. */
  private sorted = 0;
  private heapRow = new Int32Array(1024);
  private heapTime = new Float64Array(1024);
  private heapSize = 0;
  private visited = 0;
  private tuneAt = TUNE_EVERY;
  private popsAtTune = 0;
  /** Turns since the last look, and the pops by then. */
  private turns = 0;
  private popsAtTurns = 0;

  constructor(private readonly rows: Rows) {}

  /** Adds the row, whose time column is set. */
  push(row: number): void {
    this.size++;
    this.place(row);
  }

  /** Takes the earliest row if it is due at or before `limit` (held in `limit[0]`), else Id.None. */
  pop(limit: Float64Array): number {
    if (this.heapSize === 0 && !this.refill()) return Id.None;
    if (this.heapTime[0] > limit[0]) return Id.None;
    const row = this.heapRow[0];
    this.sink();
    this.size--;
    if (++this.pops >= this.tuneAt) this.tune();
    return row;
  }

  private place(row: number): void {
    const slot = Math.floor(this.rows.F[row * Stride.F + FCol.Time] * this.inverse);
    if (slot <= this.current) {
      this.rise(row);
      return;
    }
    const turn = Math.floor(slot / SLOTS);
    const currentTurn = Math.floor(this.current / SLOTS);
    const at = row * Stride.I + ICol.Next;
    if (turn === currentTurn) {
      const i = slot & MASK;
      this.rows.I[at] = this.near[i];
      this.near[i] = row;
      this.nearBits[i >> 5] |= 1 << (i & 31);
    } else if (turn - currentTurn < SLOTS) {
      const i = turn & MASK;
      this.rows.I[at] = this.far[i];
      this.far[i] = row;
      this.farBits[i >> 5] |= 1 << (i & 31);
    } else {
      this.rows.I[at] = this.beyond;
      this.beyond = row;
    }
  }

  /** Moves the next non-empty slot into the heap. False: no events. */
  private refill(): boolean {
    if (this.size === 0) return false;
    for (;;) {
      const i = nextBit(this.nearBits, (this.current & MASK) + 1);
      if (i !== Id.None) {
        this.current = Math.floor(this.current / SLOTS) * SLOTS + i;
        this.nearBits[i >> 5] &= ~(1 << (i & 31));
        let row = this.near[i];
        this.near[i] = Id.None;
        this.visited++;
        const I = this.rows.I;
        if (I[row * Stride.I + ICol.Next] === Id.None) {
          // Alone in its slot, as nearly half of all are.
          this.heapRow[0] = row;
          this.heapTime[0] = this.rows.F[row * Stride.F + FCol.Time];
          this.heapSize = 1;
          return true;
        }
        while (row !== Id.None) {
          const next = I[row * Stride.I + ICol.Next];
          this.rise(row);
          row = next;
        }
        return true;
      }
      this.turnOver();
      if (this.heapSize > 0) return true;
    }
  }

  /** Goes to the next turn that has events and spreads them over the near wheel. */
  private turnOver(): void {
    let next = this.nextTurn();
    if (this.beyond !== Id.None && (next === Id.None || next >= this.sorted + SLOTS)) {
      // What waits beyond the far wheel may have come into its reach.
      this.sortBeyond();
      next = this.nextTurn();
      if (next === Id.None) next = this.earliestBeyond();
    }
    const i = next & MASK;
    const list = this.far[i];
    this.far[i] = Id.None;
    this.farBits[i >> 5] &= ~(1 << (i & 31));
    this.current = next * SLOTS;
    this.scatter(list);
    if (this.heapSize === 0 && list === Id.None) this.sortBeyond();
    if (++this.turns >= MANY_TURNS) this.widen();
  }

  /** Events are so far apart that most turns hold next to none: wider slots, at once. */
  private widen(): void {
    const sparse = this.pops - this.popsAtTurns < this.turns;
    this.turns = 0;
    this.popsAtTurns = this.pops;
    if (sparse && this.shift < MAX_SHIFT) this.rebuild(Math.min(MAX_SHIFT, this.shift + 4));
  }

  /** The next turn that has events in the far wheel, Id.None when it is empty. */
  private nextTurn(): number {
    const turn = Math.floor(this.current / SLOTS);
    const here = turn & MASK;
    const ahead = nextBit(this.farBits, here + 1);
    if (ahead !== Id.None) return turn - here + ahead;
    const wrapped = nextBit(this.farBits, 0);
    return wrapped === Id.None ? Id.None : turn - here + SLOTS + wrapped;
  }

  private sortBeyond(): void {
    this.sorted = Math.floor(this.current / SLOTS);
    const list = this.beyond;
    this.beyond = Id.None;
    this.scatter(list);
  }

  private scatter(list: number): void {
    const I = this.rows.I;
    let row = list;
    while (row !== Id.None) {
      const next = I[row * Stride.I + ICol.Next];
      this.place(row);
      row = next;
    }
  }

  private earliestBeyond(): number {
    let earliest = Infinity;
    for (let row = this.beyond; row !== Id.None; row = this.rows.I[row * Stride.I + ICol.Next]) {
      const time = this.rows.F[row * Stride.F + FCol.Time];
      if (time < earliest) earliest = time;
    }
    return Math.floor(Math.floor(earliest * this.inverse) / SLOTS);
  }

  private rise(row: number): void {
    const time = this.rows.F[row * Stride.F + FCol.Time];
    let i = this.heapSize++;
    if (i >= this.heapRow.length) this.growHeap();
    const heapRow = this.heapRow;
    const heapTime = this.heapTime;
    while (i > 0) {
      const up = (i - 1) >> 1;
      const upTime = heapTime[up];
      if (upTime < time || (upTime === time && this.before(heapRow[up], row))) break;
      heapRow[i] = heapRow[up];
      heapTime[i] = upTime;
      i = up;
    }
    heapRow[i] = row;
    heapTime[i] = time;
  }

  private sink(): void {
    const heapRow = this.heapRow;
    const heapTime = this.heapTime;
    const size = --this.heapSize;
    if (size === 0) return;
    const row = heapRow[size];
    const time = heapTime[size];
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= size) break;
      const right = down + 1;
      if (right < size && this.less(right, down)) down = right;
      const downTime = heapTime[down];
      if (time < downTime || (time === downTime && this.before(row, heapRow[down]))) break;
      heapRow[i] = heapRow[down];
      heapTime[i] = downTime;
      i = down;
    }
    heapRow[i] = row;
    heapTime[i] = time;
  }

  private less(i: number, j: number): boolean {
    const a = this.heapTime[i];
    const b = this.heapTime[j];
    return a < b || (a === b && this.before(this.heapRow[i], this.heapRow[j]));
  }

  /** Content order of two simultaneous events: class, node, identity, call, and last the row itself. */
  private before(a: number, b: number): boolean {
    const I = this.rows.I;
    const x = a * Stride.I;
    const y = b * Stride.I;
    const order = ORDER[I[x + ICol.Kind]] - ORDER[I[y + ICol.Kind]];
    if (order !== 0) return order < 0;
    for (const column of TIE) {
      const difference = I[x + column] - I[y + column];
      if (difference !== 0) return difference < 0;
    }
    return a < b;
  }

  /** Keeps a visited slot at one to two events on average: most are then alone in it, and nothing is sorted. */
  private tune(): void {
    const pops = this.pops - this.popsAtTune;
    const perSlot = pops / Math.max(1, this.visited);
    let shift = this.shift;
    if (perSlot > 2.2) shift -= Math.min(6, Math.max(1, 31 - Math.clz32(Math.floor(perSlot / 1.5))));
    else if (perSlot < 1.05) shift += 1;
    shift = Math.max(MIN_SHIFT, Math.min(MAX_SHIFT, shift));
    this.visited = 0;
    this.popsAtTune = this.pops;
    this.tuneAt = this.pops + Math.max(TUNE_EVERY, this.size);
    if (shift !== this.shift) this.rebuild(shift);
  }

  private rebuild(shift: number): void {
    const all = new Int32Array(this.size);
    let count = 0;
    for (let i = 0; i < this.heapSize; i++) all[count++] = this.heapRow[i];
    let earliest = Infinity;
    const gather = (list: number): void => {
      for (let row = list; row !== Id.None; row = this.rows.I[row * Stride.I + ICol.Next]) all[count++] = row;
    };
    for (let i = 0; i < SLOTS; i++) {
      gather(this.near[i]);
      gather(this.far[i]);
    }
    gather(this.beyond);
    for (let i = 0; i < count; i++) earliest = Math.min(earliest, this.rows.F[all[i] * Stride.F + FCol.Time]);
    this.near.fill(Id.None);
    this.far.fill(Id.None);
    this.nearBits.fill(0);
    this.farBits.fill(0);
    this.beyond = Id.None;
    this.heapSize = 0;
    this.shift = shift;
    this.inverse = 1 / (1 << shift);
    this.current = count === 0 ? 0 : Math.max(0, Math.floor(earliest * this.inverse) - 1);
    this.sorted = Math.floor(this.current / SLOTS);
    for (let i = 0; i < count; i++) this.place(all[i]);
  }

  private growHeap(): void {
    const rows = new Int32Array(this.heapRow.length * 2);
    rows.set(this.heapRow);
    this.heapRow = rows;
    const times = new Float64Array(this.heapTime.length * 2);
    times.set(this.heapTime);
    this.heapTime = times;
  }
}

const TIE = [ICol.Node, ICol.IdA, ICol.IdB, ICol.Tag, ICol.Pc, ICol.Key] as const;

/** Index of the first set bit at or after `from`, Id.None when there is none. */
function nextBit(bits: Int32Array, from: number): number {
  let word = from >> 5;
  if (word >= WORDS) return Id.None;
  let rest = bits[word] & (-1 << (from & 31));
  while (rest === 0) {
    if (++word >= WORDS) return Id.None;
    rest = bits[word];
  }
  return (word << 5) + 31 - Math.clz32(rest & -rest);
}
