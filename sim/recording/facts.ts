/** Settings of a component worth showing beside its picture, in words. */
import type { ComponentSettings } from '../scenario/settings.ts';
import type { ComponentRecording } from './format.ts';

const KIB = 1024;
/** Settings of the type itself that are shown, at most. */
const MOST_OWN = 12;
const LONGEST = 60;

export function factsOf(settings: ComponentSettings): ComponentRecording['facts'] {
  const facts: ComponentRecording['facts'] = [];
  const { machine, on } = settings;
  if (on !== null) facts.push({ name: 'on', value: on });
  else {
    facts.push({ name: 'cores', value: String(machine.cores) });
    if (Number.isFinite(machine.memoryBytes)) facts.push({ name: 'memory', value: sizeText(machine.memoryBytes) });
    if (machine.connections !== null) facts.push({ name: 'connections', value: String(machine.connections) });
    if (machine.speed !== 1) facts.push({ name: 'speed', value: String(machine.speed) });
    if (machine.pricePerMonth > 0) facts.push({ name: 'price', value: `$${machine.pricePerMonth} a month` });
  }
  return [...facts, ...ownFacts(settings.own)];
}

/** The plain settings of the type: words, numbers and switches that are on. */
function ownFacts(own: unknown): ComponentRecording['facts'] {
  if (typeof own !== 'object' || own === null) return [];
  const facts = Object.entries(own).flatMap(([name, value]) => {
    const text = valueText(name, value);
    return text === null ? [] : [{ name: wordsOf(name), value: text.slice(0, LONGEST) }];
  });
  return facts.slice(0, MOST_OWN);
}

function valueText(name: string, value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === true) return 'yes';
  // What is none is not worth a line.
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) {
    if (name.endsWith('Ns')) return timeText(value);
    return name.endsWith('Bytes') ? sizeText(value) : String(value);
  }
  const time = durationText(value);
  if (time !== null) return time;
  // Runtimes, policies and the like say what they are by their `kind`.
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
  const { kind, ...rest } = value as { kind: unknown };
  const numbers = Object.values(rest).filter((part) => typeof part === 'number');
  return typeof kind === 'string' ? [kind, ...numbers].join(' ') : null;
}

/** A distribution of times: the constant, or what it is and its mean. */
function durationText(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
  if (value.kind === 'constant' && 'value' in value) return timeText(Number(value.value));
  return 'mean' in value ? `${String(value.kind)}, mean ${timeText(Number(value.mean))}` : null;
}

/** `virtualNodes` → "virtual nodes"; a unit at the end goes, since the value has it. */
function wordsOf(name: string): string {
  return name.replace(/(Ns|Bytes|PerSecond)$/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function sizeText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = bytes;
  let unit = 0;
  while (size >= KIB && unit < units.length - 1) {
    size /= KIB;
    unit++;
  }
  return `${Math.round(size * 10) / 10} ${units[unit]}`;
}

function timeText(ns: number): string {
  for (const [size, unit] of [
    [60e9, 'min'],
    [1e9, 's'],
    [1e6, 'ms'],
    [1e3, 'µs'],
  ] as const)
    if (ns >= size) return `${Math.round((ns / size) * 100) / 100} ${unit}`;
  return `${ns} ns`;
}
