/** Messages on their way to a bus: who waits for the answer, and what they are about. Numbers, used again. */
import { Id } from '../../../engine/rows.ts';

interface Ticket {
  isOpen: boolean;
  row: number;
  gen: number;
  host: number;
  population: number;
  post: number;
  key: number;
  sinceNs: number;
}

export class Tickets {
  private readonly all: Ticket[] = [];
  /** Free ones, the longest unused first: what comes late finds them closed. */
  private idle: number[] = [];

  take(row: number, gen: number, host: number, population: number, post: number, key: number, sinceNs: number): number {
    const spare = this.idle.length > 1024 ? this.idle.shift()! : Id.None;
    const number = spare === Id.None ? this.all.length : spare;
    const ticket = { isOpen: true, row, gen, host, population, post, key, sinceNs };
    if (spare === Id.None) this.all.push(ticket);
    else Object.assign(this.all[number], ticket);
    return number;
  }

  free(number: number): void {
    this.all[number].isOpen = false;
    this.idle.push(number);
  }

  isOpen(number: number): boolean {
    return this.all[number].isOpen;
  }

  rowOf(number: number): number {
    return this.all[number].row;
  }

  genOf(number: number): number {
    return this.all[number].gen;
  }

  hostOf(number: number): number {
    return this.all[number].host;
  }

  populationOf(number: number): number {
    return this.all[number].population;
  }

  postOf(number: number): number {
    return this.all[number].post;
  }

  keyOf(number: number): number {
    return this.all[number].key;
  }

  /** Open ones that are older than a time. */
  before(ns: number): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.all.length; i++) if (this.all[i].isOpen && this.all[i].sinceNs < ns) found.push(i);
    return found;
  }
}
