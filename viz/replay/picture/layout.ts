/**
 * Where the components of a stage stand: in layers, so that requests run one way (clients, entries, servers, stores),
 * with few crossings. dagre finds the order; the result is then stretched to the room there is, since a picture that
 * leaves half of its frame empty is hard to read, and cards keep their size.
 */
import { graphlib, layout as dagre } from '@dagrejs/dagre';
import { packed } from './pack.ts';
import { NONE, type Place, reachOf, type Spare } from './place.ts';

export interface LayoutNode {
  id: string;
  width: number;
  height: number;
  /** Room that is kept free, by the direction of links; none when not given. */
  spare?: Readonly<Record<Layout['direction'], Spare>>;
  /** The region that it stands in, if the scenario has any. */
  region: string | null;
}

export interface LayoutLink {
  from: string;
  to: string;
}

export interface Frame {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  width: number;
  height: number;
  /** Above 1 where there is plenty of room, below it when the cards would not fit at their size. */
  scale: number;
  /** The room that it takes at scale 1 with its cards as near to each other as they may come. */
  needed: { width: number; height: number };
  /** Requests run to the right, or downwards in a narrow room. */
  direction: 'right' | 'down';
  places: Map<string, Place>;
  regions: Frame[];
}

const MARGIN = 16;
/** Least room between two layers (dots need a way to go) and between two cards of one layer. */
const GAP = { layer: { right: 66, down: 48 }, card: 22, link: 10 };
/** Cards are drawn larger than their size where there is plenty of room, but not so large as to shout. */
const MOST_SCALE = 1.4;
/** Room in a region's box above its cards, for its name. */
const REGION = { top: 26, side: 12 };
/** How near cards come to each other above each other. */
const APART = { cards: 30, regions: REGION.top + REGION.side + 16 };

/** Requests run to the right, but downwards where that would make all too small: on a telephone. */
export function directionFor(width: number, height: number): Layout['direction'] {
  return width < 520 && height > width * 0.9 ? 'down' : 'right';
}

/** Places cards in a room of `width` × `height`. The same input gives the same picture. */
export function layOut(
  nodes: readonly LayoutNode[],
  links: readonly LayoutLink[],
  width: number,
  height: number,
  direction: Layout['direction'] = directionFor(width, height),
): Layout {
  const graph = new graphlib.Graph({ compound: true });
  graph.setGraph({
    rankdir: direction === 'right' ? 'LR' : 'TB',
    nodesep: GAP.card,
    edgesep: GAP.link,
    ranksep: GAP.layer[direction],
    ranker: 'network-simplex',
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const regions = [...new Set(nodes.map(({ region }) => region).filter((region) => region !== null))].sort();
  regions.forEach((_, index) => graph.setNode(`region ${index}`, {}));
  nodes.forEach((node, index) => {
    const { above, beneath } = direction === 'right' ? spareOf(node, direction) : NONE;
    graph.setNode(`node ${index}`, { width: node.width, height: node.height + above + beneath });
    if (node.region !== null) graph.setParent(`node ${index}`, `region ${regions.indexOf(node.region)}`);
  });
  const indexOf = new Map(nodes.map(({ id }, index) => [id, index]));
  for (const { from, to } of links) {
    const [source, target] = [indexOf.get(from), indexOf.get(to)];
    if (source === undefined || target === undefined || source === target) continue;
    graph.setEdge(`node ${source}`, `node ${target}`);
  }
  if (nodes.length > 0) dagre(graph);
  const places = nodes.map((node, index): Place => {
    const { x, y } = graph.node(`node ${index}`) as { x: number; y: number };
    return { id: node.id, x, y, width: node.width, height: node.height, spare: spareOf(node, direction) };
  });
  const regionOf = nodes.map(({ region }) => region);
  const near = direction === 'right' ? packed(places, regionOf, links, APART) : parted(places);
  return stretched(nodes, near, regions, direction, width, height);
}

const spareOf = ({ spare }: LayoutNode, direction: Layout['direction']) => spare?.[direction] ?? NONE;

/** Moves the rows of a downward layout apart by what their cards keep free; the cards of a row stay level. */
function parted(places: readonly Place[]): Place[] {
  const levels = [...new Set(places.map(({ y }) => y))].sort((a, b) => a - b);
  const moved = new Map<number, number>();
  let by = 0;
  for (const level of levels) {
    const row = places.filter(({ y }) => y === level).map(({ spare = NONE }) => spare);
    by += Math.max(...row.map(({ above }) => above));
    moved.set(level, level + by);
    by += Math.max(...row.map(({ beneath }) => beneath));
  }
  return places.map((place) => ({ ...place, y: moved.get(place.y) ?? place.y }));
}

/** Moves the centres apart (never the cards' sizes) until the picture fills its room, or shrinks it as a whole. */
function stretched(
  nodes: readonly LayoutNode[],
  places: readonly Place[],
  regions: readonly string[],
  direction: Layout['direction'],
  width: number,
  height: number,
): Layout {
  const pad = regions.length > 0 ? REGION : { top: 0, side: 0 };
  const box = boundsOf(places);
  const needed = { width: box.width + 2 * (MARGIN + pad.side), height: box.height + 2 * MARGIN + pad.top + pad.side };
  const scale = Math.min(MOST_SCALE, width / Math.max(needed.width, 1), height / Math.max(needed.height, 1));
  const room = { width: width / scale, height: height / scale };
  const x = spread(
    places.map((place) => place.x),
    places.map(({ width }) => ({ back: width / 2, forth: width / 2 })),
    MARGIN + pad.side,
    room.width - MARGIN - pad.side,
    direction === 'right' ? 260 : 60,
  );
  const y = spread(
    places.map((place) => place.y),
    places.map(reachOf).map(({ up, down }) => ({ back: up, forth: down })),
    MARGIN + pad.top,
    room.height - MARGIN - pad.side,
    direction === 'right' ? 60 : 150,
  );
  const moved = places.map((place, index) => ({ ...place, x: x[index], y: y[index] }));
  return {
    width: room.width,
    height: room.height,
    scale,
    needed,
    direction,
    places: new Map(moved.map((place) => [place.id, place])),
    regions: regions.map((name) => {
      const inside = boundsOf(moved.filter((_, index) => nodes[index].region === name));
      return {
        name,
        x: inside.x - REGION.side,
        y: inside.y - REGION.top,
        width: inside.width + 2 * REGION.side,
        height: inside.height + REGION.top + REGION.side,
      };
    }),
  };
}

function boundsOf(places: readonly Place[]): { x: number; y: number; width: number; height: number } {
  if (places.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const left = Math.min(...places.map((it) => it.x - it.width / 2));
  const top = Math.min(...places.map((it) => it.y - reachOf(it).up));
  const right = Math.max(...places.map((it) => it.x + it.width / 2));
  const bottom = Math.max(...places.map((it) => it.y + reachOf(it).down));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * Centres along one axis, stretched about the middle of [low, high] until they fill it. No gap grows by more than
 * `most`: two cards at the two ends of a wide screen would seem to have nothing to do with each other.
 */
function spread(
  centres: readonly number[],
  reaches: readonly { back: number; forth: number }[],
  low: number,
  high: number,
  most: number,
): number[] {
  if (centres.length === 0) return [];
  const starts = centres.map((centre, index) => centre - reaches[index].back);
  const ends = centres.map((centre, index) => centre + reaches[index].forth);
  const [first, last] = [Math.min(...starts), Math.max(...ends)];
  const [least, greatest] = [Math.min(...centres), Math.max(...centres)];
  const middle = (low + high) / 2;
  if (greatest - least < 1) return centres.map(() => middle);
  const levels = new Set(centres.map((centre) => Math.round(centre))).size;
  const spare = high - low - (last - first);
  const factor = 1 + Math.max(0, Math.min(spare, most * (levels - 1))) / (greatest - least);
  const from = least * factor - (least - first);
  const to = greatest * factor + (last - greatest);
  return centres.map((centre) => middle + centre * factor - (from + to) / 2);
}
