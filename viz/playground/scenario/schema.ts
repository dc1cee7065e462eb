/**
 * Walks the JSON Schema of scenario files beside a scenario, so that every value is met with what the schema says of it.
 * This is how a new setting of a new component gets its slider without a word being written here.
 */
import type { Path, Value } from './tree.ts';

/** The words of JSON Schema that are read here. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  default?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  description?: string;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema | boolean;
}

/** A value that is no map and no list, or a place where one could be: then it is undefined. */
export interface Leaf {
  path: Path;
  value: Value | undefined;
  schema: Schema;
}

/** Deeper than any setting; a schema that refers to itself ends with the value anyway. */
const deepest = 24;

/** Follows `$ref`; what stands beside it (a description, a default) counts. */
export function resolve(schema: Schema, root: Schema): Schema {
  let here = schema;
  for (let hops = 0; here.$ref !== undefined && hops < deepest; hops++) {
    const { $ref, ...beside } = here;
    here = { ...root.$defs?.[$ref.replace('#/$defs/', '')], name: $ref, ...beside } as Schema;
  }
  return here;
}

/** All leaves of a value, in the order of the file, then the settings of its maps that it leaves out. */
export function leavesOf(value: Value, schema: Schema, root: Schema): Leaf[] {
  const leaves: Leaf[] = [];
  visit(value, schema, []);
  return leaves;

  function visit(here: Value | undefined, given: Schema, path: Path): void {
    const said = choose(here, resolve(given, root), root);
    if (path.length > deepest) return;
    if (Array.isArray(here)) {
      const items = said?.items;
      if (typeof items !== 'object') return;
      for (const [index, item] of here.entries()) visit(item, items, [...path, index]);
    } else if (typeof here === 'object' && here !== null) visitMap(here, said, path);
    else if (said) leaves.push({ path, value: here, schema: said });
  }

  function visitMap(map: Record<string, Value>, said: Schema | null, path: Path): void {
    const known = said?.properties ?? {};
    const others = typeof said?.additionalProperties === 'object' ? said.additionalProperties : null;
    for (const [name, inner] of Object.entries(map)) {
      const schemaOf = Object.hasOwn(known, name) ? known[name] : others;
      if (schemaOf) visit(inner, schemaOf, [...path, name]);
    }
    for (const [name, inner] of Object.entries(known)) {
      if (!Object.hasOwn(map, name)) visit(undefined, inner, [...path, name]);
    }
  }
}

/** Of several shapes the one that a value has; for a value that is not there, the simplest. */
function choose(value: Value | undefined, schema: Schema, root: Schema): Schema | null {
  if (!schema.anyOf) return schema;
  const { anyOf, ...beside } = schema;
  const branches = anyOf.map((one) => resolve(one, root)).filter(({ type }) => type !== 'null');
  const found = branches.find((one) => fits(value, one)) ?? (value === undefined ? branches[0] : undefined);
  const inner = found && found.anyOf ? choose(value, found, root) : found;
  return inner ? { ...beside, ...inner, description: beside.description ?? inner.description } : null;
}

function fits(value: Value | undefined, schema: Schema): boolean {
  if (schema.anyOf) return true;
  if (Array.isArray(value)) return schema.type === 'array';
  if (typeof value === 'object' && value !== null) {
    if (schema.type !== 'object') return false;
    const known = schema.properties ?? {};
    const constants = Object.entries(known).filter(([, { const: fixed }]) => fixed !== undefined);
    if (!constants.every(([name, { const: fixed }]) => value[name] === fixed)) return false;
    return (
      typeof schema.additionalProperties === 'object' || Object.keys(value).every((name) => Object.hasOwn(known, name))
    );
  }
  if (schema.enum) return schema.enum.includes(value);
  if (typeof value === 'string' && schema.pattern) return new RegExp(schema.pattern, 'u').test(value);
  return (
    [schema.type].flat().includes(value === null ? 'null' : typeof value === 'number' ? 'number' : typeof value) ||
    (typeof value === 'number' && [schema.type].flat().includes('integer'))
  );
}
