/**
 * What one leader appended in one epoch: a ring of columns that grows, written by that leader alone. Every replica's
 * log is a chain of these and an end (see `Logs`), so following copies nothing.
 */

/** Columns of a record. */
export const enum Col {
  IdA = 0,
  IdB = 1,
  Key = 2,
  User = 3,
  /** Population, in the upper half. */
  Op = 4,
  /** Who published it, and the how manieth of its messages to this partition it is: `Producer` is the client, or a member (commits). */
  Producer = 5,
  Sequence = 6,
  /** 1: its producer was told that it is accepted. */
  Accepted = 7,
  Stride = 8,
}

export class EpochRecords {
  /** Oldest record that is kept, and the one after the newest. */
  first: number;
  end: number;
  /** Records from here on are not part of any later leader's log. */
  survivesTo = Infinity;
  /** When its leader's process went away, or was last paused, ns; -1: it was not. */
  goneNs = -1;
  I = new Int32Array(16 * Col.Stride);
  /** When each was published, ns. */
  F = new Float64Array(16);
  private mask = 15;

  /**
   * @param start offset of the first record
   * @param broker that leads in this epoch
   * @param makeRoom drops what nobody needs any more, before the ring grows
   */
  constructor(
    readonly epoch: number,
    readonly broker: number,
    readonly start: number,
    private readonly makeRoom: (records: EpochRecords) => void,
  ) {
    this.first = start;
    this.end = start;
  }

  /** Place of the record with this offset in `F`; times `Col.Stride` in `I`. */
  at(offset: number): number {
    // Offsets may exceed 31 bits; their low bits are enough.
    return (offset % 0x40000000) & this.mask;
  }

  /** Takes one more record; the caller writes its columns at the place that is returned. */
  push(): number {
    if (this.end - this.first > this.mask) {
      this.makeRoom(this);
      if (this.end - this.first > this.mask >> 1) this.grow();
    }
    return this.at(this.end++);
  }

  private grow(): void {
    const size = (this.mask + 1) * 2;
    const I = new Int32Array(size * Col.Stride);
    const F = new Float64Array(size);
    const old = this.mask;
    this.mask = size - 1;
    for (let offset = this.first; offset < this.end; offset++) {
      const from = (offset % 0x40000000) & old;
      const to = this.at(offset);
      F[to] = this.F[from];
      for (let c = 0; c < Col.Stride; c++) I[to * Col.Stride + c] = this.I[from * Col.Stride + c];
    }
    this.I = I;
    this.F = F;
  }
}
