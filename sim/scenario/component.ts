/**
 * One component: the settings every type has, and those of its own type, checked by the type's own schema.
 *
 * A new actor needs nothing here: its type, schema and names come from the list of types that is passed in.
 */
import * as z from 'zod';
import { count, flag, machine, money, reference } from './fields.ts';
import { placement } from './fields/regions.ts';
import { complain } from './fields/scalar.ts';
import { explain, withAllowed } from './issues.ts';
import { nearest } from './nearest.ts';
import { DEFAULT_MACHINE } from './presets.ts';
import type { ComponentSettings, OwnFinding, PublishStep, StageSettings } from './settings.ts';
import { show } from './units.ts';

/** What the scenario language needs to know of a component type. Every actor type is one. */
export interface ActorLike {
  type: string;
  summary?: string;
  settings: z.ZodType;
  /** Verbs of steps that may name it: 'named' (call), 'read', 'write', 'get', 'set', 'delete'. */
  serves: readonly string[];
  /** Other components that its settings name; paths are relative to the component. */
  references(own: any): { name: string; path: (string | number)[] }[];
  /** Threshold metrics it adds. */
  metrics?: Record<string, 'ratio' | 'ms' | 'count' | 'perSecond'>;
  /** Components that its callers call by themselves, once it has told them where (a name). */
  tells?(own: any): string[];
  /** How many nodes its own settings ask for (replicas, ring nodes); then `instances` is refused. */
  nodes?(own: any): number;
  /** What it finds wrong with a `publish` step towards it. */
  accepts?(own: any, step: PublishStep): { option: string; message: string; hint?: string } | null;
  /** What it finds wrong with a component in its stage; paths are relative to the component. */
  check?(component: ComponentSettings<any>, stage: StageSettings): OwnFinding[];
}

export type { OwnFinding } from './settings.ts';

/** Keys that every component may have. */
const common = {
  instances: count('How many equal instances.', 1, 100_000).optional(),
  machine: machine.optional(),
  on: reference('Stands on the machine of this component instead of having its own.').optional(),
  in: placement.optional(),
  public: flag(
    'Whether users may call it. Default: yes for the entries of clients, no for everything else.',
  ).optional(),
  price: money('Price of each instance; overrides that of the machine.').optional(),
};
const commonSchema = z.strictObject(common);
const COMMON_KEYS = Object.keys(common);

type Common = z.output<typeof commonSchema>;
type Issues = readonly z.core.$ZodIssue[];

function resolve(type: string, given: Common, nodes: number | null, own: unknown): Omit<ComponentSettings, 'name'> {
  const base = given.machine ?? DEFAULT_MACHINE;
  return {
    type,
    instances: nodes ?? given.instances ?? 1,
    machine: given.price === undefined ? base : { ...base, pricePerMonth: given.price },
    on: given.on ?? null,
    ...(given.in === undefined ? {} : { in: given.in }),
    ...(given.public === undefined ? {} : { public: given.public }),
    own,
  };
}

/** The strict object inside a settings schema, for the keys it allows. */
export function ownShape(settings: z.ZodType): Record<string, z.ZodType> {
  let schema: unknown = settings;
  for (let depth = 0; depth < 10; depth += 1) {
    const def = (schema as { _zod?: { def?: Record<string, unknown> } } | undefined)?._zod?.def;
    if (def === undefined) return {};
    if (def.type === 'object') return def.shape as Record<string, z.ZodType>;
    schema = def.in ?? def.innerType;
  }
  return {};
}

function typeOf(map: Record<string, unknown>, types: readonly ActorLike[], ctx: z.RefinementCtx): ActorLike | null {
  const names = types.map((each) => each.type);
  if (map.type === undefined) {
    complain(ctx, 'a component needs a `type`', `one of ${names.join(', ')}`);
    return null;
  }
  const found = types.find((each) => each.type === map.type);
  if (found !== undefined) return found;
  const stated = map.type;
  const hint = (): string => (typeof stated === 'string' ? nearest(stated, names) : `one of ${names.join(', ')}`);
  complain(ctx, `unknown component type ${show(map.type)}`, hint, ['type']);
  return null;
}

/** Checks one component. */
export function component(types: readonly ActorLike[]) {
  return z.unknown().transform((input, ctx): Omit<ComponentSettings, 'name'> => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      complain(ctx, `expected a map, got ${show(input)}`, 'for example { type: server, … }');
      return z.NEVER;
    }
    const type = typeOf(input as Record<string, unknown>, types, ctx);
    if (type === null) return z.NEVER;
    const { type: _type, ...rest } = input as Record<string, unknown>;
    const isCommon = ([key]: [string, unknown]): boolean => COMMON_KEYS.includes(key);
    const general = commonSchema.safeParse(Object.fromEntries(Object.entries(rest).filter(isCommon)), {
      error: explain,
    });
    const own = type.settings.safeParse(Object.fromEntries(Object.entries(rest).filter((entry) => !isCommon(entry))), {
      error: explain,
    });
    for (const issue of [...issuesOf(general), ...issuesOf(own).map(alsoCommon)])
      ctx.issues.push({ ...issue, input: undefined } as never);
    if (!general.success || !own.success) return z.NEVER;
    return finish(type, general.data, own.data, ctx);
  });
}

const issuesOf = (result: z.ZodSafeParseResult<unknown>): Issues => (result.success ? [] : result.error.issues);

/** A misspelt key at the top of a component may have meant one of the common keys. */
function alsoCommon(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'unrecognized_keys' || issue.path.length > 0) return issue;
  return { ...issue, message: withAllowed(issue.message, [...COMMON_KEYS, 'type']) };
}

function finish(type: ActorLike, given: Common, own: unknown, ctx: z.RefinementCtx): Omit<ComponentSettings, 'name'> {
  const nodes = type.nodes === undefined ? null : type.nodes(own);
  if (nodes !== null && given.instances !== undefined) {
    complain(ctx, `a ${type.type} has no \`instances\``, 'its own settings say how many nodes it has', ['instances']);
  }
  if (given.on !== undefined && given.machine !== undefined) {
    complain(ctx, '`machine` and `on` exclude each other', "a component has its own machine or stands on another's", [
      'machine',
    ]);
  }
  if (given.on !== undefined && given.in !== undefined) {
    complain(ctx, '`in` and `on` exclude each other', 'it is where the machine that it stands on is', ['in']);
  }
  if (given.on !== undefined && given.price !== undefined) {
    complain(ctx, '`price` and `on` exclude each other', 'the machine it stands on has the price', ['price']);
  }
  return resolve(type.type, given, nodes, own);
}

/** The same as a documented map, for the JSON Schema: what the transform above checks in two halves. */
export function documentedComponent(type: ActorLike): z.ZodType {
  const shape = { type: z.literal(type.type), ...common, ...ownShape(type.settings) };
  const { instances, ...fixed } = shape;
  const allowed = type.nodes === undefined ? { instances, ...fixed } : fixed;
  return z.strictObject(allowed).meta({ title: type.type, description: type.summary });
}
