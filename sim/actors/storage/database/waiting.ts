/** Writes that wait at their leader for acknowledgements of copies: one queue per member, in order of positions. */
import type { Kernel } from '../../../engine/kernel.ts';
import { FCol, Flag, ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import type { World } from '../../../engine/world.ts';

export class Waiting {
  private readonly head: Int32Array;
  private readonly tail: Int32Array;

  constructor(
    private readonly kernel: Kernel,
    private readonly world: World,
    members: number,
  ) {
    this.head = new Int32Array(members).fill(Id.None);
    this.tail = new Int32Array(members).fill(Id.None);
  }

  /** The row, whose position stands in its data, is suspended. */
  push(member: number, row: number): void {
    const I = this.world.rows.I;
    I[row * Stride.I + ICol.QNext] = Id.None;
    const tail = this.tail[member];
    if (tail === Id.None) this.head[member] = row;
    else I[tail * Stride.I + ICol.QNext] = row;
    this.tail[member] = row;
  }

  isEmpty(member: number): boolean {
    return this.head[member] === Id.None;
  }

  /** Writes up to this position have their acknowledgements. */
  release(member: number, position: number): void {
    const { I, F } = this.world.rows;
    let row = this.head[member];
    while (row !== Id.None && F[row * Stride.F + FCol.Data] <= position) {
      const next = I[row * Stride.I + ICol.QNext];
      this.kernel.resume(row);
      row = next;
    }
    this.head[member] = row;
    if (row === Id.None) this.tail[member] = Id.None;
  }

  /** The leader gives up: all who wait are told that it failed. */
  fail(member: number): void {
    const { I } = this.world.rows;
    for (let row = this.head[member]; row !== Id.None; row = I[row * Stride.I + ICol.QNext]) {
      const flags = row * Stride.I + ICol.Flags;
      I[flags] = (I[flags] & ~Flag.StatusMask) | Status.Error;
    }
    this.release(member, Infinity);
  }

  /** The process died, and the rows with it. */
  forget(member: number): void {
    this.head[member] = Id.None;
    this.tail[member] = Id.None;
  }
}
