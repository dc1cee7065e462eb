/** Columns inside a plain object ↔ JSON values: a typed array becomes `{ "$": column }`, a missing number `{ "$": null }`. */
import { readColumn, writeCounts, writeLevels, type WrittenColumn } from './columns.ts';

export function pack(value: unknown): unknown {
  if (value instanceof Uint32Array) return { $: writeCounts(value) };
  if (value instanceof Float32Array) return { $: writeLevels(value) };
  if (value instanceof Float64Array) return { $: { f: [...value] } };
  if (typeof value === 'number' && Number.isNaN(value)) return { $: null };
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, pack(part)]));
}

/** @throws RangeError when a column is broken */
export function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== 'object' || value === null) return value;
  if ('$' in value) return value.$ === null ? NaN : readColumn(value.$ as WrittenColumn);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unpack(part)]));
}
