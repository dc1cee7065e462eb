/**
 * The architecture as SVG: links, cards, instances as cells whose filling is their load. What moves between the slices
 * (dots, queues) is drawn by `motion.ts` on a canvas above; here nothing is touched unless its slice changed.
 */
import type { ComponentRecording, StageRecording } from '../../../sim/recording/format.ts';
import { percent, plural, short, whole } from '../../../reports/format.ts';
import { put, s, write } from '../dom.ts';
import { clipped, type Measure, measureLike } from '../letters.ts';
import { widthOf } from '../time/slices.ts';
import { busiestResource, type Health, healthOf, healthOfLoad, isDead, isServing, stateAt } from './health.ts';
import { boxOfLine, type Door, doorsOf } from './crowd.ts';
import { placesOfLabels } from './labels.ts';
import { type Lane, laneBetween, loopOf } from './lane.ts';
import { type Layout, layOut } from './layout.ts';
import type { Place } from './place.ts';
import { CARD, type CardLink, type CardNode, cardOf, headOf, type Scene } from './scene.ts';
import { outlineOf } from './shapes.ts';

/** A laid out scene: what the canvas needs to know of it. */
export interface Drawing {
  layout: Layout;
  lanes: { link: CardLink; lane: Lane }[];
  places: { node: CardNode; place: Place; door: Door }[];
}

export interface Topology {
  svg: SVGSVGElement;
  /** Lays out again for another room. */
  fit(width: number, height: number, direction: Layout['direction']): Drawing;
  showSlice(slice: number): void;
  select(component: string | null): void;
}

interface Card {
  node: CardNode;
  group: SVGGElement;
  hit: SVGRectElement;
  name: SVGTextElement;
  fact: SVGTextElement;
  sign: SVGPathElement;
  more: SVGTextElement;
  cells: { frame: SVGRectElement; load: SVGRectElement; crown: SVGPathElement }[];
}

/** Draws a stage; `onSelect` is told the name of the component that was clicked. */
export function topology(stage: StageRecording, scene: Scene, onSelect: (component: string) => void): Topology {
  const svg = s('svg', { role: 'group', 'aria-label': `Architecture of the stage ${stage.result.name}` });
  let cards: Card[] = [];
  let labels: { text: SVGTextElement; link: CardLink; counts: Uint32Array }[] = [];
  let shown = -1;
  let selected: string | null = null;
  let look: Look = { isDense: false, measure: () => 0 };

  const showSlice = (slice: number) => {
    shown = slice;
    for (const card of cards) showCard(card, stage, slice, look);
    for (const { text, counts } of labels) {
      const perSecond = counts[slice] / widthOf(stage.slices, slice);
      write(text, perSecond > 0 ? `${short(perSecond)}/s` : '');
    }
  };
  const select = (component: string | null) => {
    selected = component;
    for (const { node, group, hit } of cards) {
      const isSelected = component !== null && node.component?.name === component;
      group.classList.toggle('selected', isSelected);
      if (node.component) put(hit, 'aria-pressed', String(isSelected));
    }
  };
  const fit = (width: number, height: number, direction: Layout['direction']): Drawing => {
    const drawing = drawn(scene, width, height, direction);
    const { layout } = drawing;
    const isDense = layout.scale < DENSE;
    svg.classList.toggle('dense', isDense);
    svg.setAttribute('viewBox', `0 0 ${layout.width} ${layout.height}`);
    const focused = cards.find(({ hit }) => hit === document.activeElement)?.node;
    cards = drawing.places.map((it) => cardElement(it.node, it.place, onSelect));
    labels = linkLabels(drawing, stage, isDense);
    svg.replaceChildren(
      ...layout.regions.flatMap((region) => [
        s('rect', { class: 'region', x: region.x, y: region.y, width: region.width, height: region.height, rx: 14 }),
        s('text', { class: 'region-name', x: region.x + 12, y: region.y + 17 }, region.name),
      ]),
      ...drawing.lanes.map(({ link, lane }) =>
        s('path', { class: link.kind === 'messages' ? 'link replication' : 'link', d: lane.path }),
      ),
      ...labels.map(({ text }) => text),
      ...cards.map(({ group }) => group),
    );
    if (cards.length > 0) {
      const measure = measureLike(cards[0].name);
      for (const { node, name } of cards)
        write(name, clipped(node.name, insideOf(node) - (node.component ? SIGN : 0), measure));
      look = { isDense, measure: measureLike(cards[0].fact) };
    }
    if (shown >= 0) showSlice(shown);
    select(selected);
    // Who walks through the picture by keys stays where they are when the window changes its size.
    cards.find(({ node }) => node === focused)?.hit.focus({ preventScroll: true });
    return drawing;
  };
  return { svg, fit, showSlice, select };
}

/** How the facts on cards are written: those of small cards are larger, and fewer. */
interface Look {
  isDense: boolean;
  measure: Measure;
}

/** Messages run beside the requests of the same two, beneath them. */
const MESSAGES_ASIDE = 15;

function drawn(scene: Scene, width: number, height: number, direction: Layout['direction']): Drawing {
  const ends = scene.links.flatMap((link) => {
    const [from, to] = [cardOf(scene.nodes, link.from), cardOf(scene.nodes, link.to)];
    return from && to ? [{ link, from, to }] : [];
  });
  const rows = rowsOf(ends).map(({ from, to }) => ({ from: from.id, to: to.id }));
  const layout = layOut(scene.nodes, rows, width, height, direction);
  const placeOf = (node: CardNode) => layout.places.get(node.id) as Place;
  const lanes = ends.map(({ link, from, to }) => {
    const aside = link.kind === 'messages' ? MESSAGES_ASIDE : 0;
    const lane = from === to ? loopOf(placeOf(from)) : laneBetween(placeOf(from), placeOf(to), layout.direction, aside);
    return { link, lane };
  });
  const doors = doorsOf(scene.nodes.map(placeOf));
  const places = scene.nodes.map((node, index) => ({ node, place: placeOf(node), door: doors[index] }));
  places.sort((a, b) => a.place.x - b.place.x || a.place.y - b.place.y); // the order of the tab key
  return { layout, lanes, places };
}

/**
 * The links that say who stands before whom: requests, and what a component that takes part in none sends to others. Name
 * servers so stand beside those who ask them, and not in the way of requests, which do not pass through them.
 */
function rowsOf<E extends { link: CardLink; from: CardNode; to: CardNode }>(ends: readonly E[]): E[] {
  const requests = ends.filter(({ link }) => link.kind === 'requests');
  const placed = new Set(requests.flatMap(({ from, to }) => [from, to]));
  const isAlone = (node: CardNode) => !placed.has(node);
  return ends.filter(
    ({ link, from, to }) =>
      link.kind === 'requests' || (from.component && to.component && (isAlone(from) || isAlone(to))),
  );
}

function cardElement(node: CardNode, place: Place, onSelect: (component: string) => void): Card {
  const group = s('g', {
    class: 'node',
    transform: `translate(${place.x - place.width / 2},${place.y - place.height / 2})`,
  });
  const { height } = place;
  // What is focused and named is a surface of its own: the texts beneath it are too short to be a name.
  const hit = s('rect', {
    class: 'hit',
    width: place.width,
    height,
    tabindex: 0,
    role: node.component ? 'button' : 'img',
    'aria-label': node.name,
  });
  hit.append(s('title', {}, node.name));
  const fact = s('text', { class: 'fact', x: inset(node), y: height - 9 });
  const sign = s('path', {
    class: 'sign',
    transform: `translate(${place.width - inset(node) - 5},${headOf(node.picture) - 12})`,
  });
  const name = s('text', { class: 'name', x: inset(node), y: headOf(node.picture) - 8 });
  const behind = cellAt(node, node.cells.more ?? 0);
  const more = s('text', { class: 'fact', x: behind.x, y: behind.y + node.cells.size + 2 });
  const cells = Array.from({ length: node.cells.count }, (_, index) => cellElement(node, index));
  group.append(
    s('path', { class: 'outline', d: outlineOf(node.picture)(place.width, height) }),
    name,
    sign,
    ...cells.flatMap(({ frame, load, crown }) => [frame, load, crown]),
    more,
    fact,
    hit,
  );
  const component = node.component?.name;
  if (component !== undefined) {
    hit.addEventListener('click', () => onSelect(component));
    hit.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      event.stopPropagation();
      onSelect(component);
    });
  }
  return { node, group, hit, name, fact, sign, more, cells };
}

/** Where the content of a card begins: a hexagon's sides lean in. */
function inset(node: CardNode): number {
  return CARD.padding + (node.picture === 'diamond' ? 8 : 0);
}

/** The breadth of a card that texts have. */
function insideOf(node: CardNode): number {
  return node.width - 2 * inset(node);
}

/** Room for the sign of health, which stands behind the name. */
const SIGN = 14;

/** Left and top of a square on its card. */
function cellAt(node: CardNode, index: number): { x: number; y: number } {
  const { perRow, size, gap } = node.cells;
  const y = headOf(node.picture) + Math.floor(index / perRow) * (size + gap);
  return { x: inset(node) + (index % perRow) * (size + gap), y };
}

function cellElement(node: CardNode, index: number): Card['cells'][number] {
  const { size } = node.cells;
  const { x, y } = cellAt(node, index);
  const radius = size > 12 ? 4 : 2;
  return {
    frame: s('rect', { class: 'cell', x, y, width: size, height: size, rx: radius }),
    load: s('rect', { class: 'load', x, y: y + size, width: size, height: 0, rx: radius }),
    crown: s('path', {
      class: 'crown',
      transform: `translate(${x + size / 2},${y + Math.min(7, size / 2)}) scale(${size > 12 ? 1 : 0.75})`,
    }),
  };
}

const CROWN = 'M0,-4.5L1.4,-1.4L4.6,-1.2L2.1,0.9L2.9,4L0,2.3L-2.9,4L-2.1,0.9L-4.6,-1.2L-1.4,-1.4Z';
const CROSS = 'M-3,-3L3,3M3,-3L-3,3';
const SIGNS: Record<Health, string> = {
  ok: '',
  busy: 'M0,-4.5L5,4.5H-5Z',
  bad: 'M-4.5,0a4.5,4.5 0 1 0 9,0a4.5,4.5 0 1 0 -9,0M0,-2V1M0,2.4V2.5',
  down: 'M-4,-4L4,4M4,-4L-4,4',
};

/** Below this size there is less on a card, and what there is is written larger. */
const DENSE = 0.78;

function showCard(card: Card, stage: StageRecording, slice: number, { isDense, measure }: Look): void {
  const { node } = card;
  if (node.population) {
    const { users, offered } = node.population;
    const perSecond = offered[slice] / widthOf(stage.slices, slice);
    const people = `${short(users)} user${users === 1 ? '' : 's'}`;
    const text = users > 0 ? `${people} · ${short(perSecond)}/s` : `${short(perSecond)}/s`;
    write(card.fact, isDense ? text.split(' · ')[0] : text);
    put(card.hit, 'aria-label', `${node.name}: ${text} offered`);
    return;
  }
  const component = node.component as NonNullable<CardNode['component']>;
  const { health, why } = healthOf(component, slice);
  const perSecond = component.arrivals[slice] / widthOf(stage.slices, slice);
  const resource = busiestResource(component, slice);
  const load = resource === '' ? '' : `${percent(component.utilizationBusiest[slice])} % ${resource}`;
  const up = component.up[slice];
  const facts = isDense && load !== '' ? [load] : [`${short(perSecond)}/s`, ...(load === '' ? [] : [brief(load)])];
  write(card.fact, up === 0 ? 'down' : clipped(facts.join(' · '), insideOf(node), measure));
  put(card.sign, 'd', SIGNS[health]);
  put(card.sign, 'class', `sign ${health}`);
  const queue =
    component.queueMean[slice] >= 0.5 ? `, ${plural(Math.round(component.queueMean[slice]), 'request')} waiting` : '';
  put(
    card.hit,
    'aria-label',
    `${node.name}, ${component.type}: ${whole(up)} of ${plural(component.instanceCount, 'instance')} up, ${short(perSecond)} requests a second${load && `, ${load}`}${queue}${why ? `, ${why}` : ''}`,
  );
  card.cells.forEach((cell, index) => showCell(card, cell, component.instances[index], slice));
  const more = node.cells.more === null ? 0 : upBesides(component, slice);
  write(card.more, more > 0 ? `+${short(more)}` : '');
}

/** A load as it fits on a card beside a rate: of a compound word the last part, "20 % loop" for an event loop's. */
function brief(load: string): string {
  return load.replace(/[a-z]+-(?=[a-z]+$)/, '');
}

/** How many instances are up besides those that are recorded one by one. */
function upBesides({ up, instances }: ComponentRecording, slice: number): number {
  return up[slice] - instances.filter(({ states }) => stateAt(states, slice).state === 'up').length;
}

function showCell(
  { node }: Card,
  cell: Card['cells'][number],
  instance: NonNullable<CardNode['component']>['instances'][number],
  slice: number,
): void {
  const { size } = node.cells;
  const { state, role } = stateAt(instance.states, slice);
  const serves = isServing(state);
  const load = serves ? Math.max(0, Math.min(1, instance.utilization[slice] || 0)) : 0;
  const top = Number(cell.frame.getAttribute('y'));
  const height = Math.round(load * size * 10) / 10;
  put(cell.frame, 'class', serves ? 'cell' : `cell down ${state}`);
  put(cell.load, 'class', `load ${healthOfLoad(load)}`);
  put(cell.load, 'height', String(height));
  put(cell.load, 'y', String(top + size - height));
  const leads = role === 'primary' || role === 'leader';
  put(cell.crown, 'd', isDead(state) ? CROSS : leads ? CROWN : '');
  put(cell.crown, 'class', isDead(state) ? 'sign dead' : 'crown');
}

/** Room for the words of a rate, larger on a dense picture; and from the middle of a link, or of one with messages beside it. */
const RATE = { width: 48, height: 14, dense: { width: 58, height: 17 }, gap: 11, besideMessages: 21 };

/** The rates of links, each where it is free of cards and of the others. None on a link that is too short for it. */
function linkLabels({ layout, lanes, places }: Drawing, stage: StageRecording, isDense: boolean) {
  const isSame = (one: CardLink, other: CardLink) => one.from === other.from && one.to === other.to;
  const shown = lanes.flatMap(({ link, lane }) => {
    if (link.kind === 'messages' || lane.length < 84) return [];
    const record = stage.links.find((it) => it.from === link.from && it.to === link.to);
    const hasMessages = lanes.some((it) => it.link.kind === 'messages' && isSame(it.link, link));
    return record ? [{ link, lane, gap: hasMessages ? RATE.besideMessages : RATE.gap, counts: record.requests }] : [];
  });
  const size = isDense ? RATE.dense : { width: RATE.width, height: RATE.height };
  const boxes = placesOfLabels(shown, size, {
    width: layout.width,
    height: layout.height,
    solid: places.map(({ place }) => place),
    light: places.filter(({ node }) => node.component).map(({ door }) => boxOfLine(door)),
    lanes: lanes.filter(({ link }) => link.kind === 'requests').map(({ lane }) => lane),
  });
  return shown.map(({ link, counts }, index) => {
    const { x, y } = boxes[index];
    return { text: s('text', { class: 'link-text soft', x, y: y + 4, 'text-anchor': 'middle' }), link, counts };
  });
}
