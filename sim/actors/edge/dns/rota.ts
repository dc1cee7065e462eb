/**
 * Which name server a caller asks: the nearest first, then the next ones. Among those that are equally near callers
 * begin in turn, so that the load is even.
 */
import type { Places } from '../../../engine/places.ts';

export class Rota {
  /** By place: the name servers, the nearest first; and how many are equally near as that one. */
  private readonly order: Int32Array[] = [];
  private readonly nearest: number[] = [];

  constructor(places: Places, firstNode: number, count: number) {
    for (let place = 0; place < places.count; place++) {
      const far = (i: number): number => distance(places, place, places.ofNode[firstNode + i]);
      const list = Array.from({ length: count }, (_, i) => i).sort((a, b) => far(a) - far(b) || a - b);
      this.order.push(Int32Array.from(list, (i) => firstNode + i));
      this.nearest.push(list.filter((i) => far(i) === far(list[0])).length);
    }
  }

  /** The server that a caller in this place asks at its n-th try, from 0. */
  server(place: number, slot: number, tries: number): number {
    const order = this.order[place];
    const near = this.nearest[place];
    const turn = tries % order.length;
    return turn < near ? order[(slot + turn) % near] : order[turn];
  }
}

const distance = (places: Places, from: number, to: number): number => (from === to ? -1 : places.distanceNs(from, to));
