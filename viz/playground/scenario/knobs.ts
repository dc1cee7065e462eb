/**
 * The controls of a stage: one for each setting that a slider, a choice or a switch can move, found by walking the
 * stage's values beside the schema. The ones people reach for first are marked; all others are there too.
 */
import { type Bounds, type QuantityKind, readQuantity, stopsAround, writeQuantity } from './quantity.ts';
import { type Leaf, leavesOf, type Schema } from './schema.ts';
import type { Path, Value } from './tree.ts';

interface Common {
  path: Path;
  /** Client population or component that it belongs to; '' for the rest. */
  group: string;
  label: string;
  help: string;
  /** Among the first that people reach for. */
  isFirst: boolean;
}

export type Knob = Common &
  (
    | {
        kind: 'slider';
        /** What the file says, or the default; index into `stops`. */
        at: number;
        /** Values to write; null takes the setting away (only where the file has none). */
        stops: (string | number | null)[];
      }
    | { kind: 'choice'; value: string; options: string[] }
    | { kind: 'switch'; value: boolean }
  );

/** Kinds of quantities by what the schema's patterns end with. */
const endings: [RegExp, QuantityKind][] = [
  [/\(ns\|us\|µs\|ms\|s\|m\|h\|d\)\$$/, 'duration'],
  [/\/\(s\|min\|h\|d\)\$$/, 'rate'],
  [/%\$$/, 'ratio'],
  [/\(B\|kB\|MB\|GB\|TB\|KiB\|MiB\|GiB\|TiB\)\$$/, 'size'],
  [/\[kM\]\?\$$/, 'count'],
];

/** Last parts of paths, most wanted first: what the sliders above the fold are. */
const wanted = [
  /^users$/,
  /^arrivals\.(poisson|constant)$/,
  /^think(\.exponential)?$/,
  /^instances$/,
  /^machine\.cores$/,
  /^runtime\.(threads|event-loop|workers)$/,
  /^policy$/,
  /^nodes$/,
  /^capacity$/,
  /^ttl$/,
  /^replicas$/,
  /^shards$/,
  /^reads$/,
  /^autoscale\.(min|max|cpu)$/,
  /^timeout$/,
  /^retry\.attempts$/,
  /^retries$/,
  /^queue\.limit$/,
  /^connections$/,
];

/** Wanted so much that they are shown although the file leaves them to their default. */
const wantedAbsent = /^(instances|policy|nodes|ttl|replicas|retries|retry\.attempts|timeout|queue\.limit)$/;

/**
 * Not settings to turn while watching: names, seeds, prices, what only says where something is, and shares that must add
 * up to one with others.
 */
const unwanted =
  /(^|\.)(name|teaches|expect|seed|price|keep|type|on|entry|crash|slow|target|store|item|preset)$|^does\./;

/** Every control of a stage, in the order of the file; the first ones first. */
export function knobsOf(stage: Value, root: Schema): Knob[] {
  const knobs = leavesOf(stage, root, root).flatMap((leaf) => knobOf(leaf) ?? []);
  const rank = ({ isFirst, path, group }: Knob) => (isFirst ? wantedRank(tailOf(path, group)) : wanted.length);
  return knobs
    .map((knob, index) => ({ knob, index }))
    .sort((a, b) => sectionRank(a.knob) - sectionRank(b.knob) || rank(a.knob) - rank(b.knob) || a.index - b.index)
    .map(({ knob }) => knob);
}

/** Clients, then components, then the rest. */
function sectionRank({ path }: Knob): number {
  const rank = ['clients', 'components'].indexOf(String(path[0]));
  return rank < 0 ? 2 : rank;
}

function wantedRank(tail: string): number {
  const rank = wanted.findIndex((pattern) => pattern.test(tail));
  return rank < 0 ? wanted.length : rank;
}

function tailOf(path: Path, group: string): string {
  return (group === '' ? path : path.slice(2)).join('.');
}

function knobOf({ path, value, schema }: Leaf): Knob | null {
  const isOfNamed = path[0] === 'clients' || path[0] === 'components';
  if (!isOfNamed && !['run', 'network', 'links', 'faults'].includes(String(path[0]))) return null;
  const group = isOfNamed ? String(path[1]) : '';
  const tail = tailOf(path, group);
  if (tail === '' || unwanted.test(tail)) return null;
  if (value === undefined && !wantedAbsent.test(tail)) return null;
  const common: Common = {
    path,
    group,
    label: labelOf(isOfNamed ? path.slice(2) : path),
    help: schema.description ?? '',
    isFirst: isOfNamed && wantedRank(tail) < wanted.length,
  };
  return controlOf(common, value ?? (schema.default as Value | undefined), schema, value === undefined);
}

function controlOf(common: Common, value: Value | undefined, schema: Schema, isAbsent: boolean): Knob | null {
  if (typeof value === 'boolean') return { ...common, kind: 'switch', value };
  if (schema.enum) {
    const options = schema.enum.filter((option) => typeof option === 'string');
    return typeof value === 'string' && options.length > 1 ? { ...common, kind: 'choice', value, options } : null;
  }
  const kind = kindOf(schema, value);
  if (kind === null) return null;
  const none: (null | string)[] = schema.pattern?.startsWith('^none$') ? ['none'] : [];
  if (value === 'none' || value === undefined) {
    if (value === undefined && !isAbsent) return null;
    const usual = usualOf(kind);
    const start: string | number | null = value === undefined ? absentValue(common, none) : 'none';
    const stops = stopsAround(kind, usual, boundsOf(schema)).map((stop) => writeQuantity(kind, stop));
    return { ...common, kind: 'slider', at: 0, stops: [start, ...stops.filter((stop) => stop !== start)] };
  }
  const amount = readQuantity(kind, value);
  if (amount === null) return null;
  const given = value as string | number;
  const written = stopsAround(kind, amount, boundsOf(schema)).map((stop) =>
    stop === amount ? given : writeQuantity(kind, stop),
  );
  const stops = [...written, ...none];
  return stops.length < 2 ? null : { ...common, kind: 'slider', at: stops.indexOf(given), stops };
}

/** What an absent setting without a default in the schema means: one instance, or nothing at all. */
function absentValue({ path }: Common, none: (string | null)[]): string | number | null {
  if (path.at(-1) === 'instances') return 1;
  return none[0] ?? null;
}

function kindOf(schema: Schema, value: Value | undefined): QuantityKind | null {
  const { pattern } = schema;
  const types = [schema.type].flat();
  if (pattern !== undefined) return endings.find(([ending]) => ending.test(pattern))?.[1] ?? null;
  if (types.includes('number')) return 'number';
  if (types.includes('integer')) return readQuantity('count', value) === null ? 'size' : 'count';
  return types.includes('string') && readQuantity('size', value) !== null ? 'size' : null;
}

function boundsOf({ minimum, exclusiveMinimum, maximum }: Schema): Bounds {
  const above = exclusiveMinimum === undefined ? undefined : exclusiveMinimum + Number.MIN_VALUE;
  return { least: minimum ?? above, most: maximum };
}

/** Where a slider begins that stood at nothing. */
function usualOf(kind: QuantityKind): number {
  return { count: 2, duration: 5, rate: 100, ratio: 50, size: 2 ** 20, number: 1 }[kind];
}

/** What a mean is the mean of matters less than whose it is. */
const kindsOfRandomness = new Set<string | number>(['exponential', 'poisson', 'constant']);

/** `machine.cores` reads "cores", `operations.view.1.timeout` reads "view, step 2: timeout". */
function labelOf(path: Path): string {
  const names = path.filter((step, index) => {
    if (step === 'machine' || (step === 'operations' && index === 0)) return false;
    return index === 0 || index < path.length - 1 || !kindsOfRandomness.has(step);
  });
  const parts = names.map((step) => (typeof step === 'number' ? `step ${step + 1}` : step.replace(/-(?!>)/g, ' ')));
  return parts.join(' › ');
}
