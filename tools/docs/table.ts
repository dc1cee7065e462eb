/**
 * A map of the JSON Schema → a Markdown table, nested keys as paths (`backoff.base`, `spikes.<name>.at`).
 */
import { type Field, isNotation, kindOf, resolve } from './kinds.ts';

interface Row {
  path: string;
  kind: string;
  fallback: string;
  meaning: string;
}

/** The keys of a map, with those of the maps inside it. `skip` names keys that are explained elsewhere. */
export function keyTable(map: Field, defs: Record<string, Field>, skip: readonly string[] = []): string {
  const properties = Object.fromEntries(Object.entries(map.properties ?? {}).filter(([key]) => !skip.includes(key)));
  const rows = rowsOf({ ...map, properties }, defs, '');
  return markdownTable(
    ['Key', 'Value', 'Default', 'Meaning'],
    rows.map(({ path, kind, fallback, meaning }) => [`\`${path}\``, kind, fallback, meaning]),
  );
}

/** A table with its cells escaped. */
export function markdownTable(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

function rowsOf(map: Field, defs: Record<string, Field>, prefix: string): Row[] {
  return Object.entries(map.properties ?? {}).flatMap(([key, field]) => {
    const path = `${prefix}${key}`;
    const required = map.required?.includes(key) === true;
    const own: Row = {
      path,
      kind: kindOf(field, defs),
      fallback: required ? '**required**' : defaultOf(field),
      meaning: field.description ?? resolve(field, defs).description ?? '',
    };
    return [own, ...inside(field, defs, path)];
  });
}

/** Rows of what a field holds, if it is a map, a map of names, a list of maps, or one of several of these. */
function inside(field: Field, defs: Record<string, Field>, path: string): Row[] {
  if (isNotation(field)) return [];
  const full = resolve(field, defs);
  if (full.anyOf !== undefined) return full.anyOf.flatMap((each) => inside(each, defs, path));
  if (full.properties !== undefined) return rowsOf(full, defs, `${path}.`);
  if (full.additionalProperties) return below(full.additionalProperties, defs, `${path}.<name>`);
  if (full.items) return inside(full.items, defs, `${path}[]`);
  return [];
}

/** What each name of a map stands for: its keys, or one row when it is a single value. */
function below(field: Field, defs: Record<string, Field>, path: string): Row[] {
  const nested = inside(field, defs, path);
  if (nested.length > 0) return nested;
  return [{ path, kind: kindOf(field, defs), fallback: '', meaning: field.description ?? '' }];
}

/** Defaults of maps are those of their keys, unless the map itself states some. */
function defaultOf({ default: value }: Field): string {
  if (value === undefined) return '';
  const text = flow(value);
  return text === '{}' || text === '' ? '' : `\`${text}\``;
}

/** A value in the flow notation of YAML. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, each]) => `${key}: ${flow(each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
