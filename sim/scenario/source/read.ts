/**
 * The text of a scenario file → a tree with places, or problems; always within a second, whatever the text is.
 */
import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { problemAt } from '../problem.ts';
import type { Problem } from '../settings.ts';
import { compose } from './compose.ts';
import { makeSource, type Source } from './text.ts';
import type { MapNode, TreeNode } from './tree.ts';

/** Largest scenario file, in bytes of UTF-8 (bounded here by characters: never fewer bytes than characters). */
export const MAX_BYTES = 1_048_576;
const MAX_LINES = 100_000;
/** A list in a map in a list …: real scenarios need about fifteen. */
const MAX_DEPTH = 50;

/** The parser's words → ours, with what to do about it. */
const SYNTAX: readonly [RegExp, string, string][] = [
  [/^nesting exceeded maxDepth/, `nested deeper than ${MAX_DEPTH} levels`, ''],
  [/tab characters/, 'a tab in the indentation', 'indent with spaces'],
  [
    /end of the stream within a flow (collection|sequence|mapping)/,
    'a bracket is not closed',
    'add the missing ] or }',
  ],
  [/end of the stream within a (single|double) quoted/, 'a quote is not closed', 'add the missing quote'],
  [
    /deficient indentation/,
    'a bracket or a quote above is not closed, or this line is not indented',
    'add the missing ], } or quote',
  ],
  [/line break is expected/, 'a text that begins with > or | must be quoted', 'for example ">= 99%"'],
  [/bad indentation/, 'bad indentation', 'entries of one map stand in the same column'],
];

function syntaxProblem(source: Source, error: unknown): Problem {
  if (!(error instanceof YAMLException) || error.mark === undefined) {
    return problemAt({ source, offset: 0 }, 'the file is not YAML');
  }
  const offset = Math.max(0, Math.min(error.mark.position, source.text.length));
  const known = SYNTAX.find(([pattern]) => pattern.test(error.reason));
  // At the end of the text, point at the end of the last line rather than below it.
  const end = source.text.trimEnd().length;
  const place = { source, offset: Math.min(offset, end) };
  return known === undefined ? problemAt(place, error.reason) : problemAt(place, known[1], known[2]);
}

/** Characters that no scenario holds: their place, or null. */
function forbiddenCharacter(source: Source): Problem | null {
  const found = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff\ufffd]|\p{Surrogate}/u.exec(source.text);
  if (found === null) return null;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const place = { source, offset: found.index };
  if (code === '0000' || code === 'FFFD') {
    return problemAt(place, `the character U+${code} is not text`, 'is the file UTF-16 or binary? save it as UTF-8');
  }
  return problemAt(
    place,
    `the character U+${code} is not allowed`,
    'remove it, or write it as an escape in double quotes',
  );
}

function tooLarge(source: Source): Problem | null {
  const start = { source, offset: 0 };
  if (source.text.length > MAX_BYTES) return problemAt(start, 'the file is larger than 1 MiB');
  if (source.lineStarts.length > MAX_LINES) return problemAt(start, `the file has more than ${MAX_LINES} lines`);
  return null;
}

/** Any YAML text → a tree; root null when there is nothing or nothing could be read. */
export function readTree(source: Source): { root: TreeNode | null; problems: Problem[] } {
  const refused = tooLarge(source) ?? forbiddenCharacter(source);
  if (refused !== null) return { root: null, problems: [refused] };
  let events: Event[];
  try {
    events = parseEvents(source.text, { maxDepth: MAX_DEPTH });
  } catch (error) {
    return { root: null, problems: [syntaxProblem(source, error)] };
  }
  return compose(source, events);
}

/** A scenario file → its root map. A byte order mark at the start is accepted. */
export function readSource(text: string, file: string): { source: Source; root: MapNode | null; problems: Problem[] } {
  // A refused size must not cost the work of indexing a huge text.
  const bounded = text.length > MAX_BYTES ? text.slice(0, MAX_BYTES + 1) : text;
  const source = makeSource(file, bounded.replace(/^\ufeff/, ''));
  const { root, problems } = readTree(source);
  if (problems.length > 0) return { source, root: null, problems };
  if (root === null || (root.kind === 'scalar' && root.value === null)) {
    return {
      source,
      root: null,
      problems: [
        problemAt(
          { source, offset: 0 },
          'the scenario is empty',
          'a scenario needs at least name, clients and components',
        ),
      ],
    };
  }
  if (root.kind !== 'map') {
    const what = root.kind === 'list' ? 'a list' : 'a single value';
    return {
      source,
      root: null,
      problems: [problemAt(root.at, `a scenario is a map, this file holds ${what}`, 'begin with name: …')],
    };
  }
  return { source, root, problems };
}
