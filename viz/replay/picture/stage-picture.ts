/** The picture of a stage: the architecture in SVG, the motion on a canvas above it, and how the dots are to be read. */
import type { StageRecording } from '../../../sim/recording/format.ts';
import { short } from '../../../reports/format.ts';
import { h, s, write } from '../dom.ts';
import { paletteOf } from '../theme.ts';
import { startOf } from '../time/slices.ts';
import { beginning } from './beginning.ts';
import { type Look, mark, type Palette } from './dots.ts';
import { directionFor } from './layout.ts';
import { type DotScales, paint, type Surface } from './motion.ts';
import { ratioOf, sceneOf } from './scene.ts';
import { type Drawing, topology } from './topology.ts';

/** A picture whose cards would be smaller than this takes more height, though one then has to scroll. */
const CROWDED = 0.75;
/** The least size at which cards can be read. Where more of them would not fit, one moves about in the picture. */
const LEGIBLE = 0.72;
/** Rather than be scrolled by a little, a picture shrinks by up to a tenth more. */
const LEAST = 0.9 * LEGIBLE;
/** Room beneath the picture for its legend, besides the height of that. */
const BENEATH = 14;
/** Pixels that a canvas may have: with more of them telephones draw none. */
const MOST_PIXELS = 16_000_000;

/** Wall seconds that a dot is on its way. */
const TRAVEL = 1.5;

/** Builds it; without dots where `still`. `onSelect` is told of a component that is clicked. */
export function stagePicture(stage: StageRecording, onSelect: (component: string) => void, still: boolean) {
  const scene = sceneOf(stage);
  const map = topology(stage, scene, onSelect);
  const canvas = h('canvas', { 'aria-hidden': true });
  const scaleText = h('span', { class: 'ratio' });
  const legend = h('div', { class: 'legend' }, scaleText, ...legendOf(stage, still));
  const moving = h('div', { class: 'moving' }, map.svg, canvas);
  const element = h('div', { class: 'picture card' }, moving, legend);
  let drawing: Drawing | null = null;
  let surface: Surface | null = null;
  let palette: Palette | null = null;
  let scales: DotScales = { requests: 1, messages: 1, travel: 1 };
  let speedNow = Number.NaN;
  let last = startOf(stage.slices);
  const rescale = (speed: number) => {
    if (speed === speedNow || !drawing) return;
    speedNow = speed;
    const travel = TRAVEL * speed;
    const lanes = drawing.lanes;
    scales = { requests: ratioOf(lanes, 'requests', travel), messages: ratioOf(lanes, 'messages', travel), travel };
    write(
      scaleText,
      scaleWords(
        scales,
        lanes.some(({ link }) => link.kind === 'messages'),
      ),
    );
  };
  const draw = () => {
    if (!drawing || !surface) return;
    palette ??= paletteOf(element);
    paint(surface, stage, scene, drawing, palette, scales, last, still);
  };
  const size = (width: number, height: number) => {
    for (const { style } of [map.svg, canvas]) {
      style.width = `${width}px`;
      style.height = `${height}px`;
    }
  };
  /** Lays the picture out in the room that is shown, or in one of at least so much. */
  const place = (least = { width: 0, height: 0 }) => {
    moving.style.bottom = `${legend.offsetHeight + BENEATH}px`;
    size(least.width, least.height); // so that there are the scrollbars which will be, and what they leave is known
    const width = Math.max(moving.clientWidth, least.width);
    const height = Math.max(moving.clientHeight, least.height);
    size(width, height);
    return { drawing: map.fit(width, height, directionFor(moving.offsetWidth, moving.offsetHeight)), width, height };
  };
  /** Lays it out in the height that it needs. Where its cards could not be read even then, it is larger than its frame. */
  const placeLegibly = () => {
    element.classList.remove('tall');
    let room = place();
    const low = room.drawing.layout.scale;
    if (low < CROWDED) {
      element.classList.add('tall');
      room = place();
      if (room.drawing.layout.scale < 1.1 * low) {
        element.classList.remove('tall'); // it is breadth that is wanting
        room = place();
      }
    }
    const { scale, needed } = room.drawing.layout;
    if (scale >= LEAST) return room;
    return place({ width: Math.ceil(LEGIBLE * needed.width), height: Math.ceil(LEGIBLE * needed.height) });
  };
  /** Begins with the clients, where a picture that is larger than its frame is first laid out. */
  const showClients = ({ layout: { scale }, places }: Drawing) => {
    const clients = places.filter(({ node }) => node.population).map(({ place }) => place);
    if (clients.length === 0) return;
    const [x, y] = [clients.map((it) => [it.x, it.width / 2]), clients.map((it) => [it.y, it.height / 2])];
    const ends = (spans: readonly number[][]) => ({
      least: scale * Math.min(...spans.map(([middle, half]) => middle - half)),
      most: scale * Math.max(...spans.map(([middle, half]) => middle + half)),
    });
    moving.scrollLeft = beginning(ends(x), moving.clientWidth);
    moving.scrollTop = beginning(ends(y), moving.clientHeight);
  };
  return {
    element,
    fit() {
      if (element.clientWidth === 0 || element.clientHeight === 0) return;
      const [isFirst, at] = [drawing === null, { left: moving.scrollLeft, top: moving.scrollTop }];
      const { width, height, ...placed } = placeLegibly();
      drawing = placed.drawing;
      if (isFirst) showClients(drawing);
      else moving.scrollTo(at);
      const density = Math.min(2, globalThis.devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / (width * height)));
      canvas.width = Math.round(width * density);
      canvas.height = Math.round(height * density);
      const context = canvas.getContext('2d');
      surface = context && { context, density, width, height };
      speedNow = Number.NaN;
      draw();
    },
    show(time: number, speed: number, slice: number, isNewSlice: boolean) {
      last = time;
      rescale(speed);
      if (isNewSlice) map.showSlice(slice);
      draw();
    },
    select: map.select,
    repaint() {
      palette = null;
      draw();
    },
  };
}

/** "1 dot = 50 requests; it crosses a link in 1.5 s of watching" */
function scaleWords(scales: DotScales, hasMessages: boolean): string {
  const dots = `1 dot = ${short(scales.requests)} request${scales.requests === 1 ? '' : 's'}`;
  return hasMessages
    ? `${dots}, 1 square = ${short(scales.messages)} message${scales.messages === 1 ? '' : 's'} among components`
    : dots;
}

function legendOf(stage: StageRecording, still: boolean): HTMLElement[] {
  if (still) return [h('span', {}, 'No dots, as you asked for less motion.')];
  const some = (pick: (it: StageRecording['populations'][number]) => ArrayLike<number>) =>
    stage.populations.some((it) => Array.from(pick(it)).some((count) => count > 0));
  const has = (pick: (it: StageRecording['components'][number]) => ArrayLike<number>) =>
    stage.components.some((it) => Array.from(pick(it)).some((count) => count > 0));
  const entries: [Look, string, boolean][] = [
    ['request', 'request', true],
    ['answer', 'answer', true],
    ['retry', 'retry', some((it) => it.retries)],
    ['failed', 'failed', has((it) => it.failed) || has((it) => it.killed)],
    ['rejected', 'turned away', has((it) => it.rejected)],
  ];
  return entries.filter(([, , isThere]) => isThere).map(([look, text]) => h('span', {}, swatch(look), text));
}

/** A dot of the legend, in the very shape that the canvas draws. */
function swatch(look: Look): SVGElement {
  const recorder = new PathText();
  mark(recorder as unknown as Path2D, look, 5, 5);
  return s(
    'svg',
    { width: 10, height: 10, 'aria-hidden': true, class: `look-${look}` },
    s('path', { d: recorder.text }),
  );
}

/** Takes the calls that a canvas path takes, and writes them as an SVG path: one description of a shape for both. */
class PathText {
  text = '';
  moveTo(x: number, y: number): void {
    this.text += `M${x},${y}`;
  }
  lineTo(x: number, y: number): void {
    this.text += `L${x},${y}`;
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.text += `M${x},${y}h${width}v${height}h${-width}Z`;
  }
  arc(x: number, y: number, radius: number): void {
    this.text += `M${x + radius},${y}a${radius},${radius} 0 1 0 ${-2 * radius},0a${radius},${radius} 0 1 0 ${2 * radius},0`;
  }
}
