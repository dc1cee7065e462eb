/** Replaces what is in an element without taking the keyboard, or a click under way, away from who is in it. */
import { whenLetGo } from './pressing.ts';

/** New children; the focus goes to the new element that has the same `data-key` as the one that had it. */
export function refill(element: Element, ...children: (Node | string | null)[]): void {
  whenLetGo(element, () => replace(element, children));
}

function replace(element: Element, children: (Node | string | null)[]): void {
  const active = document.activeElement;
  const key = active && element.contains(active) ? active.getAttribute('data-key') : null;
  element.replaceChildren(...children.filter((child) => child !== null));
  if (key === null) return;
  const heir = [...element.querySelectorAll('[data-key]')].find((one) => one.getAttribute('data-key') === key);
  (heir as HTMLElement | undefined)?.focus({ preventScroll: true });
}
