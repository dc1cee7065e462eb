/** Priorities: their places among all those of the stage, and which operations have one. */
import type { StageSettings } from '../scenario/settings.ts';

export class PriorityDrafts {
  /** component → operation → priority. */
  readonly all = new Map<number, Map<number, number>>();
  private ranks: number[] | null = null;

  constructor(private readonly stage: StageSettings) {}

  set(component: number, operation: number, priority: number): void {
    let priorities = this.all.get(component);
    if (priorities === undefined) this.all.set(component, (priorities = new Map()));
    priorities.set(operation, this.rank(priority));
  }

  /** Place of a priority among those of the stage, the lowest first: rows have three bits for it. */
  rank(priority: number): number {
    this.ranks ??= prioritiesOf(this.stage);
    return Math.min(7, this.ranks.indexOf(priority));
  }
}

/** The priority of work that no client asked for (a CDN's fetch of its own, applying a log): that of clients who say none. */
const OWN_WORK = 0;

/** Every different priority of a stage, ascending: its own work has the first place, whoever else there is. */
function prioritiesOf(stage: StageSettings): number[] {
  const ofComponents = stage.components.flatMap(
    ({ own }) => (own as { priorities?: { priority: number }[] }).priorities ?? [],
  );
  const all = new Set([OWN_WORK, ...[...stage.clients, ...ofComponents].map(({ priority }) => priority)]);
  return [...all].sort((a, b) => a - b);
}
