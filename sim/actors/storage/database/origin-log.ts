/**
 * The writes that one copy of a multi-primary database has accepted, in order: on its disk, so that a crash does not
 * lose them, and kept until every other copy has confirmed them.
 *
 * Positions count from 1. What a message carries are entries of this log; they never change once written.
 */
export class OriginLog {
  /** Last position written. */
  head = 0;
  /** First position still kept. */
  private first = 1;
  private keys = new Int32Array(64);
  private stampsNs = new Float64Array(64);
  private committedNs = new Float64Array(64);
  private vectors: Int32Array;

  /** @param width copies, each with an entry in a version vector */
  constructor(private readonly width: number) {
    this.vectors = new Int32Array(64 * width);
  }

  /** Appends a write; `vector` from `at` on is what its writer had seen of the key, this write included. */
  append(key: number, stampNs: number, nowNs: number, vector: Int32Array, at: number): number {
    const position = ++this.head;
    if (position - this.first >= this.keys.length) this.grow();
    const i = this.slot(position);
    this.keys[i] = key;
    this.stampsNs[i] = stampNs;
    this.committedNs[i] = nowNs;
    for (let copy = 0; copy < this.width; copy++) this.vectors[i * this.width + copy] = vector[at + copy];
    return position;
  }

  key(position: number): number {
    return this.keys[this.slot(position)];
  }

  /** The writer's clock at the write, ns. */
  stampNs(position: number): number {
    return this.stampsNs[this.slot(position)];
  }

  /** When it was written in fact, ns; of the oldest kept where that is no longer known. */
  timeNs(position: number): number {
    return this.committedNs[this.slot(Math.max(position, this.first))];
  }

  /** What the writer had seen of one copy's writes to the key. */
  seen(position: number, copy: number): number {
    return this.vectors[this.slot(position) * this.width + copy];
  }

  /** Everybody has the positions up to this one. */
  trim(position: number): void {
    if (position >= this.first) this.first = position + 1;
  }

  private slot(position: number): number {
    return position & (this.keys.length - 1);
  }

  private grow(): void {
    const { keys, stampsNs, committedNs, vectors, width, first } = this;
    const size = keys.length * 2;
    this.keys = new Int32Array(size);
    this.stampsNs = new Float64Array(size);
    this.committedNs = new Float64Array(size);
    this.vectors = new Int32Array(size * width);
    for (let position = first; position < this.head; position++) {
      const from = position & (keys.length - 1);
      const to = position & (size - 1);
      this.keys[to] = keys[from];
      this.stampsNs[to] = stampsNs[from];
      this.committedNs[to] = committedNs[from];
      for (let copy = 0; copy < width; copy++) this.vectors[to * width + copy] = vectors[from * width + copy];
    }
  }
}
