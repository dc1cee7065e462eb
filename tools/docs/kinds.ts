/**
 * What a field of the published JSON Schema takes, in a few words with a link to the notation.
 */

/** The parts of JSON Schema that the scenario schema uses. */
export interface Field {
  $ref?: string;
  type?: string | string[];
  description?: string;
  title?: string;
  default?: unknown;
  examples?: unknown[];
  enum?: string[];
  const?: unknown;
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  anyOf?: Field[];
  items?: Field | false;
  prefixItems?: Field[];
  properties?: Record<string, Field>;
  additionalProperties?: Field | false;
  required?: string[];
  $defs?: Record<string, Field>;
}

/** Definition in the schema → what to call it, and the heading that explains it. */
const NOTATIONS: Record<string, [text: string, anchor: string]> = {
  Duration: ['duration', 'values'],
  PositiveDuration: ['duration > 0', 'values'],
  DurationOrNone: ['duration > 0 or `none`', 'values'],
  Size: ['size', 'values'],
  Rate: ['rate', 'values'],
  Ratio: ['per cent', 'values'],
  Money: ['price', 'values'],
  Distribution: ['distribution', 'distributions'],
  Machine: ['machine', 'machines'],
  Steps: ['steps', 'steps'],
};

/** A field with its reference followed; what stands beside the reference wins. */
export function resolve(field: Field, defs: Record<string, Field>): Field {
  if (field.$ref === undefined) return field;
  const { $ref, ...beside } = field;
  return { ...defs[nameOf($ref)], ...beside };
}

/** Is it explained under a heading of its own, instead of key by key where it stands? */
export const isNotation = (field: Field): boolean => field.$ref !== undefined && nameOf(field.$ref) in NOTATIONS;

const nameOf = (reference: string): string => reference.replace('#/$defs/', '');

/** Throws when a field has a form that this page cannot describe, so that a new form is not left out in silence. */
export function kindOf(field: Field, defs: Record<string, Field>): string {
  if (isNotation(field)) {
    const [text, anchor] = NOTATIONS[nameOf(field.$ref!)];
    return `[${text}](#${anchor})`;
  }
  const full = resolve(field, defs);
  if (full.anyOf !== undefined) return full.anyOf.map((each) => kindOf(each, defs)).join(' or ');
  if (full.const !== undefined) return `\`${String(full.const)}\``;
  if (full.enum !== undefined) return full.enum.map((word) => `\`${word}\``).join(', ');
  if (full.properties !== undefined || full.additionalProperties) return 'map';
  if (full.prefixItems !== undefined) return `[${full.prefixItems.map(nameOfItem).join(', ')}]`;
  if (full.items) return `list of ${plural(kindOf(full.items, defs))}`;
  return scalarKind(full);
}

/** "Least." → "least" */
const nameOfItem = ({ description = '' }: Field): string => description.replace(/\.$/, '').toLowerCase();

const plural = (kind: string): string => kind.replace(/^(map|list|number)\b/, '$1s');

function scalarKind(field: Field): string {
  const types = [field.type ?? []].flat();
  const range = rangeOf(field);
  if (types.includes('integer')) return countKind(field, range);
  if (types.includes('number')) return `number${range}`;
  if (types.includes('boolean')) return '`true`, `false`';
  const [example] = field.examples ?? [];
  if (types.includes('string') && typeof example === 'string') {
    if (/[KMG]iB$/.test(example)) return '[size](#values)';
    if (example.endsWith('%')) return '[per cent](#values), also above 100%';
    return `text such as \`${example}\``;
  }
  if (types.includes('string')) return 'text';
  throw new Error(`no words for ${JSON.stringify(field)}`);
}

function countKind(field: Field, range: string): string {
  const examples = (field.examples ?? []).map(String);
  if (examples.some((each) => each.endsWith('B'))) return '[count](#values) or [size](#values)';
  if (examples.length === 0) return 'whole number or text';
  return `[count](#values)${range}${field.pattern?.startsWith('^none') ? ' or `none`' : ''}`;
}

function rangeOf({ minimum, exclusiveMinimum, maximum }: Field): string {
  if (exclusiveMinimum !== undefined) return ` > ${exclusiveMinimum}`;
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`;
  if (minimum === undefined) return maximum === undefined ? '' : ` ≤ ${maximum}`;
  return ` ≥ ${minimum}`;
}
