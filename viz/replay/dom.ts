/**
 * How the page makes elements. Text goes in as text nodes and attributes by name, so nothing that a scenario calls itself
 * can become markup; there is no way here to hand over a string of HTML.
 */

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined>;

const SVG = 'http://www.w3.org/2000/svg';

/** Sets attributes; `true` is an empty attribute, `false`, null and undefined remove it. Event handlers are refused. */
export function set<E extends Element>(element: E, attributes: Attributes): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (/^on|^style$|doc$/i.test(name)) throw new Error(`the attribute ${name} is not set from here`);
    if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  return element;
}

/** An HTML element with attributes and children; strings become text. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return withChildren(set(document.createElement(tag), attributes), children);
}

/** An SVG element with attributes and children; strings become text. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return withChildren(set(document.createElementNS(SVG, tag), attributes), children);
}

function withChildren<E extends Element>(element: E, children: readonly Child[]): E {
  for (const child of children) if (child) element.append(child);
  return element;
}

/** Writes a text only when it changed: an unchanged one costs no layout. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets an attribute only when it changed. */
export function put(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** A button with a name that screen readers say. */
export function button(label: string, onClick: () => void, attributes: Attributes = {}, ...children: Child[]) {
  const it = h('button', { type: 'button', 'aria-label': label, title: label, ...attributes }, ...children);
  if (children.length === 0) it.textContent = label;
  it.addEventListener('click', onClick);
  return it;
}
