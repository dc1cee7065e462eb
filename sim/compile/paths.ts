/**
 * Network paths between components. What lies between the places of two is settled last, when it is known where every
 * instance stands.
 */
import type { ComponentDraft, ComponentDrafts } from './components.ts';
import type { NodeDrafts } from './nodes.ts';
import type { PlaceDrafts } from './places.ts';
import type { PathSpec } from '../engine/network.ts';
import { Id } from '../engine/rows.ts';
import type { Sampler } from '../random/sampler.ts';
import type { StageSettings } from '../scenario/settings.ts';

export class PathDrafts {
  readonly all: PathSpec[] = [];
  private readonly ids = new Map<number, number>();

  constructor(
    private readonly stage: StageSettings,
    private readonly components: ComponentDrafts,
    private readonly nodes: NodeDrafts,
    private readonly places: PlaceDrafts,
    private readonly sampler: Sampler,
  ) {}

  /** The network path between two components: as a link says, none on one machine, else as their places have it. */
  between(from: number, to: number): number {
    const key = from * 65536 + to;
    const known = this.ids.get(key);
    if (known !== undefined) return known;
    const a = this.components.all[from].name;
    const b = this.components.all[to].name;
    const link = this.stage.links.find((l) => l.from === a && l.to === b) ?? null;
    const id = this.all.length;
    this.ids.set(key, id);
    const zero = this.sampler.add({ kind: 'constant', value: 0 });
    const loss = link?.loss ?? 0;
    if (link !== null && link.delay !== null) {
      const delay = this.sampler.add(link.delay);
      const response = link.response === null ? delay : this.sampler.add(link.response);
      this.all.push({ from, to, delay, response, loss });
    } else if (this.nodes.together(from, to)) this.all.push({ from, to, delay: zero, response: zero, loss });
    else this.all.push({ from, to, delay: Id.None, response: Id.None, loss });
    return id;
  }

  /** Gives the paths their delays, now that it is known where every instance stands. */
  settle(): void {
    const { all } = this.components;
    for (const path of this.all)
      if (path.delay === Id.None) Object.assign(path, this.far(all[path.from], all[path.to]));
  }

  /** The delay between two components by where they stand. */
  private far(from: ComponentDraft, to: ComponentDraft): Pick<PathSpec, 'delay' | 'response' | 'spread'> {
    const { places, sampler } = this;
    const here = this.nodes.placesOf(from);
    const there = this.nodes.placesOf(to);
    const users = from.type === 'clients' ? 'from' : to.type === 'clients' ? 'to' : null;
    const back = users === null ? null : users === 'from' ? 'to' : 'from';
    if (here.length === 1 && there.length === 1)
      return {
        delay: sampler.add(places.delay(here[0], there[0], users)),
        response: sampler.add(places.delay(there[0], here[0], back)),
      };
    const count = places.names.length;
    const usual = sampler.add(this.stage.networkDelay);
    const spread = new Int32Array(count * count).fill(usual);
    for (const a of here)
      for (const b of there) {
        spread[b * count + a] = sampler.add(places.delay(b, a, back));
        spread[a * count + b] = sampler.add(places.delay(a, b, users));
      }
    return { delay: usual, response: usual, spread };
  }
}
