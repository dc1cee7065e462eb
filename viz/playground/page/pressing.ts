/**
 * What is being pressed, by a pointer or by the space bar. A browser sees a click only where what was pressed and what is let go
 * are one element, so nothing may be replaced meanwhile.
 */

let pressed: Element | null = null;
/** By the space bar, which a pointer that merely passes does not let go. */
let byKey = false;
let finishing: ReturnType<typeof setTimeout> | undefined;
const waiting = new Map<Element, () => void>();

/** Does `act` now, or once nothing in the element is pressed any more, in the place of what it was to wait for before. */
export function whenLetGo(element: Element, act: () => void): void {
  if (pressed !== null && element.contains(pressed)) waiting.set(element, act);
  else {
    waiting.delete(element);
    act();
  }
}

function press(target: EventTarget | null, isKey: boolean): void {
  if (!(target instanceof Element)) return;
  // What was let go just now, while the page was busy, must not end this.
  clearTimeout(finishing);
  pressed = target;
  byKey = isKey;
}

/** The click comes after this, and is seen before anything is replaced. */
function letGo(): void {
  if (pressed === null) return;
  clearTimeout(finishing);
  finishing = setTimeout(finish);
}

function finish(): void {
  pressed = null;
  const acts = [...waiting.values()];
  waiting.clear();
  for (const act of acts) act();
}

addEventListener('pointerdown', ({ target }) => press(target, false), true);
addEventListener('pointerup', letGo, true);
addEventListener('pointercancel', letGo, true);
// It was let go outside of the window.
addEventListener('pointermove', ({ buttons }) => buttons === 0 && !byKey && letGo(), true);
addEventListener('keydown', ({ key, target }) => key === ' ' && press(target, true), true);
// Whichever key: with another one held, the space bar may have come up under another name.
addEventListener('keyup', () => byKey && letGo(), true);
addEventListener('blur', letGo);
