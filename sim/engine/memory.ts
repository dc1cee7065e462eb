/**
 * The linear memory that holds every table of a run, so that the core (WebAssembly) and TypeScript work on the same
 * numbers. TypeScript sees a table as a typed array, the core finds it by its address in the directory (see slots.ts).
 *
 * The memory never grows, since that would take the buffer away from every view: it is made as large as it may ever
 * need to be, of which the operating system gives only what is touched.
 */
import type { Ground } from './key-table.ts';
import { Keys } from './key-records.ts';
import { Chain } from './records.ts';
import { Place, Slot } from './slots.ts';

/** Of the host's WebAssembly, what is used here; the libraries of TypeScript know it only together with a browser's. */
declare const WebAssembly: {
  Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

/** Whoever makes tables. New tables are zero. */
export interface Tables {
  /** Single numbers: see `Cell` and `Num`. */
  readonly cells: Int32Array;
  readonly numbers: Float64Array;
  /** A table takes the place of the one that had the slot before; the caller copies what it wants to keep. */
  i32(slot: Slot, length: number): Int32Array;
  f64(slot: Slot, length: number): Float64Array;
  u8(slot: Slot, length: number): Uint8Array;
}

/** Tables that nobody else looks at: for parts that are used alone. */
export class LooseTables implements Tables {
  readonly cells = new Int32Array(64);
  readonly numbers = new Float64Array(64);

  i32(_slot: Slot, length: number): Int32Array {
    return new Int32Array(length);
  }

  f64(_slot: Slot, length: number): Float64Array {
    return new Float64Array(length);
  }

  u8(_slot: Slot, length: number): Uint8Array {
    return new Uint8Array(length);
  }
}

/** Bytes of the row pool, of the heap (which ends below 2³¹, so that its addresses are int32) and of the chains, at most. */
const ROWS = 0x40000000;
const HEAP = 0x3ffe0000;
const CHAINS = 0x60000000;
/** A host that refuses so much is asked for half, and half of that; then it is its error that counts. */
const TRIES = 5;

/** Bytes of an array that `ints` would rather have elsewhere. */
const LARGE = 0x4000000;

/** The heap is full. */
export class MemoryExhausted extends Error {}

export class Memory implements Tables {
  readonly cells: Int32Array;
  readonly numbers: Float64Array;
  readonly buffer: ArrayBuffer;
  /** Address of the chains, and how many of them and of rows there can be. */
  readonly chainsAt: number;
  readonly mostRows: number;
  readonly mostChains: number;
  private readonly directory: Int32Array;
  private readonly heapAt: number;
  private next: number;

  private constructor(
    readonly wasm: { readonly buffer: ArrayBuffer },
    scale: number,
  ) {
    this.buffer = wasm.buffer;
    this.heapAt = Place.Rows + ROWS / scale;
    this.chainsAt = this.heapAt + HEAP / scale;
    this.next = this.heapAt;
    this.mostRows = ROWS / scale / 128;
    this.mostChains = Math.floor(CHAINS / scale / Chain.Bytes);
    this.directory = new Int32Array(this.buffer, Place.Directory, 256);
    this.cells = new Int32Array(this.buffer, Place.Cells, (Place.Numbers - Place.Cells) / 4);
    this.numbers = new Float64Array(this.buffer, Place.Numbers, (Place.Late - Place.Numbers) / 8);
    this.directory[Slot.Chains] = this.chainsAt;
  }

  /** One that is not in use, or a new one. */
  static take(): Memory {
    const spare = Memory.spare.pop();
    if (spare !== undefined) return spare;
    for (let scale = 1; ; scale *= 2) {
      const pages = Math.ceil((Place.Rows + (ROWS + HEAP + CHAINS) / scale) / Place.Page);
      try {
        return new Memory(new WebAssembly.Memory({ initial: pages, maximum: pages }), scale);
      } catch (error) {
        if (scale === 1 << TRIES) throw error;
      }
    }
  }

  /** Nobody looks at it any more: it is wiped, and kept for the next run. */
  release(rowsEnd: number, usedChains: number): void {
    const wipe = (from: number, bytes: number): void => void new Uint8Array(this.buffer, from, bytes).fill(0);
    wipe(0, rowsEnd * 128);
    wipe(this.chainsAt, usedChains * Chain.Bytes);
    wipe(this.heapAt, this.next - this.heapAt);
    this.next = this.heapAt;
    this.directory[Slot.Chains] = this.chainsAt;
    if (Memory.spare.length < MOST_SPARE) Memory.spare.push(this);
  }

  private static readonly spare: Memory[] = [];

  i32(slot: Slot, length: number): Int32Array {
    return new Int32Array(this.buffer, this.place(slot, length * 4), length);
  }

  f64(slot: Slot, length: number): Float64Array {
    return new Float64Array(this.buffer, this.place(slot, length * 8), length);
  }

  u8(slot: Slot, length: number): Uint8Array {
    return new Uint8Array(this.buffer, this.place(slot, length), length);
  }

  /** The address of a table. */
  addressOf(slot: Slot): number {
    return this.directory[slot];
  }

  /** Room that no slot leads to. Returns its address. */
  room(bytes: number): number {
    const at = this.next;
    const next = at + Math.ceil(bytes / 64) * 64;
    if (next > this.chainsAt) throw new MemoryExhausted('the tables no longer fit into the memory budget');
    this.next = next;
    return at;
  }

  /** An array for the core to look at that no slot leads to. */
  i32s(length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.buffer, this.room(length * 4), length);
  }

  /** The same of what may be large: one that it cannot see where too little of the heap would be left. */
  ints(length: number): Int32Array<ArrayBuffer> {
    const isLarge = length * 4 > LARGE || this.next + length * 4 > (this.heapAt + this.chainsAt) / 2;
    return isLarge ? new Int32Array(length) : new Int32Array(this.buffer, this.room(length * 4), length);
  }

  /** Where a key table stands for the core to see. */
  ground(record = this.i32s(Keys.I)): Ground {
    return { ints: (length) => this.ints(length), record };
  }

  private place(slot: Slot, bytes: number): number {
    return (this.directory[slot] = this.room(bytes));
  }
}

/** Memories kept for the next run: two runs may take turns (a double check). */
const MOST_SPARE = 2;

/** The same table, seen as float64. */
export function doublesOf(table: Int32Array): Float64Array<ArrayBuffer> {
  return new Float64Array(table.buffer as ArrayBuffer, table.byteOffset, table.length / 2);
}

/** Puts a value for each of some items into a table. */
export function fill<T, A extends Int32Array | Float64Array | Uint8Array>(
  table: A,
  items: readonly T[],
  value: (item: T, i: number) => number,
): A {
  for (let i = 0; i < items.length; i++) table[i] = value(items[i], i);
  return table;
}
