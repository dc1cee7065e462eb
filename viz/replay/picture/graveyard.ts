/** What was lost, in a heap beside the clients: crosses failed, clocks timed out, squares were turned away. */
import { short } from '../../../reports/format.ts';
import { countUntil } from './flow.ts';
import { mark, type Palette } from './dots.ts';
import { niceRatio, noise } from './particles.ts';
import { GRAVEYARD, type Scene } from './scene.ts';
import type { Drawing } from './topology.ts';

const KINDS = ['failed', 'timedOut', 'rejected'] as const;
const CELL = 8;
const ROWS = 4;
/** From one line of words to the next. */
const LINE = 13;

/** Paints the heap; one mark stands for so many that it never overflows, whatever the stage loses until its end. */
export function paintGraveyard(
  context: CanvasRenderingContext2D,
  palette: Palette,
  scene: Scene,
  drawing: Drawing,
  time: number,
): void {
  const lost = KINDS.map((kind) => countUntil(scene.lost[kind], time));
  const total = lost.reduce((sum, count) => sum + count, 0);
  const plot = plotOf(drawing);
  if (total < 1 || plot === null) return;
  const inAll = KINDS.reduce((sum, kind) => sum + countUntil(scene.lost[kind], Infinity), 0);
  const perRow = Math.floor((plot.width - 4) / CELL);
  const ratio = niceRatio(inAll, perRow * ROWS);
  const marks = Math.ceil(total / ratio);
  const path = new Path2D();
  for (let index = 0; index < marks; index++) {
    const x = plot.x + 6 + (index % perRow) * CELL + (noise(3, index) - 0.5) * 2;
    const y = plot.bottom - 5 - Math.floor(index / perRow) * CELL + (noise(4, index) - 0.5) * 2;
    const draw = noise(5, index) * total;
    if (draw < lost[0]) mark(path, 'failed', x, y);
    else if (draw < lost[0] + lost[1]) clockAt(path, x, y);
    else mark(path, 'rejected', x, y);
  }
  context.strokeStyle = palette.bad;
  context.lineWidth = 1.3;
  context.stroke(path);
  context.font = '600 11.5px system-ui, sans-serif';
  context.textAlign = 'left';
  context.textBaseline = 'bottom';
  context.fillStyle = palette.bad;
  const [x, top] = [plot.x + 2, plot.bottom - Math.ceil(marks / perRow) * CELL - 3];
  const words = [`${short(Math.round(total))} lost`, ...(ratio > 1 ? [`(1 = ${short(ratio)})`] : [])];
  const fits = x + context.measureText(words.join(' ')).width <= plot.end;
  const lines = fits ? [words.join(' ')] : words;
  for (const [above, text] of lines.reverse().entries()) context.fillText(text, x, top - above * LINE);
}

/**
 * In the room that the layout keeps for it: beneath the first population; where links run downwards there is a link, and
 * it lies on top of the card. Its words have room until `end`.
 */
export function plotOf({ layout, places }: Drawing): { x: number; bottom: number; width: number; end: number } | null {
  const card = places.find(({ node }) => node.hasGraveyard)?.place;
  if (!card) return null;
  const { x, y, width, height } = card;
  const beneath = y + height / 2 + GRAVEYARD.gap + GRAVEYARD.height;
  const above = y - height / 2 - GRAVEYARD.gap;
  return { x: x - width / 2, bottom: layout.direction === 'right' ? beneath : above, width, end: layout.width };
}

function clockAt(path: Path2D, x: number, y: number): void {
  path.moveTo(x + 3, y);
  path.arc(x, y, 3, 0, 2 * Math.PI);
  path.moveTo(x, y - 2.5);
  path.lineTo(x, y);
  path.lineTo(x + 2, y);
}
