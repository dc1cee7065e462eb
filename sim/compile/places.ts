/**
 * Places of a stage: which there are, where the instances of each component stand, and what lies between two of them.
 */
import type { Distribution } from '../random/distribution.ts';
import { isWithin, placeNames, placesNamed, regionOf, turnIn } from '../scenario/places.ts';
import type { PlaceLinkSettings, RegionSettings, StageSettings } from '../scenario/settings.ts';

/** Nowhere in particular: near everything. */
const NOWHERE = 0;

export class PlaceDrafts {
  /** Smallest places, sorted; before them `''` for nowhere. */
  readonly names: string[];
  /** Place of each node, in the order in which nodes were made. */
  readonly ofNode: number[] = [];
  private readonly regions: readonly RegionSettings[];
  private readonly networkDelay: Distribution;
  private readonly links: readonly PlaceLinkSettings[];

  constructor(stage: StageSettings) {
    this.regions = stage.regions ?? [];
    this.networkDelay = stage.networkDelay;
    // Links of the smallest places come last.
    this.links = [...(stage.placeLinks ?? [])].sort((a, b) => size(a) - size(b));
    this.names = ['', ...placeNames(this.regions)];
  }

  /** Are there any? */
  get any(): boolean {
    return this.names.length > 1;
  }

  get regionNames(): string[] {
    return this.names.map(regionOf);
  }

  /** Place of the instance that has this turn in a list of places. */
  inTurn(list: readonly string[], turn: number): number {
    return this.names.indexOf(turnIn(this.regions, list, turn));
  }

  /** Place of users: a region with zones is its first one to them, since they are in none. */
  ofUsers(name: string | undefined): number {
    return name === undefined ? NOWHERE : this.names.indexOf(placesNamed(this.regions, name)[0]);
  }

  /** One-way delay from a place to another; `users`: at which end a population is, whose way to its region's network comes on top. */
  delay(from: number, to: number, users: 'from' | 'to' | null = null): Distribution {
    if (from === NOWHERE || to === NOWHERE) return this.networkDelay;
    const a = this.region(from);
    const b = this.region(to);
    const access = users === null ? null : (users === 'from' ? a : b).accessNs;
    const stated = this.link(from, to, (link) => link.delay !== undefined)?.delay;
    if (stated !== undefined) return further(stated, access ?? 0);
    if (a !== b) return further(this.latency(a, b), access ?? 0);
    if (users !== null) return access === null ? this.networkDelay : { kind: 'constant', value: access };
    return from === to ? this.networkDelay : a.betweenZones;
  }

  /** Share of the messages from a place to another that are lost on the link between them. */
  loss(from: number, to: number): number {
    return this.link(from, to, () => true)?.loss ?? 0;
  }

  /** The link of the smallest places that leads from a place to another and fits. */
  private link(from: number, to: number, fits: (link: PlaceLinkSettings) => boolean): PlaceLinkSettings | undefined {
    return this.links.findLast(
      (link) => fits(link) && isWithin(this.names[from], link.from) && isWithin(this.names[to], link.to),
    );
  }

  private region(place: number): RegionSettings {
    const name = regionOf(this.names[place]);
    return this.regions.find((region) => region.name === name)!;
  }

  /** What the matrix says from one region to another; a pair stated once holds both ways. */
  private latency(from: RegionSettings, to: RegionSettings): Distribution {
    const stated = from.latency.find((each) => each.to === to.name) ?? to.latency.find((each) => each.to === from.name);
    if (stated === undefined)
      throw new Error(
        `no latency from '${from.name}' to '${to.name}': the checks before compiling should have found this`,
      );
    return stated.delay;
  }
}

function further(delay: Distribution, byNs: number): Distribution {
  if (byNs === 0) return delay;
  return delay.kind === 'constant'
    ? { kind: 'constant', value: delay.value + byNs }
    : { kind: 'shifted', by: byNs, of: delay };
}

/** How deep in the tree of places a link is. */
function size({ from, to }: PlaceLinkSettings): number {
  return from.split('/').length + to.split('/').length;
}
