/**
 * A stage as a picture before it is drawn: cards with their sizes, and links with what flows on them. Computed once per
 * stage; everything that moves is looked up in it by time.
 */
import type { ComponentRecording, PopulationRecording, StageRecording } from '../../../sim/recording/format.ts';
import { countUntil, flowOf, peakWithin, type Flow } from './flow.ts';
import { failuresIn } from './health.ts';
import { niceRatio } from './particles.ts';
import { NONE, type Spare } from './place.ts';

export interface CardNode {
  id: string;
  name: string;
  picture: string;
  region: string | null;
  width: number;
  height: number;
  /** Room that is kept free around the card, where links run to the right or downwards. */
  spare: { right: Spare; down: Spare };
  /** Whether what all populations lost lies in a heap beside this card. */
  hasGraveyard: boolean;
  cells: CellGrid;
  population: PopulationRecording | null;
  component: ComponentRecording | null;
}

/** How the instances of a card stand: squares in rows. */
export interface CellGrid {
  count: number;
  perRow: number;
  size: number;
  gap: number;
  rows: number;
  /** The square in whose place it says how many more are up than have squares; null where each has its own. */
  more: number | null;
}

export interface CardLink {
  from: string;
  to: string;
  /** Requests and their answers, or what components send among themselves. */
  kind: 'requests' | 'messages';
  forth: Flow;
  back: Flow;
  /** Share, per slice, of what goes forth that is a retry, and of what comes back that is a failure or a refusal. */
  retried: Float32Array;
  failed: Float32Array;
  rejected: Float32Array;
  /** Mean one-way delay, ms; NaN when nothing was sent. */
  delayMs: number;
}

export interface Scene {
  nodes: CardNode[];
  links: CardLink[];
  /** What the graveyard fills with: requests that ended badly, of all populations. */
  lost: { failed: Flow; timedOut: Flow; rejected: Flow };
}

export const CARD = { width: 148, head: 27, foot: 22, padding: 10 };
/** Room beneath a card for the loop of what its instances send each other. */
const LOOP = 28;
/**
 * Room at the card of the first population for what all of them lost: beneath it, and above it where links run downwards.
 */
export const GRAVEYARD = { height: 52, gap: 6 };

/** The cards and links of a stage. */
export function sceneOf(stage: StageRecording): Scene {
  const { edges } = stage.slices;
  const own = new Set(stage.links.filter(({ from, to }) => from === to).map(({ to }) => to));
  const lost = lostOf(stage);
  const isAnyLost = Object.values(lost).reduce((sum, flow) => sum + countUntil(flow, Infinity), 0) >= 1;
  const nodes = [
    ...stage.populations.map((it, place) => clientCard(it, place === 0 && isAnyLost)),
    ...stage.components.map((it) => componentCard(it, own.has(it.name))),
  ];
  const components = new Map(stage.components.map((it) => [it.name, it]));
  const populations = new Map(stage.populations.map((it) => [it.name, it]));
  const links = stage.links.flatMap((link): CardLink[] => {
    const rates = outcomesAt(components.get(link.to), populations.get(link.from), stage.slices.count);
    const shared = { from: link.from, to: link.to, delayMs: link.delayMs };
    const none = new Float32Array(stage.slices.count);
    const parts: CardLink[] = [];
    if (link.from !== link.to && sum(link.requests) > 0) {
      const [forth, back] = [flowOf(link.requests, edges), flowOf(link.answers, edges)];
      parts.push({ ...shared, kind: 'requests', forth, back, ...rates });
    }
    if (sum(link.messages) > 0 || (link.from === link.to && sum(link.requests) > 0)) {
      const forth = flowOf(sum(link.messages) > 0 ? link.messages : link.requests, edges);
      parts.push({
        ...shared,
        kind: 'messages',
        forth,
        back: flowOf(none, edges),
        retried: none,
        failed: none,
        rejected: none,
      });
    }
    return parts;
  });
  return { nodes, links, lost };
}

function clientCard(population: PopulationRecording, hasGraveyard: boolean): CardNode {
  const heap = GRAVEYARD.gap + GRAVEYARD.height;
  return {
    id: `clients ${population.name}`,
    name: population.name,
    picture: 'person',
    region: regionOf([population.place]),
    width: 128,
    height: 58,
    spare: hasGraveyard
      ? { right: { above: 0, beneath: heap }, down: { above: heap, beneath: 0 } }
      : { right: NONE, down: NONE },
    hasGraveyard,
    cells: { count: 0, perRow: 1, size: 0, gap: 0, rows: 0, more: null },
    population,
    component: null,
  };
}

function componentCard(component: ComponentRecording, talksToItself: boolean): CardNode {
  const cells = gridOf(component.instances.length, component.instanceCount > component.instances.length);
  const spare = talksToItself ? { above: 0, beneath: LOOP } : NONE;
  return {
    id: `component ${component.name}`,
    name: component.name,
    picture: component.picture,
    region: regionOf(component.places),
    width: CARD.width + (component.picture === 'diamond' ? 16 : 0),
    height: headOf(component.picture) + cells.rows * (cells.size + cells.gap) + CARD.foot + CARD.padding - cells.gap,
    spare: { right: spare, down: spare },
    hasGraveyard: false,
    cells,
    population: null,
    component,
  };
}

/** Room above the cells: a drum has a lid. */
export function headOf(picture: string): number {
  return CARD.head + (picture === 'drum' ? 9 : 0);
}

/** The id of the card that a link's name means: populations and components may share a name in principle. */
export function cardOf(nodes: readonly CardNode[], name: string): CardNode | undefined {
  return nodes.find((it) => it.component?.name === name) ?? nodes.find((it) => it.population?.name === name);
}

/** Room for how many more instances there are, behind the last square or, where that row is full, beneath it. */
const MORE = 40;

/** Few instances are large squares, many are small ones. */
export function gridOf(count: number, hasMore = false): CellGrid {
  const inside = CARD.width - 2 * CARD.padding;
  const gap = count > 24 ? 2 : 4;
  const size = count <= 4 ? 24 : count <= 10 ? 20 : count <= 24 ? 14 : 9;
  const perRow = Math.max(1, Math.floor((inside + gap) / (size + gap)));
  const rows = Math.ceil(count / perRow);
  if (!hasMore) return { count, size, gap, perRow, rows, more: null };
  const isRoomBehind = (rows * perRow - count) * (size + gap) >= MORE;
  return { count, size, gap, perRow, rows: isRoomBehind ? rows : rows + 1, more: isRoomBehind ? count : rows * perRow };
}

/** 'eu/a' stands in 'eu'. Instances in more than one region have no one box to stand in. */
function regionOf(places: readonly string[]): string | null {
  const regions = new Set(places.filter((it) => it !== '').map((it) => it.split('/')[0]));
  return regions.size === 1 ? [...regions][0] : null;
}

/** What becomes of what is sent on a link, by slice: as the component that gets it counts, and the population that sends. */
function outcomesAt(to: ComponentRecording | undefined, from: PopulationRecording | undefined, slices: number) {
  const [retried, failed, rejected] = [0, 0, 0].map(() => new Float32Array(slices));
  for (let slice = 0; slice < slices; slice++) {
    if (from && from.attempts[slice] > 0) retried[slice] = Math.min(1, from.retries[slice] / from.attempts[slice]);
    if (!to) continue;
    const ended = failuresIn(to, slice) + to.completed[slice];
    if (ended === 0) continue;
    failed[slice] = (to.failed[slice] + to.killed[slice]) / ended;
    rejected[slice] = to.rejected[slice] / ended;
  }
  return { retried, failed, rejected };
}

function lostOf(stage: StageRecording): Scene['lost'] {
  const total = (kind: 'failed' | 'timedOut' | 'rejected') => {
    const { count, warmup, edges } = stage.slices;
    const counts = new Float64Array(count);
    for (const population of stage.populations) {
      // What began in the warm-up is not counted by the report, though it ends in the window.
      let early = population.early[kind];
      for (let slice = warmup; slice < count; slice++) {
        const taken = Math.min(early, population[kind][slice]);
        counts[slice] += population[kind][slice] - taken;
        early -= taken;
      }
    }
    return flowOf(counts, edges);
  };
  return { failed: total('failed'), timedOut: total('timedOut'), rejected: total('rejected') };
}

/** Length of link for one dot, pixels: closer together they are a band, and nobody sees them move. */
const DOT_ROOM = 3.2;

/** How many requests (or messages) one dot must stand for, lest the dots of the busiest link touch each other. */
export function ratioOf(
  lanes: readonly { link: CardLink; lane: { length: number } }[],
  kind: CardLink['kind'],
  travel: number,
): number {
  let crowd = 0;
  for (const { link, lane } of lanes) {
    if (link.kind === kind)
      crowd = Math.max(crowd, (peakWithin(link.forth, travel) * DOT_ROOM) / Math.max(70, lane.length));
  }
  return niceRatio(crowd, 1);
}

function sum(counts: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < counts.length; index++) total += counts[index];
  return total;
}
