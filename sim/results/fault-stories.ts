/**
 * What belongs to which fault. What happens at a component belongs to the last fault that struck it; where none ever did, to
 * every fault whose story is not over. A story is over when each component that it is about was struck by a later fault.
 */
import type { Happening } from '../engine/history.ts';
import type { World } from '../engine/world.ts';
import type { FaultSettings } from '../scenario/settings.ts';
import { struckBy } from './struck.ts';

export interface Story {
  start: Happening;
  /** The beginning itself, and what belongs to it, in order of time. */
  during: Happening[];
  /** When it was over, or the run, ns. */
  untilNs: number;
}

const STARTS = new Set<Happening['kind']>(['fault', 'out-of-memory']);

/** Of each fault in the window, in order of time. */
export function storiesOf(world: World, settings: readonly FaultSettings[]): Story[] {
  const teller = new Teller(world.clock[0]);
  const about = new Map<number, readonly number[]>();
  const struck = (h: Happening): readonly number[] => {
    if (h.kind !== 'fault' || h.node >= 0) return struckBy(world, settings, h);
    const known = about.get(h.fault) ?? struckBy(world, settings, h);
    about.set(h.fault, known);
    return known;
  };
  const { list } = world.history;
  let begun = 0;
  for (const h of list) {
    // What a crash does to a component is written down before the crash itself: faults of the same instant come first.
    for (; begun < list.length && list[begun].atNs <= h.atNs; begun++) {
      const start = list[begun];
      if (STARTS.has(start.kind) && start.atNs >= world.windowStartNs) teller.begin(start, struck(start));
    }
    teller.tell(h, h.node < 0 ? [h.component] : [h.component, world.nodes.component[h.node]]);
  }
  return teller.stories;
}

class Teller {
  readonly stories: Story[] = [];
  /** By component: the last faults that struck it, several where they did at once. */
  private readonly last = new Map<number, Story[]>();
  /** Stories that are not over, with the number of components that no later fault has struck. */
  private readonly open = new Map<Story, number>();

  constructor(private readonly endNs: number) {}

  begin(start: Happening, struck: readonly number[]): void {
    const story: Story = { start, during: [], untilNs: this.endNs };
    this.stories.push(story);
    this.open.set(story, struck.length);
    for (const component of struck) {
      const before = this.last.get(component) ?? [];
      // What follows faults of the same instant cannot be told apart.
      const beside = before.filter((it) => it.start.atNs === start.atNs);
      if (beside.length === 0) for (const it of before) this.leave(it, start.atNs);
      this.last.set(component, [...beside, story]);
    }
  }

  /** One of the components that the story is about has another one now. */
  private leave(story: Story, atNs: number): void {
    const left = (this.open.get(story) ?? 1) - 1;
    this.open.set(story, left);
    if (left > 0) return;
    this.open.delete(story);
    story.untilNs = atNs;
  }

  tell(h: Happening, places: readonly number[]): void {
    const owners = new Set(places.flatMap((component) => this.last.get(component) ?? []));
    for (const story of owners.size > 0 ? owners : this.open.keys()) story.during.push(h);
  }
}
