/**
 * What moves, on one canvas: requests and answers as dots on the links, people who wait in front of a component, and the
 * graveyard of requests that were lost. Drawn anew for each frame from the time alone.
 *
 * Dots of one look are collected into one path and painted at once; nothing here asks the page for its layout.
 */
import type { StageRecording } from '../../../sim/recording/format.ts';
import { short } from '../../../reports/format.ts';
import { sliceAt } from '../time/slices.ts';
import { countUntil } from './flow.ts';
import { pointOn } from './lane.ts';
import { eachDot, niceRatio, noise } from './particles.ts';
import { GRAVEYARD, type Scene } from './scene.ts';
import type { Drawing } from './topology.ts';

/** Looks of a dot; each has a colour and a shape of its own. */
export const LOOKS = ['request', 'retry', 'answer', 'failed', 'rejected', 'message'] as const;
export type Look = (typeof LOOKS)[number];

type Dots = Record<Look, Path2D>;

export interface Palette {
  looks: Record<Look, string>;
  ink: string;
  soft: string;
  bad: string;
  hair: string;
}

export interface DotScales {
  /** Requests per dot, and messages (replication) per dot. */
  requests: number;
  messages: number;
  /** Simulated seconds a dot is on its way. */
  travel: number;
}

export interface Surface {
  context: CanvasRenderingContext2D;
  /** Device pixels per CSS pixel. */
  density: number;
  width: number;
  height: number;
}

const LANE = 3.4;

/** Paints one moment. `still` paints no dots: for those who asked for less motion, the figures say it all. */
export function paint(
  surface: Surface,
  stage: StageRecording,
  scene: Scene,
  drawing: Drawing,
  palette: Palette,
  scales: DotScales,
  time: number,
  still: boolean,
): void {
  const { context, density } = surface;
  const zoom = density * drawing.layout.scale;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, surface.width, surface.height);
  context.setTransform(zoom, 0, 0, zoom, 0, 0);
  const slice = sliceAt(stage.slices, time);
  if (!still) paintDots(context, palette, dotsAt(stage, drawing, scales, time));
  for (const { node, place } of drawing.places) {
    if (node.component) {
      paintQueue(
        context,
        palette,
        node.component.queueMean[slice],
        place.x - place.width / 2,
        place.y - place.height / 2,
      );
    }
  }
  paintGraveyards(context, palette, scene, drawing, time);
}

function paintDots(context: CanvasRenderingContext2D, palette: Palette, paths: Dots): void {
  for (const look of LOOKS) {
    if (look === 'retry' || look === 'rejected' || look === 'failed') {
      context.strokeStyle = palette.looks[look];
      context.lineWidth = look === 'failed' ? 1.8 : 1.6;
      context.stroke(paths[look]);
    } else {
      context.fillStyle = palette.looks[look];
      context.fill(paths[look]);
    }
  }
}

const spot = { x: 0, y: 0 };

/** One path per look, with every dot that is on its way. */
function dotsAt(stage: StageRecording, drawing: Drawing, scales: DotScales, time: number): Dots {
  const paths = Object.fromEntries(LOOKS.map((look) => [look, new Path2D()])) as Dots;
  drawing.lanes.forEach(({ link, lane }, seed) => {
    if (link.kind === 'messages') {
      const scale = { ratio: scales.messages, travel: scales.travel };
      eachDot(link.forth, time, scale, seed, (progress) => {
        pointOn(lane, progress, 0, spot);
        paths.message.rect(spot.x - 1.75, spot.y - 1.75, 3.5, 3.5);
      });
      return;
    }
    const scale = { ratio: scales.requests, travel: scales.travel };
    eachDot(link.forth, time, scale, seed, (progress, index) => {
      pointOn(lane, progress, -LANE, spot);
      const slice = sliceAt(stage.slices, time - progress * scales.travel);
      const isRetry = noise(seed + 7919, index) < link.retried[slice];
      mark(paths[isRetry ? 'retry' : 'request'], isRetry ? 'retry' : 'request', spot.x, spot.y);
    });
    eachDot(link.back, time, scale, seed + 104729, (progress, index) => {
      pointOn(lane, 1 - progress, LANE, spot);
      const slice = sliceAt(stage.slices, time - progress * scales.travel);
      const draw = noise(seed + 15485863, index);
      const look =
        draw < link.failed[slice] ? 'failed' : draw < link.failed[slice] + link.rejected[slice] ? 'rejected' : 'answer';
      mark(paths[look], look, spot.x, spot.y);
    });
  });
  return paths;
}

/** Adds a dot of a look to a path: its shape says what its colour says. */
export function mark(path: Path2D, look: Look, x: number, y: number): void {
  switch (look) {
    case 'failed':
      path.moveTo(x - 3, y - 3);
      path.lineTo(x + 3, y + 3);
      path.moveTo(x + 3, y - 3);
      path.lineTo(x - 3, y + 3);
      return;
    case 'rejected':
      path.rect(x - 2.6, y - 2.6, 5.2, 5.2);
      return;
    case 'message':
      path.rect(x - 1.75, y - 1.75, 3.5, 3.5);
      return;
    default: {
      const radius = look === 'answer' ? 2 : look === 'retry' ? 3 : 2.6;
      path.moveTo(x + radius, y);
      path.arc(x, y, radius, 0, 2 * Math.PI);
    }
  }
}

/** Up to this many people are drawn one by one; the number beside them is always the whole of it. */
const PEOPLE = 9;

/** Room that the line before a card takes, pixels. */
const LINE = 86;

/** People standing in line before a card, the first of them at its corner; above it where there is no room before. */
function paintQueue(
  context: CanvasRenderingContext2D,
  palette: Palette,
  waiting: number,
  cardLeft: number,
  cardTop: number,
): void {
  const hasRoom = cardLeft >= LINE;
  const left = hasRoom ? cardLeft : LINE;
  const top = hasRoom ? cardTop : cardTop - 14;
  const people = Math.min(PEOPLE, Math.ceil(waiting - 0.5));
  if (!(people > 0)) return;
  const isLong = waiting > PEOPLE;
  context.beginPath();
  for (let place = 0; place < people; place++) {
    const x = left - 8 - place * 8;
    const y = top + 3;
    context.moveTo(x + 2.3, y);
    context.arc(x, y, 2.3, 0, 2 * Math.PI);
    context.moveTo(x - 3.2, y + 9.5);
    context.arc(x, y + 6.6, 3.2, Math.PI, 0);
    context.lineTo(x + 3.2, y + 9.5);
    context.closePath();
  }
  context.fillStyle = isLong ? palette.bad : palette.soft;
  context.fill();
  context.font = '600 11.5px system-ui, sans-serif';
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  context.fillText(`${short(Math.round(waiting))} waiting`, left - 3, top - 3);
}

/** Little crosses, squares and clocks in a heap under the populations; one for so many that the heap never overflows. */
function paintGraveyards(
  context: CanvasRenderingContext2D,
  palette: Palette,
  scene: Scene,
  drawing: Drawing,
  time: number,
): void {
  const first = drawing.places.find(({ node }) => node.population);
  if (!first) return;
  const lost = (['failed', 'timedOut', 'rejected'] as const).map((kind) => countUntil(scene.lost[kind], time));
  const ends = (['failed', 'timedOut', 'rejected'] as const).map((kind) => countUntil(scene.lost[kind], Infinity));
  const total = lost[0] + lost[1] + lost[2];
  const left = first.place.x - first.place.width / 2;
  const top = first.place.y + first.place.height / 2 - GRAVEYARD.height;
  if (total < 1) return;
  const perRow = Math.floor((first.place.width - 4) / 8);
  const ratio = niceRatio(ends[0] + ends[1] + ends[2], perRow * 4);
  const marks = Math.ceil(total / ratio);
  const path = new Path2D();
  for (let index = 0; index < marks; index++) {
    const x = left + 6 + (index % perRow) * 8 + (noise(3, index) - 0.5) * 2;
    const y = top + GRAVEYARD.height - 5 - Math.floor(index / perRow) * 8 + (noise(4, index) - 0.5) * 2;
    const draw = noise(5, index) * total;
    if (draw < lost[0]) mark(path, 'failed', x, y);
    else if (draw < lost[0] + lost[1]) {
      path.moveTo(x + 3, y);
      path.arc(x, y, 3, 0, 2 * Math.PI);
      path.moveTo(x, y - 2.5);
      path.lineTo(x, y);
      path.lineTo(x + 2, y);
    } else mark(path, 'rejected', x, y);
  }
  context.strokeStyle = palette.bad;
  context.lineWidth = 1.3;
  context.stroke(path);
  context.font = '600 11.5px system-ui, sans-serif';
  context.textAlign = 'left';
  context.textBaseline = 'bottom';
  context.fillStyle = palette.bad;
  const rows = Math.ceil(marks / perRow);
  const y = top + GRAVEYARD.height - rows * 8 - 3;
  context.fillText(`${short(Math.round(total))} lost${ratio > 1 ? ` (1 = ${short(ratio)})` : ''}`, left + 2, y);
}
