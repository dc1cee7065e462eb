/** Read your writes: users who wrote lately read from the primary for a while. The caller's driver remembers, per user. */
import { KeyTable } from '../../../engine/key-table.ts';
import { Id } from '../../../engine/rows.ts';

/** Users before the first look for those that can be forgotten. */
const FEW = 4096;

export class Pins {
  /** One table of users per population, and when each is free again, ns. */
  private readonly users: KeyTable[] = [];
  private readonly until: Float64Array[] = [];
  private readonly sweepAt: number[] = [];

  /** @param pinNs how long a write pins its user */
  constructor(private readonly pinNs: number) {}

  wrote(population: number, user: number, nowNs: number): void {
    while (this.users.length <= population) {
      this.users.push(new KeyTable());
      this.until.push(new Float64Array(this.users[this.users.length - 1].capacity));
      this.sweepAt.push(FEW);
    }
    const table = this.users[population];
    let entry = table.find(user);
    if (entry === Id.None) {
      if (table.size >= this.sweepAt[population]) this.forget(population, nowNs);
      entry = table.add(user);
      if (this.until[population].length < table.capacity) this.grow(population);
    }
    this.until[population][entry] = nowNs + this.pinNs;
  }

  isPinned(population: number, user: number, nowNs: number): boolean {
    if (population >= this.users.length) return false;
    const entry = this.users[population].find(user);
    return entry !== Id.None && this.until[population][entry] > nowNs;
  }

  private forget(population: number, nowNs: number): void {
    const table = this.users[population];
    const until = this.until[population];
    table.each((entry) => {
      if (until[entry] <= nowNs) table.remove(entry);
    });
    this.sweepAt[population] = Math.max(FEW, table.size * 2);
  }

  private grow(population: number): void {
    const grown = new Float64Array(this.users[population].capacity);
    grown.set(this.until[population]);
    this.until[population] = grown;
  }
}
