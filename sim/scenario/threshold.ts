/**
 * Thresholds in k6's grammar, with units:
 *
 *     expectation = [ aggregate ] operator limit
 *     aggregate   = "mean" | "min" | "max" | "p(" number ")"
 *     operator    = "<" | "<=" | ">" | ">=" | "==" | "!="
 *     limit       = a quantity in the unit of the metric: 500ms, 99.9%, 100/s, 100/month, 0, 10k
 */
import * as z from 'zod';
import { complain, sortedEntries } from './fields/scalar.ts';
import { COMPONENT_METRICS, FAILOVER_METRICS, type Metric, OPERATION_METRICS, STAGE_METRICS } from './metrics.ts';
import { nearest } from './nearest.ts';
import type { ThresholdSettings } from './settings.ts';
import { parseCount, parseDuration, parseMoney, parseRate, parseRatio, type Parsed, show } from './units.ts';

const NS_PER_MS = 1_000_000;
const GRAMMAR = /^\s*(?:([a-zA-Z]+)\s*(?:\(([^)]*)\))?\s*)?(<=|>=|===|!==|==|!=|=|<|>)\s*(\S.*?)\s*$/;

type Aggregate = ThresholdSettings['aggregate'];

const refuse = (message: string, hint: string) => ({ ok: false as const, message, hint });

const LIMITS: Record<Metric['unit'], (text: string) => Parsed<number>> = {
  ms: (text) => {
    const parsed = parseDuration(number(text));
    return parsed.ok ? { ok: true, value: parsed.value / NS_PER_MS } : parsed;
  },
  // A utilisation may be asked to stay below more than the whole (never true above), which is a slip: 100 % at most.
  ratio: (text) => parseRatio(number(text)),
  perSecond: (text) => parseRate(number(text)),
  money: (text) => parseMoney(number(text)),
  count: (text) => {
    if (/^[0-9]+\.[0-9]+$/.test(text)) return { ok: true, value: Number(text) };
    return parseCount(number(text));
  },
};

/** Bare numbers go to the parsers as numbers, so that their messages are about the missing unit. */
const number = (text: string): unknown => (/^(0|[1-9][0-9]{0,14})(\.[0-9]+)?$/.test(text) ? Number(text) : text);

function parseAggregate(name: string | undefined, argument: string | undefined, metric: Metric): Parsed<Aggregate> {
  if (name === undefined) {
    if (!metric.aggregated) return { ok: true, value: null };
    return refuse('a distribution needs an aggregate', 'write p(99) < …, mean < … or max < …');
  }
  if (!metric.aggregated)
    return refuse(`${name} does not apply: the metric is one number`, 'begin with the operator, for example >= 99.9%');
  if (name === 'mean' || name === 'min' || name === 'max') return { ok: true, value: { kind: name } };
  if (name === 'p') {
    const percent = /^\s*[0-9]+(\.[0-9]+)?\s*$/.test(argument ?? '') ? Number(argument) : -1;
    if (percent > 0 && percent < 100) return { ok: true, value: { kind: 'p', percent } };
    return refuse(
      `p(${argument ?? ''}) is not a percentile`,
      'between 0 and 100, for example p(99) or p(99.9); use max for the largest',
    );
  }
  const words: Record<string, string> = {
    avg: 'mean',
    med: 'p(50)',
    median: 'p(50)',
    maximum: 'max',
    minimum: 'min',
    average: 'mean',
  };
  return refuse(
    `unknown aggregate ${name}`,
    Object.hasOwn(words, name) ? `did you mean ${words[name]}?` : 'allowed: mean, min, max, p(…)',
  );
}

/** One expectation about a metric. `limit` is in milliseconds, 0…1, per second, dollars a month or a count. */
export function parseExpectation(
  scope: ThresholdSettings['scope'],
  name: string,
  metric: Metric,
  text: string,
): Parsed<ThresholdSettings> {
  const match = text.length > 200 ? null : GRAMMAR.exec(text);
  const example = !metric.aggregated ? '>= 99.9% or < 100' : metric.unit === 'ratio' ? 'min >= 99%' : 'p(99) < 500ms';
  if (match === null)
    return refuse(`${show(text)} is not an expectation`, `[aggregate] operator limit, for example ${example}`);
  const [, aggregateName, argument, operator, limitText] = match;
  if (operator === '=' || operator === '===' || operator === '!==') {
    return refuse(`${operator} is not an operator`, `did you mean ${operator === '!==' ? '!=' : '=='}?`);
  }
  const aggregate = parseAggregate(aggregateName, argument, metric);
  if (!aggregate.ok) return aggregate;
  const limit = LIMITS[metric.unit](limitText);
  if (!limit.ok) return limit;
  return {
    ok: true,
    value: {
      scope,
      metric: name,
      aggregate: aggregate.value,
      operator: operator as ThresholdSettings['operator'],
      limit: limit.value,
      text: textOf(scope, name, text),
    },
  };
}

function textOf(scope: ThresholdSettings['scope'], metric: string, text: string): string {
  const stated = `${metric} ${text.trim().replace(/\s+/g, ' ')}`;
  return 'name' in scope ? `${scope.name}: ${stated}` : stated;
}

const expectation = z.union([z.string(), z.array(z.string()).min(1)]).meta({
  description: 'One expectation or a list of them: [aggregate] operator limit.',
  examples: ['p(99) < 500ms', '>= 99.9%'],
});

type Stated = string | string[] | undefined;

/** Parses what is stated for the metrics of one scope. */
function readScope(
  scope: ThresholdSettings['scope'],
  stated: Record<string, Stated>,
  metrics: Record<string, Metric>,
  path: PropertyKey[],
  ctx: z.RefinementCtx,
): ThresholdSettings[] {
  return sortedEntries(stated).flatMap(([name, texts]) => {
    if (texts === undefined) return [];
    if (!Object.hasOwn(metrics, name)) {
      complain(ctx, `unknown metric \`${name}\``, () => nearest(name, Object.keys(metrics)), [...path, name]);
      return [];
    }
    const list = typeof texts === 'string' ? [texts] : texts;
    return list.flatMap((text, index) => {
      const parsed = parseExpectation(scope, name, metrics[name], text);
      if (parsed.ok) return [parsed.value];
      complain(ctx, parsed.message, parsed.hint, typeof texts === 'string' ? [...path, name] : [...path, name, index]);
      return [];
    });
  });
}

const fieldsOf = (metrics: Record<string, Metric>) =>
  Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => [
      name,
      expectation.optional().meta({ description: metric.description }),
    ]),
  );

/** The `thresholds` of a stage. `added` are the metrics that component types add. */
export function thresholds(added: Record<string, Metric>) {
  const ofComponents = { ...COMPONENT_METRICS, ...added };
  const perName = (metrics: Record<string, Metric>) =>
    z.record(z.string(), z.strictObject(fieldsOf(metrics))).prefault({});
  return z
    .strictObject({
      ...fieldsOf(STAGE_METRICS),
      operations: perName(OPERATION_METRICS).meta({ description: 'By operation.' }),
      components: perName(ofComponents).meta({ description: 'By component.' }),
      failover: z
        .strictObject(fieldsOf(FAILOVER_METRICS))
        .prefault({})
        .meta({ description: 'About the faults of the stage.' }),
      keep: z.boolean().prefault(false).meta({ description: 'Later stages have these thresholds too.' }),
    })
    .prefault({})
    .transform((all, ctx): ThresholdSettings[] => {
      const {
        operations,
        components,
        failover,
        keep: _keep,
        ...stage
      } = all as {
        operations: Record<string, Record<string, Stated>>;
        components: Record<string, Record<string, Stated>>;
        failover: Record<string, Stated>;
        keep: boolean;
      };
      const named = (
        kind: 'operation' | 'component',
        map: Record<string, Record<string, Stated>>,
        metrics: Record<string, Metric>,
      ) =>
        sortedEntries(map).flatMap(([name, stated]) =>
          readScope({ kind, name }, stated, metrics, [`${kind}s`, name], ctx),
        );
      return [
        ...readScope({ kind: 'stage' }, stage as Record<string, Stated>, STAGE_METRICS, [], ctx),
        ...named('operation', operations, OPERATION_METRICS),
        ...named('component', components, ofComponents),
        ...readScope({ kind: 'failover' }, failover, FAILOVER_METRICS, ['failover'], ctx),
      ];
    });
}
