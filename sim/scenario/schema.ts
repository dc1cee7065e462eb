/**
 * The schema of a whole stage, assembled from the list of component types, and the JSON Schema of scenario files.
 */
import * as z from 'zod';
import { type ActorLike, component, documentedComponent } from './component.ts';
import { complain, distribution, duration, positiveDuration } from './fields.ts';
import { client } from './fields/clients.ts';
import { fault } from './fields/faults.ts';
import { arrow, link } from './fields/links.ts';
import { connection, encodings } from './fields/payload.ts';
import { regions } from './fields/regions.ts';
import { quantity } from './fields/scalar.ts';
import { typeMetrics } from './metrics.ts';
import { thresholds } from './threshold.ts';
import { show } from './units.ts';

/** Names of components and populations: not what the notations `app#2` and `a -> b` are made of. */
const name = z
  .string()
  .max(100, { error: 'a name has at most 100 characters' })
  .refine((text) => !/#|->|[\u0000-\u001f]/.test(text) && text.trim() === text, {
    error: 'a name holds neither # nor -> nor line breaks, nor blanks at its ends',
  });

const seed = quantity<string>(
  (input) => {
    if (typeof input === 'number' && Number.isSafeInteger(input)) return { ok: true, value: String(input) };
    if (typeof input === 'string' && input !== '' && input.length <= 100) return { ok: true, value: input };
    return {
      ok: false,
      message: `expected a seed, got ${show(input)}`,
      hint: 'a whole number or a text of at most 100 characters',
    };
  },
  { type: ['integer', 'string'], description: 'Seed of all randomness. Default 1.' },
);

const run = z
  .strictObject({
    duration: positiveDuration('Length of the measured window, after the warm-up.').prefault('60s'),
    warmup: duration('Simulated before the window; its statistics are dropped.').prefault('10s'),
    seed: seed.prefault(1),
  })
  .prefault({})
  .transform((r, ctx) => {
    if (r.warmup >= r.duration)
      complain(
        ctx,
        'the warm-up must be shorter than the duration',
        'the duration counts from the end of the warm-up',
        ['warmup'],
      );
    if (r.warmup + r.duration > Number.MAX_SAFE_INTEGER)
      complain(ctx, 'warm-up and duration together exceed 104 days', '', ['duration']);
    return { durationNs: r.duration, warmupNs: r.warmup, seed: r.seed };
  });

const network = z
  .strictObject({
    delay: distribution('One-way delay between components that are not on one machine.').prefault('0.25ms'),
    connection: connection
      .optional()
      .meta({ description: 'What a new connection costs, on every link that says nothing else. Absent: nothing.' }),
    encodings,
  })
  .prefault({});

/** Most entries of one section: bounds the work of checking them against each other. */
const MAX_ENTRIES = 1000;

const fewEnough = (map: object, ctx: z.RefinementCtx) => {
  const { length } = Object.keys(map);
  if (length > MAX_ENTRIES) complain(ctx, `${length} entries are too many`, `at most ${MAX_ENTRIES}`);
};

const nonEmpty = (what: string) => (map: object, ctx: z.RefinementCtx) => {
  if (Object.keys(map).length === 0) complain(ctx, what);
  fewEnough(map, ctx);
};

/** Everything a stage consists of, after its patch. `part` checks one component. */
function shape(types: readonly ActorLike[], part: z.ZodType) {
  const added = Object.assign({}, ...types.map((type) => typeMetrics(type.metrics ?? {})));
  return {
    name: z.string().min(1).max(200).meta({ description: 'Name of the scenario.' }),
    teaches: z.string().prefault('').meta({ description: 'What one learns from it, a paragraph.' }),
    run: run.meta({ description: 'How long to simulate, and with which seed.' }),
    network: network.meta({ description: 'What holds for every link that says nothing else.' }),
    regions: regions
      .superRefine(fewEnough)
      .prefault({})
      .meta({ description: 'Regions by name, their zones, and how far apart they are.' }),
    links: z.record(arrow, link).superRefine(fewEnough).prefault({}).meta({ description: 'Links by `from -> to`.' }),
    clients: z
      .record(name, client)
      .superRefine(nonEmpty('a scenario needs at least one population of clients'))
      .meta({ description: 'Populations of users, or arrivals.' }),
    components: z
      .record(name, part)
      .superRefine(nonEmpty('a scenario needs at least one component'))
      .meta({ description: 'What the system consists of.' }),
    faults: z
      .record(z.string(), fault)
      .superRefine(fewEnough)
      .prefault({})
      .meta({ description: 'What goes wrong, and when.' }),
    thresholds: thresholds(added).meta({ description: 'What must hold for the stage to pass.' }),
  };
}

/** Checks a stage: the file's root with its stages' patches applied and `stages` taken out. */
export function stageSchema(types: readonly ActorLike[]): ReturnType<typeof buildSchema> {
  const known = schemas.get(types) ?? buildSchema(types);
  schemas.set(types, known);
  return known;
}

const buildSchema = (types: readonly ActorLike[]) => z.strictObject(shape(types, component(types)));
/** Building a schema costs more than checking a small scenario with it. */
const schemas = new WeakMap<readonly ActorLike[], ReturnType<typeof buildSchema>>();

export type RawStage = z.output<ReturnType<typeof stageSchema>>;

/** What a stage has beside its patch. */
export const stageHead = z.object({
  name: z.string().min(1).max(200).meta({ description: 'Name of the stage.' }),
  teaches: z.string().optional().meta({ description: 'What this stage teaches.' }),
  expect: z
    .enum(['pass', 'break'])
    .prefault('pass')
    .meta({ description: '`break`: a threshold of this stage is expected to fail; the run is good only if one does.' }),
});

type Json = Record<string, unknown>;

/** A schema of patches: nothing is required, null deletes. References stay: what they hold is replaced or merged. */
function patchOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(patchOf);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { required: _required, oneOf, default: _default, minProperties: _least, ...rest } = schema as Json;
  const out: Json = oneOf === undefined ? { ...rest } : { ...rest, anyOf: oneOf };
  const nullable = (each: unknown): unknown => ({ anyOf: [patchOf(each), { type: 'null' }] });
  if (typeof rest.properties === 'object' && rest.properties !== null) {
    out.properties = Object.fromEntries(Object.entries(rest.properties).map(([key, each]) => [key, nullable(each)]));
  }
  if (typeof rest.additionalProperties === 'object') out.additionalProperties = nullable(rest.additionalProperties);
  if (out.anyOf !== undefined) out.anyOf = patchOf(out.anyOf);
  return out;
}

/** The JSON Schema (2020-12) of scenario files, for editors. */
export function scenarioJsonSchema(types: readonly ActorLike[]): Json {
  const parts = types.map(documentedComponent);
  const part = parts.length === 1 ? parts[0] : z.union(parts as unknown as [z.ZodType, z.ZodType]);
  const root = z.toJSONSchema(z.strictObject(shape(types, part)), { io: 'input', unrepresentable: 'any' }) as Json;
  const properties = root.properties as Json;
  const { name: _name, teaches: _teaches, ...patched } = properties;
  const patches = (patchOf({ properties: patched }) as { properties: Json }).properties;
  const { properties: head } = z.toJSONSchema(stageHead, { io: 'input' }) as { properties: Json };
  const stage = {
    type: 'object',
    properties: { ...head, ...patches },
    required: ['name'],
    additionalProperties: false,
  };
  const stages = {
    type: 'array',
    minItems: 1,
    items: stage,
    description: 'Each stage is the one before it with a merge patch on top.',
  };
  return { ...root, title: 'Tenfold scenario', properties: { ...properties, stages } };
}
