/**
 * No knob is read and ignored: for every key that the schema accepts there are two tiny scenarios that differ in that
 * key alone, and what is measured differs.
 *
 * The keys come from the schema itself, so a new one without a pair fails here.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type * as Tenfold from '../../sim/index.ts';
import { delivery, edgeExcluded, edgeExpectations, names } from './knobs/edge.ts';
import { faults } from './knobs/faults.ts';
import { type Knob, measured, written } from './knobs/kit.ts';
import { buses, connecting, gateways, liveExcluded, liveExpectations, livePush } from './knobs/live.ts';
import { brokers, crons, messagingExcluded, messagingExpectations, publishingSteps } from './knobs/messaging.ts';
import { places } from './knobs/places.ts';
import { logs, publishing } from './knobs/logs.ts';
import { autoscaling, machines, servers, steps } from './knobs/servers.ts';
import { shardExcluded, shardExpectations, shardRouters } from './knobs/shards.ts';
import { balancers, caches, databases } from './knobs/stores.ts';
import { expectations } from './knobs/thresholds.ts';
import { clients, distributions, network, payloads } from './knobs/workload.ts';

/** The bundle: what people run, and much faster than what a test runner makes of the sources. */
const bundle = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const { jsonSchema, parseScenario, simulate } = (await import(/* @vite-ignore */ bundle)) as typeof Tenfold;

const under = (prefix: string, knobs: Record<string, Knob>): [string, Knob][] =>
  Object.entries(knobs).map(([key, knob]) => [`${prefix}.${key}`, knob]);

const KNOBS = new Map<string, Knob>([
  ...Object.entries(network),
  ...Object.entries(places),
  ...Object.entries(payloads),
  ...under('clients.*', clients),
  ...under('distribution', distributions),
  ...under('step', steps),
  ...under('step', publishing),
  ...under('machine', machines),
  ...under('server', servers),
  ...under('server.autoscale', autoscaling),
  ...under('clients.*.connect', connecting),
  ...under('step', livePush),
  ...under('gateway', gateways),
  ...liveExpectations,
  ...under('queue', brokers),
  ...under('cron', crons),
  ...under('step', publishingSteps),
  ...messagingExpectations,
  ...under('pubsub', buses),
  ...under('dns', names),
  ...under('cdn', delivery),
  ...edgeExpectations,
  ...under('balancer', balancers),
  ...under('shard-router', shardRouters),
  ...shardExpectations,
  ...under('cache', caches),
  ...under('database', databases),
  ...under('kafka', logs),
  ...under('faults.*', faults),
  ...under('thresholds', expectations),
]);

/** Keys that nothing measured depends on, and why. */
const EXCLUDED = new Map([
  ['name', 'a text'],
  ['teaches', 'a text'],
  ['regions.*.source', 'a text'],
  ...['server', 'balancer', 'cache', 'database', 'kafka'].map(
    (type) => [`${type}.public`, 'who may not be an entry; see places.test.ts'] as const,
  ),
  ...liveExcluded,
  ...edgeExcluded,
  ...messagingExcluded,
  ...shardExcluded,
  ['server.type', 'which keys there are'],
  ['balancer.type', 'which keys there are'],
  ['cache.type', 'which keys there are'],
  ['database.type', 'which keys there are'],
  ['kafka.type', 'which keys there are'],
  ['server.autoscale.rule', 'has one value'],
  ['server.machine', 'see machine'],
  ['balancer.machine', 'see machine'],
]);

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  title?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
}

/** Every key of the schema that takes a value of its own, by its path; shared definitions by their name. */
function keysOf(root: Schema): Set<string> {
  const keys = new Set<string>();
  const visited = new Set<string>();
  /** True: the value may be something else than a map of keys. */
  const walk = (schema: Schema, path: string): boolean => {
    if (schema.$ref !== undefined) return visit(schema.$ref.split('/').pop() as string);
    const alternatives = schema.anyOf ?? schema.oneOf;
    if (alternatives !== undefined)
      return alternatives
        .map((each) => walk(each, each.title !== undefined && path === 'components.*' ? each.title : path))
        .includes(true);
    if (schema.items !== undefined) return walk(schema.items, `${path}[]`);
    if (typeof schema.additionalProperties === 'object') return walk(schema.additionalProperties, `${path}.*`);
    if (schema.properties === undefined) return true;
    for (const [key, value] of Object.entries(schema.properties)) {
      const at = path === '' ? key : `${path}.${key}`;
      if (walk(value, at)) keys.add(at);
    }
    return false;
  };
  const visit = (name: string): boolean => {
    const definition = root.$defs?.[name] as Schema;
    const known = definition.properties ?? {};
    const called =
      'exponential' in known ? 'distribution' : 'cpu' in known && 'sleep' in known ? 'step' : name.toLowerCase();
    if (!visited.has(name)) {
      visited.add(name);
      walk(definition, called);
    }
    return true;
  };
  walk(root, '');
  return keys;
}

const { stages: _stages, ...properties } = (jsonSchema() as Schema).properties as Record<string, Schema>;
const KEYS = keysOf({ ...jsonSchema(), properties });

describe('every key of the schema', () => {
  test('has a pair of scenarios', () => {
    expect([...KEYS].filter((key) => !KNOBS.has(key) && !EXCLUDED.has(key))).toEqual([]);
  });

  test('is still there', () => {
    const gone = [...KNOBS.keys(), ...EXCLUDED.keys()].filter((key) => !KEYS.has(key));
    expect(gone).toEqual([]);
  });
});

test.each([...KNOBS])('%s changes the run', (_key, knob) => {
  const [before, after] = knob.values.map((value) => {
    const text = written(knob, value);
    const { problems } = parseScenario(text, 'knob.yaml');
    // That `other` is not called is the point of some pairs.
    expect(
      problems.map(({ message }) => message).filter((message) => !message.startsWith('nothing ever calls')),
    ).toEqual([]);
    return measured(simulate(text));
  });
  expect(before).not.toBe(after);
});
