/** No source of a page hands text to anything that reads it as markup, as a script, or as an address of either. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../viz/', import.meta.url));

/** Ways in which text becomes markup or code. */
const SINKS =
  /\b(?:innerHTML|outerHTML|insertAdjacentHTML|srcdoc|createContextualFragment|parseFromString|setHTMLUnsafe|setHTML)\b|\.html\s*\(|document\s*\.\s*(?:write|writeln)\b|\beval\s*\(|\bnew\s+Function\b|\bsetTimeout\s*\(\s*['"`]|javascript:/;

/** The code without its comments, which may well say what is forbidden. */
const sourceOf = (name: string) => readFileSync(root + name, 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

describe('the rule', () => {
  it.each([
    'element.innerHTML = text',
    'd3.select(x).html(text)',
    "x.insertAdjacentHTML('beforeend', y)",
    'document.write(y)',
    'frame.srcdoc = y',
    'eval(y)',
    'new Function(y)',
    "setTimeout('x()', 1)",
    "a.href = 'javascript:' + y",
    "new DOMParser().parseFromString(y, 'text/html')",
  ])('catches %s', (source) => {
    expect(source).toMatch(SINKS);
  });
});

describe('the sources of the pages', () => {
  it('are found', () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it.each(files)('%s uses none', (name) => {
    expect(SINKS.exec(sourceOf(name))?.[0]).toBeUndefined();
  });
});
