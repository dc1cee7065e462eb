/**
 * People who wait in front of a component: in rows before its door, above the link on which they came. They are drawn one
 * by one as long as there is room for them; the number above them is always the whole of them.
 */
import { short } from '../../../reports/format.ts';
import type { Palette } from './dots.ts';
import type { Place } from './place.ts';

/** A person takes so much room, and a line is at most so long and so many rows deep. */
const PERSON = { width: 8.5, height: 12.5 };
const MOST = { inRow: 10, rows: 3 };
/** Between the first of the line and the card. */
const STEP = 7;
/** The number with its word needs so much room, alone it needs less. */
const WORDS = 76;

/** Where a line stands: its first row ends at the card, and the next ones stand above it. */
export interface Door {
  /** Right end and bottom of the line. */
  x: number;
  y: number;
  inRow: number;
  /** Whether the number has room for its word. */
  hasWords: boolean;
}

/** The door of each card: before it where there is room for a line, else on top of it. */
export function doorsOf(places: readonly Place[]): Door[] {
  return places.map((place) => {
    const left = place.x - place.width / 2;
    const room = left - edgeBefore(place, places) - STEP;
    if (room < 3 * PERSON.width) {
      const x = left + MOST.inRow * PERSON.width;
      return { x, y: place.y - place.height / 2 - 3, inRow: MOST.inRow, hasWords: true };
    }
    const inRow = Math.max(3, Math.min(MOST.inRow, Math.floor(room / PERSON.width)));
    return { x: left - STEP, y: place.y - 11, inRow, hasWords: room >= WORDS };
  });
}

/** The right edge of what stands nearest to the left of a card, at its height; 0, the edge of the picture, for none. */
function edgeBefore(place: Place, places: readonly Place[]): number {
  const left = place.x - place.width / 2;
  let edge = 0;
  for (const it of places) {
    const right = it.x + it.width / 2;
    const isBeside = Math.abs(it.y - place.y) < (it.height + place.height) / 2 + 12;
    if (it !== place && isBeside && right <= left + 1) edge = Math.max(edge, right);
  }
  return edge;
}

/** The room that a line takes before a door when it is full, with its number; by its middle. */
export function boxOfLine({ x, y, inRow }: Door): { x: number; y: number; width: number; height: number } {
  const [width, height] = [(inRow + 0.5) * PERSON.width, MOST.rows * PERSON.height + 14];
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** Paints the line before one door. */
export function paintCrowd(context: CanvasRenderingContext2D, palette: Palette, waiting: number, door: Door): void {
  const room = MOST.rows * door.inRow;
  const people = Math.min(room, Math.ceil(waiting - 0.5));
  if (!(people > 0)) return;
  const isLong = waiting > door.inRow;
  context.beginPath();
  for (let place = 0; place < people; place++) {
    const row = Math.floor(place / door.inRow);
    // Rows are shifted by half a person, as people stand.
    const x = door.x - ((place % door.inRow) + (row % 2) / 2) * PERSON.width - 3;
    person(context, x, door.y - row * PERSON.height);
  }
  context.fillStyle = isLong ? palette.bad : palette.soft;
  context.fill();
  context.font = '600 11.5px system-ui, sans-serif';
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  const top = door.y - Math.ceil(people / door.inRow) * PERSON.height - 1;
  const number = short(Math.round(waiting));
  context.fillText(door.hasWords ? `${number} waiting` : number, door.x + 2, top);
}

/** A head and shoulders, whose feet would be at (x, y). */
function person(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.moveTo(x + 2.4, y - 8.2);
  context.arc(x, y - 8.2, 2.4, 0, 2 * Math.PI);
  context.moveTo(x - 3.4, y);
  context.arc(x, y - 1.9, 3.4, Math.PI, 0);
  context.lineTo(x + 3.4, y);
  context.closePath();
}
