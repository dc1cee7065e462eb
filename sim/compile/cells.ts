/** Cells: what the time of a request is booked to, one for each kind of time at each resource of each component. */
import { Id } from '../engine/rows.ts';
import { type Cell, OTHER } from '../engine/world.ts';

export class CellDrafts {
  // Cell 0 takes what does not fit into a chain.
  readonly all: Cell[] = [{ component: Id.None, resource: OTHER, kind: 'service' }];
  private readonly ids = new Map<string, number>();

  of(component: number, resource: string, kind: Cell['kind']): number {
    const key = `${component} ${kind} ${resource}`;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const id = this.all.push({ component, resource, kind }) - 1;
    this.ids.set(key, id);
    return id;
  }
}
