/**
 * HTML that cannot be anything but what it was written as: text becomes markup only by way of `h`, which escapes every
 * text and every attribute value. Names in a result come from strangers' files.
 */
import { visible } from '../safe.ts';

/** Markup that `h` made; nothing else makes any. */
class Html {
  constructor(readonly markup: string) {}
}

export type { Html };
export type Child = Html | string | readonly Child[];

/** A line break between elements, for those who read the source. */
const LINE = new Html('\n');

/** Elements that have no content and no end tag. Those of SVG have one: without it all that follows would be inside. */
const EMPTY = new Set(['meta']);

/** An element. Names of elements and attributes come from our own code, never from a result. */
export function h(tag: string, attributes: Readonly<Record<string, string>>, ...children: readonly Child[]): Html {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const start = `<${tag}${written.join('')}>`;
  return new Html(EMPTY.has(tag) ? start : `${start}${children.map(markupOf).join('')}</${tag}>`);
}

/** A whole page. The style is our own text and stands as it is. */
export function page(title: string, style: string, body: readonly Child[]): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  const head = h(
    'head',
    {},
    h('meta', { charset: 'utf-8' }),
    h('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('title', {}, title),
    new Html(`<style>${style}</style>`),
  );
  return `<!doctype html>\n${h('html', { lang: 'en' }, head, LINE, h('body', {}, ...body), LINE).markup}\n`;
}

function markupOf(child: Child): string {
  if (child instanceof Html) return child.markup;
  return typeof child === 'string' ? escaped(child) : (child as readonly Child[]).map(markupOf).join('');
}

/** Acting characters become visible escapes. */
function escaped(text: string): string {
  return (
    visible(text)
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/'/g, '&#39;')
      // A page may be printed into the log of a CI runner, to which this could begin a command.
      .replace(/##/g, '#&#35;')
  );
}
