/**
 * Least connections: the target with the fewest outstanding requests of this balancer; among equals who has been equal
 * longest, which is round robin among the least (HAProxy's `leastconn`).
 *
 * Targets of equal count form a list, first in first out; a request moves a target from one list to the next, so a
 * choice takes the same time among three targets and three thousand. Where weights differ, requests per weight are
 * compared by a scan that begins after the last choice.
 */
import { Id } from '../../engine/rows.ts';
import type { Policy } from './policy.ts';
import type { Targets } from './targets.ts';

export class LeastConnections implements Policy {
  /** First and last target with each count. */
  private first = new Int32Array(64).fill(Id.None);
  private last = new Int32Array(64).fill(Id.None);
  private readonly after: Int32Array;
  private readonly before: Int32Array;
  /** Count under which each target is listed, Id.None: not listed. */
  private readonly listed: Int32Array;
  /** No target has a smaller count. */
  private least = 0;
  private turn = 0;

  constructor(private readonly targets: Targets) {
    this.after = new Int32Array(targets.size).fill(Id.None);
    this.before = new Int32Array(targets.size).fill(Id.None);
    this.listed = new Int32Array(targets.size).fill(Id.None);
  }

  pick(_key: number): number {
    if (!this.targets.isUniform()) return this.scan();
    while (this.first[this.least] === Id.None) this.least++;
    for (let count = this.least; ; count++) {
      for (let slot = this.first[count]; slot !== Id.None; slot = this.after[slot]) {
        if (!this.targets.isTried(slot)) return slot;
      }
    }
  }

  private scan(): number {
    const { targets } = this;
    const { active, activeCount, outstanding } = targets;
    let best: number = Id.None;
    for (let i = 0; i < activeCount; i++) {
      const slot = active[(this.turn + i) % activeCount];
      if (targets.isTried(slot)) continue;
      const isLess =
        best === Id.None ||
        (outstanding[slot] + 1) * targets.weight(best) < (outstanding[best] + 1) * targets.weight(slot);
      if (isLess) best = slot;
    }
    this.turn = 0;
    while (active[this.turn] !== best) this.turn++;
    this.turn++;
    return best;
  }

  moved(slot: number): void {
    if (this.listed[slot] === Id.None) return;
    this.unlink(slot);
    this.link(slot);
  }

  rebuild(): void {
    const { isActive, size } = this.targets;
    for (let slot = 0; slot < size; slot++) {
      if (this.listed[slot] !== Id.None) {
        if (isActive[slot] === 0 || this.listed[slot] !== this.targets.outstanding[slot]) this.unlink(slot);
      }
      if (isActive[slot] === 1 && this.listed[slot] === Id.None) this.link(slot);
    }
    this.turn = 0;
  }

  private link(slot: number): void {
    const count = this.targets.outstanding[slot];
    if (count >= this.first.length) this.grow(count);
    this.listed[slot] = count;
    const last = this.last[count];
    this.before[slot] = last;
    this.after[slot] = Id.None;
    if (last === Id.None) this.first[count] = slot;
    else this.after[last] = slot;
    this.last[count] = slot;
    if (count < this.least) this.least = count;
  }

  private unlink(slot: number): void {
    const count = this.listed[slot];
    const before = this.before[slot];
    const after = this.after[slot];
    if (before === Id.None) this.first[count] = after;
    else this.after[before] = after;
    if (after === Id.None) this.last[count] = before;
    else this.before[after] = before;
    this.listed[slot] = Id.None;
  }

  private grow(count: number): void {
    let length = this.first.length;
    while (length <= count) length *= 2;
    const first = new Int32Array(length).fill(Id.None);
    const last = new Int32Array(length).fill(Id.None);
    first.set(this.first);
    last.set(this.last);
    this.first = first;
    this.last = last;
  }
}
