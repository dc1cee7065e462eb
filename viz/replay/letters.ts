/** How much of a text fits into its room: letters differ in breadth, and names come in every script. */

/** The breadth of a text in pixels. */
export type Measure = (text: string) => number;

/** No room of the page holds more letters; names can be of any length. */
const MOST_LETTERS = 80;

let context: CanvasRenderingContext2D | null = null;

/** Measures in the font of an element that is on the page. */
export function measureLike(element: Element): Measure {
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(element);
  const font = `${fontWeight} ${fontSize} ${fontFamily}`;
  context ??= document.createElement('canvas').getContext('2d');
  return (text) => {
    if (!context) return text.length * Number.parseFloat(fontSize); // a browser that draws nothing: rather too short
    context.font = font;
    return context.measureText(text).width;
  };
}

/** A text, or as much of its beginning as fits with an ellipsis behind it. */
export function clipped(text: string, room: number, measure: Measure): string {
  const beginning = text.slice(0, 2 * MOST_LETTERS);
  const letters = [...beginning];
  if (text.length <= MOST_LETTERS && measure(text) <= room) return text;
  for (let count = Math.min(letters.length - 1, MOST_LETTERS); count > 0; count--) {
    const short = `${letters.slice(0, count).join('').trimEnd()}…`;
    if (measure(short) <= room) return short;
  }
  return '…';
}
