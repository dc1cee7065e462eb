/**
 * Events of the YAML parser → a tree with places, strictly: no tags, no complex keys, no duplicates, no merge keys,
 * one document, and a bound on what aliases may expand to.
 */
import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import { nearest } from '../nearest.ts';
import { problemAt } from '../problem.ts';
import type { Problem } from '../settings.ts';
import { typePlain } from './scalars.ts';
import type { Place, Source } from './text.ts';
import { position } from './text.ts';
import type { ListNode, MapEntry, MapNode, TreeNode } from './tree.ts';

/** Values in a file, aliases expanded: far above any real scenario, far below what hurts. */
export const MAX_NODES = 20_000;
/** Characters of all values, aliases expanded. */
const MAX_CHARACTERS = 4_194_304;
/** Longest key. */
const MAX_KEY = 200;
/** After this many the rest would be noise. */
const ENOUGH = 100;

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

type Located = Extract<Event, { tagStart: number }>;
type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;
interface Weight {
  nodes: number;
  characters: number;
}
interface Anchored {
  node: TreeNode;
  weight: Weight;
}

/** Stops composing: what follows would be refused for the same reason. */
class Refused extends Error {}

class Composer {
  readonly problems: Problem[] = [];
  private next = 0;
  private readonly anchors = new Map<string, Anchored | 'open'>();
  private nodes = 0;
  private characters = 0;

  constructor(
    private readonly source: Source,
    private readonly events: readonly Event[],
  ) {}

  place(offset: number): Place {
    return { source: this.source, offset: Math.max(0, offset) };
  }

  complain(offset: number, message: string, hint = ''): void {
    this.problems.push(problemAt(this.place(offset), message, hint));
    if (this.problems.length >= ENOUGH) throw new Refused();
  }

  /** Reads the node at the cursor. `fallback` is where an empty value is said to be. */
  node(fallback: number): TreeNode {
    const event = this.events[this.next];
    if (event.type === EVENT_ID.ALIAS) return this.alias(event);
    this.next += 1;
    if (event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) throw new Refused();
    if (event.tagStart >= 0) {
      const tag = this.source.text.slice(event.tagStart, event.tagEnd);
      this.complain(event.tagStart, `the tag ${tag} is not used here`, 'leave it out; quote a value that must be text');
    }
    const before: Weight = { nodes: this.nodes, characters: this.characters };
    const anchor = event.anchorStart >= 0 ? this.source.text.slice(event.anchorStart, event.anchorEnd) : null;
    if (anchor !== null) this.anchors.set(anchor, 'open');
    this.spend(1, 0, fallback);
    const node = this.content(event, fallback);
    if (anchor !== null) {
      const weight = { nodes: this.nodes - before.nodes, characters: this.characters - before.characters };
      this.anchors.set(anchor, { node, weight });
    }
    return node;
  }

  private content(event: Located, fallback: number): TreeNode {
    if (event.type === EVENT_ID.SCALAR) return this.scalar(event, fallback);
    return event.type === EVENT_ID.SEQUENCE ? this.list(event.start) : this.map(event.start);
  }

  private spend(nodes: number, characters: number, offset: number): void {
    this.nodes += nodes;
    this.characters += characters;
    if (this.nodes <= MAX_NODES && this.characters <= MAX_CHARACTERS) return;
    this.complain(
      offset,
      `the scenario has more than ${MAX_NODES} values or ${MAX_CHARACTERS} characters, aliases expanded`,
    );
    throw new Refused();
  }

  private alias(event: Extract<Event, { type: typeof EVENT_ID.ALIAS }>): TreeNode {
    this.next += 1;
    const name = this.source.text.slice(event.anchorStart, event.anchorEnd);
    const offset = event.anchorStart - 1;
    const anchored = this.anchors.get(name);
    if (anchored !== undefined && anchored !== 'open') {
      this.spend(anchored.weight.nodes, anchored.weight.characters, offset);
      return anchored.node;
    }
    if (anchored === 'open') this.complain(offset, `the alias *${name} is inside its own anchor &${name}`);
    else
      this.complain(
        offset,
        `the alias *${name} has no anchor &${name} before it`,
        nearest(name, [...this.anchors.keys()]),
      );
    return { kind: 'scalar', value: null, at: this.place(offset) };
  }

  private scalar(event: ScalarEvent, fallback: number): TreeNode {
    const at = this.place(event.valueStart >= 0 ? this.start(event) : fallback);
    const text = getScalarValue(this.source.text, event).normalize('NFC');
    this.spend(0, text.length, at.offset);
    if (event.style !== SCALAR_STYLE.PLAIN) return { kind: 'scalar', value: text, at };
    const typed = typePlain(text);
    if (typed.ok) return { kind: 'scalar', value: typed.value, at };
    this.complain(at.offset, typed.message, typed.hint);
    return { kind: 'scalar', value: null, at };
  }

  /** Offset of a scalar, its opening quote included. */
  private start(event: ScalarEvent): number {
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    return quoted ? event.valueStart - 1 : event.valueStart;
  }

  private list(start: number): ListNode {
    const items: TreeNode[] = [];
    while (this.events[this.next].type !== EVENT_ID.POP) items.push(this.node(start));
    this.next += 1;
    return { kind: 'list', items, at: this.place(start) };
  }

  private map(start: number): MapNode {
    const entries = new Map<string, MapEntry>();
    while (this.events[this.next].type !== EVENT_ID.POP) {
      const key = this.key(start);
      const value = this.node(key?.keyAt.offset ?? start);
      if (key === null) continue;
      const earlier = entries.get(key.text);
      if (earlier === undefined) entries.set(key.text, { keyAt: key.keyAt, value });
      else this.duplicate(key.text, key.keyAt, earlier.keyAt);
    }
    this.next += 1;
    return { kind: 'map', entries, at: this.place(start) };
  }

  private duplicate(name: string, again: Place, first: Place): void {
    const { line, column } = position(first);
    this.complain(
      again.offset,
      `the key \`${short(name)}\` stands twice in this map`,
      `first at line ${line}, column ${column}`,
    );
  }

  /** A key is a scalar taken as text, whatever it looks like. null: refused (and said). */
  private key(mapStart: number): { text: string; keyAt: Place } | null {
    const event = this.events[this.next];
    if (event.type !== EVENT_ID.SCALAR) return this.badKey(mapStart, event);
    this.next += 1;
    const keyAt = this.place(event.valueStart >= 0 ? this.start(event) : mapStart);
    const text = getScalarValue(this.source.text, event).normalize('NFC');
    if (event.tagStart >= 0) this.complain(event.tagStart, 'a key cannot have a tag', 'quote it if it must be text');
    if (event.anchorStart >= 0)
      this.complain(event.anchorStart, 'a key cannot have an anchor', 'put the anchor on a value');
    if (text === '<<' && event.style === SCALAR_STYLE.PLAIN) {
      this.complain(
        keyAt.offset,
        'the merge key `<<` is not part of YAML 1.2',
        'repeat the entries, or state what differs in a stage',
      );
    } else if (FORBIDDEN_KEYS.has(text))
      this.complain(keyAt.offset, `the key \`${text}\` is not allowed`, 'choose another name');
    else if (text.trim() === '')
      this.complain(keyAt.offset, 'a key is empty', 'every value needs a name before the colon');
    else if (text.length > MAX_KEY) this.complain(keyAt.offset, `a key is longer than ${MAX_KEY} characters`);
    else return { text, keyAt };
    return null;
  }

  private badKey(mapStart: number, event: Event): null {
    const isAlias = event.type === EVENT_ID.ALIAS;
    const offset = isAlias ? event.anchorStart - 1 : 'start' in event ? event.start : mapStart;
    const what = isAlias ? 'an alias' : 'a list or a map';
    this.complain(offset, `${what} cannot be a key`, 'a key is one word or a quoted text');
    // What stands in the key is only read to get past it.
    const kept = this.problems.length;
    this.node(offset);
    this.problems.length = kept;
    return null;
  }
}

const short = (name: string): string => (name.length > 40 ? `${name.slice(0, 37)}…` : name);

function checkDirectives(composer: Composer, event: Extract<Event, { type: typeof EVENT_ID.DOCUMENT }>): void {
  for (const directive of event.directives) {
    if (directive.kind === 'tag') composer.complain(0, 'tags are not used here', 'remove the %TAG line');
    else if (directive.version !== '1.2') {
      composer.complain(
        0,
        `%YAML ${directive.version}: scenarios are YAML 1.2`,
        'remove the line; in YAML 1.1 values such as yes and 017 mean something else',
      );
    }
  }
}

/** Composes the one document of a source. `root` is null when the file is empty or was refused altogether. */
export function compose(source: Source, events: readonly Event[]): { root: TreeNode | null; problems: Problem[] } {
  const composer = new Composer(source, events);
  const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT);
  if (documents.length === 0) return { root: null, problems: composer.problems };
  try {
    checkDirectives(composer, documents[0]);
    if (documents.length > 1) {
      const again = [...source.text.matchAll(/^(---|\.\.\.)/gm)].pop()?.index ?? 0;
      composer.complain(
        again,
        'the file holds several documents',
        'one scenario a file: remove the `---` between them',
      );
      return { root: null, problems: composer.problems };
    }
    const body = new Composer(source, events.slice(1));
    body.problems.push(...composer.problems);
    try {
      return { root: body.node(0), problems: body.problems };
    } catch (error) {
      if (error instanceof Refused) return { root: null, problems: body.problems };
      throw error;
    }
  } catch (error) {
    if (error instanceof Refused) return { root: null, problems: composer.problems };
    throw error;
  }
}
