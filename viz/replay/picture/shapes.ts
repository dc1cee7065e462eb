/**
 * Outlines by kind, so that what a component is can be seen without reading: a drum keeps, a chip remembers, a
 * hexagon sends on. The word comes from the component's type (`picture`); a new word is drawn as a box until it gets
 * an outline here.
 */

export type Outline = (width: number, height: number) => string;

const round = (value: number) => Math.round(value * 10) / 10;

const box: Outline = (width, height) => rounded(width, height, 8);

function rounded(width: number, height: number, radius: number): string {
  const [w, h, r] = [round(width), round(height), round(Math.min(radius, width / 2, height / 2))];
  return `M${r},0H${w - r}a${r},${r} 0 0 1 ${r},${r}V${h - r}a${r},${r} 0 0 1 ${-r},${r}H${r}a${r},${r} 0 0 1 ${-r},${-r}V${r}a${r},${r} 0 0 1 ${r},${-r}Z`;
}

const drum: Outline = (width, height) => {
  const [w, h, cap] = [round(width), round(height), 7];
  const lid = `M0,${cap}A${w / 2},${cap} 0 0 1 ${w},${cap}A${w / 2},${cap} 0 0 1 0,${cap}Z`;
  return `M0,${cap}A${w / 2},${cap} 0 0 1 ${w},${cap}V${h - cap}A${w / 2},${cap} 0 0 1 0,${h - cap}Z${lid}`;
};

const diamond: Outline = (width, height) => {
  const [w, h, tip] = [round(width), round(height), 12];
  return `M${tip},0H${w - tip}L${w},${h / 2}L${w - tip},${h}H${tip}L0,${h / 2}Z`;
};

/** Pins at both long sides of a box. */
const chip: Outline = (width, height) => {
  let pins = '';
  for (let y = 14; y <= height - 14; y += 14) pins += `M0,${y}h-5M${round(width)},${y}h5`;
  return box(width, height) + pins;
};

const pipe: Outline = (width, height) => {
  const [w, h, cap] = [round(width), round(height), 8];
  const mouth = `M${w - cap},0A${cap},${h / 2} 0 0 0 ${w - cap},${h}`;
  return `M${cap},0H${w - cap}A${cap},${h / 2} 0 0 1 ${w - cap},${h}H${cap}A${cap},${h / 2} 0 0 1 ${cap},0Z${mouth}`;
};

const cloud: Outline = (width, height) => rounded(width, height, 26);

/** A sheet with a folded corner: what is kept in order and read again. */
const log: Outline = (width, height) => {
  const [w, h, fold] = [round(width), round(height), 14];
  return `M0,0H${w - fold}L${w},${fold}V${h}H0ZM${w - fold},0V${fold}H${w}`;
};

const person: Outline = (width, height) => rounded(width, height, 18);

const outlines: Record<string, Outline> = {
  box,
  drum,
  diamond,
  chip,
  pipe,
  queue: pipe,
  cloud,
  globe: cloud,
  log,
  person,
};

/** The outline for a picture word. */
export function outlineOf(picture: string): Outline {
  return Object.hasOwn(outlines, picture) ? outlines[picture] : box;
}
