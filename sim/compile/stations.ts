/** Stations: what requests queue for at a node. */
import type { CellDrafts } from './cells.ts';
import type { ComponentDrafts } from './components.ts';
import type { NodeDrafts } from './nodes.ts';
import { Id } from '../engine/rows.ts';
import { Discipline, type StationSpec } from '../engine/stations.ts';
import type { Cell } from '../engine/world.ts';
import type { Sampler } from '../random/sampler.ts';
import type { QueueSettings } from '../scenario/settings.ts';

export class StationDrafts {
  readonly all: StationSpec[] = [];

  constructor(
    private readonly components: ComponentDrafts,
    private readonly nodes: NodeDrafts,
    private readonly cells: CellDrafts,
    private readonly sampler: Sampler,
  ) {}

  /** @param wait what waiting for a token is in the report */
  add(node: number, resource: string, capacity: number, queue: QueueSettings, wait: Cell['kind']): number {
    const component = this.components.all[this.nodes.all[node].component];
    let group = component.resources.indexOf(resource);
    if (group < 0) group = component.resources.push(resource) - 1;
    return (
      this.all.push({
        node,
        resource,
        capacity,
        limit: queue.limit ?? Infinity,
        discipline: disciplineOf(queue),
        patience: queue.patience === null ? Id.None : this.sampler.add(queue.patience),
        waitCell: this.cells.of(component.id, resource, wait),
        holdCell: this.cells.of(component.id, resource, 'service'),
        group,
      }) - 1
    );
  }
}

function disciplineOf({ discipline }: QueueSettings): Discipline {
  if (discipline === 'lifo') return Discipline.Lifo;
  return discipline === 'priority' ? Discipline.Priority : Discipline.Fifo;
}
