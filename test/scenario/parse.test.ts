/** What a right scenario becomes: base units, defaults, an order that the file's does not influence, and a hash. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, hash128 } from '../../sim/scenario/hash.ts';
import { formatProblem, formatProblems } from '../../sim/scenario/problem.ts';
import { scenarioJsonSchema } from '../../sim/scenario/schema.ts';
import { changed, good, GOOD, parse, told, TYPES } from './kit.ts';

const stageOf = (text: string) => good(text).stages[0];

describe('a resolved scenario', () => {
  it('has every quantity in its base unit', () => {
    const stage = stageOf(
      changed('    instances: 2', '    instances: 2\n    machine: { cores: 4, memory: 8GiB, price: 70/month }'),
    );
    expect(stage.run).toEqual({ durationNs: 30e9, warmupNs: 5e9, seed: '1' });
    expect(stage.components[0].machine).toEqual({
      cores: 4,
      memoryBytes: 8_589_934_592,
      connections: null,
      pricePerMonth: 70,
      speed: 1,
    });
    expect(stage.clients[0].does).toEqual([
      { operation: 'look', weight: 0.2 },
      { operation: 'move', weight: 0.8 },
    ]);
    expect(stage.clients[0].timeoutNs).toBe(30e9);
    expect(stage.thresholds[0]).toEqual({
      scope: { kind: 'stage' },
      metric: 'latency',
      aggregate: { kind: 'p', percent: 99 },
      operator: '<',
      limit: 500,
      text: 'latency p(99) < 500ms',
    });
  });

  it('takes a machine from a preset, overridden where the scenario says so', () => {
    const machine = (stated: string) =>
      stageOf(changed('    instances: 2', `    instances: 2\n    machine: ${stated}`)).components[0].machine;
    expect(machine('m5.large')).toMatchObject({ cores: 2, memoryBytes: 8 * 1024 ** 3, pricePerMonth: 0.096 * 730 });
    expect(machine('{ preset: m5.large, price: 50/month }')).toMatchObject({ cores: 2, pricePerMonth: 50 });
  });

  it('writes a link in both directions, request and response swapped for calls the other way', () => {
    const { links } = stageOf(
      changed(
        'components:',
        'links:\n  lb -> app: { delay: 1ms, response: 2ms }\n  app -> db: { delay: 3ms, one-way: true }\ncomponents:',
      ),
    );
    const constant = (value: number) => ({ kind: 'constant', value });
    expect(links).toEqual([
      { from: 'app', to: 'db', delay: constant(3e6), response: null, loss: 0 },
      { from: 'lb', to: 'app', delay: constant(1e6), response: constant(2e6), loss: 0 },
      { from: 'app', to: 'lb', delay: constant(2e6), response: constant(1e6), loss: 0 },
    ]);
  });

  it('counts the nodes of a database by shards and replicas', () => {
    const stage = stageOf(changed('    read: { cpu: 2ms }', '    shards: 4\n    replicas: 2\n    read: { cpu: 2ms }'));
    expect(stage.components.find((component) => component.name === 'db')?.instances).toBe(12);
  });

  it('resolves every distribution', () => {
    const think = (stated: string) => stageOf(changed('{ exponential: 5s }', stated)).clients[0].think;
    expect(think('5s')).toEqual({ kind: 'constant', value: 5e9 });
    expect(think('{ uniform: [1s, 3s] }')).toEqual({ kind: 'uniform', low: 1e9, high: 3e9 });
    expect(think('{ erlang: { mean: 4s, stages: 4 } }')).toEqual({ kind: 'gamma', shape: 4, scale: 1e9 });
    expect(think('{ gamma: { mean: 5s, shape: 2 } }')).toEqual({ kind: 'gamma', shape: 2, scale: 2.5e9 });
    expect(think('{ empirical: { p100: 9s, p0: 1s, p50: 3s } }')).toEqual({
      kind: 'empirical',
      points: [
        { p: 0, value: 1e9 },
        { p: 0.5, value: 3e9 },
        { p: 1, value: 9e9 },
      ],
    });
    expect(
      think(
        '{ mixture: [ { weight: 98%, of: 1s }, { weight: 2%, of: { shifted: { by: 1s, of: { exponential: 2s } } } } ] }',
      ),
    ).toMatchObject({
      kind: 'mixture',
      branches: [
        { of: { kind: 'constant' } },
        { of: { kind: 'shifted', by: 1e9, of: { kind: 'exponential', mean: 2e9 } } },
      ],
    });
    const meanOf = (d: unknown): number => {
      const { mu, sigma } = d as { mu: number; sigma: number };
      return Math.exp(mu + (sigma * sigma) / 2);
    };
    expect(meanOf(think('{ lognormal: { mean: 5s, cv: 2 } }'))).toBeCloseTo(5e9, -3);
    const { mu, sigma } = think('{ lognormal: { p50: 3s, p99: 20s } }') as { mu: number; sigma: number };
    expect(Math.exp(mu)).toBeCloseTo(3e9, -3);
    expect(Math.exp(mu + 2.3263478740408408 * sigma)).toBeCloseTo(20e9, -3);
  });
});

type Json = { [key: string]: Json } | Json[] | string | number;

/** The same value with the keys of its maps in another order. */
function shuffled(value: Json, order: (keys: string[]) => string[]): Json {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, order));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(order(Object.keys(value)).map((key) => [key, shuffled(value[key], order)]));
}

describe('the order of keys', () => {
  const file: Json = {
    name: 'n',
    clients: {
      b: { users: 5, does: { y: '50%', x: '50%' }, entry: 'lb' },
      a: {
        arrivals: {
          poisson: '5/s',
          spikes: { s2: { at: '1s', for: '1s', times: 2 }, s1: { at: '3s', for: '1s', times: 3 } },
        },
        does: 'x',
        entry: 'app',
      },
    },
    components: {
      lb: { type: 'balancer', targets: { app: 1, app2: 2 } },
      app: {
        type: 'server',
        operations: {
          x: [{ choose: { p: { weight: '50%', steps: [{ cpu: '1ms' }] }, q: { weight: '50%', steps: [] } } }],
          y: [{ read: 'db' }],
        },
        pools: { db: { size: 3 } },
      },
      app2: { type: 'server', operations: { y: [{ write: 'db' }], x: [{ cpu: '2ms' }] } },
      db: { type: 'database', read: { cpu: '1ms' }, write: { cpu: '1ms' } },
    },
    links: { 'lb -> app': { delay: '1ms' }, 'app -> db': { delay: '2ms' } },
    faults: { g: { crash: 'app', at: '5s' }, f: { slow: 'db', factor: 2, at: '5s' } },
    thresholds: {
      availability: '> 90%',
      latency: ['p(99) < 1s'],
      components: { db: { utilization: '< 90%', queueMax: '< 5' }, app: { errors: '== 0' } },
    },
  };

  it('changes nothing', () => {
    const reference = good(JSON.stringify(file));
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(1000)), (numbers) => {
        const order = (keys: string[]) =>
          keys
            .map((key) => [numbers.next().value as number, key] as const)
            .sort((a, b) => a[0] - b[0])
            .map(([, key]) => key);
        expect(good(JSON.stringify(shuffled(file, order)))).toEqual(reference);
      }),
      { numRuns: 30 },
    );
  });

  it('does not change the hash, but any value does', () => {
    const hash = (text: string) => good(text).hash;
    expect(hash(GOOD)).toMatch(/^[0-9a-f]{32}$/);
    expect(hash(`# a comment\n${GOOD}`)).toBe(hash(GOOD));
    expect(hash(changed('cpu: 1ms', 'cpu: 1000us'))).toBe(hash(GOOD));
    expect(hash(changed('cpu: 1ms', 'cpu: 1001us'))).not.toBe(hash(GOOD));
  });
});

describe('the hash', () => {
  it('is of the sorted JSON', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: undefined, 10: 1, 9: 2 })).toBe(
      '{"10":1,"9":2,"b":[1,{"c":"x","d":null}]}',
    );
  });

  it('tells texts apart that differ in one character or only in length', () => {
    const texts = [
      '',
      '\0',
      '\0\0',
      'a',
      'b',
      'ab',
      'ba',
      'a'.repeat(8),
      'a'.repeat(9),
      'a'.repeat(16),
      `${'a'.repeat(15)}b`,
    ];
    expect(new Set(texts.map(hash128)).size).toBe(texts.length);
    const near = Array.from({ length: 2000 }, (_, i) => hash128(`{"n":${i}}`));
    for (const part of [0, 8, 16, 24])
      expect(new Set(near.map((each) => each.slice(part, part + 8))).size).toBeGreaterThan(1998);
  });
});

describe('the command line', () => {
  it('sets values in every stage, after the patches', () => {
    const text = `${GOOD}stages:\n  - { name: a }\n  - { name: b, clients: { players: { users: 500 } } }\n`;
    const { stages } = good(text, {
      sets: ['clients.players.users=1k', 'components.app.machine={ cores: 8 }'],
      seed: '7',
      duration: '1m',
    });
    expect(stages.map((stage) => stage.clients[0].users)).toEqual([1000, 1000]);
    expect(stages[1].components[0].machine.cores).toBe(8);
    expect(stages[0].run).toEqual({ durationNs: 60e9, warmupNs: 5e9, seed: '7' });
  });

  it('reads quoted names and deletes with null', () => {
    const text = changed('  players:', '  "a.b":');
    expect(good(text, { sets: ['clients."a.b".users=7'] }).stages[0].clients[0].users).toBe(7);
    expect(good(GOOD, { sets: ['thresholds.latency=null'] }).stages[0].thresholds).toEqual([]);
  });

  it.each([
    ['clients.players.users', 'expected path=value'],
    ['=5', 'expected path=value'],
    ['clients..users=5', 'this is not a path'],
    ['clients.=5', 'this is not a path'],
    ['__proto__.x=5', 'this name is not allowed in a path'],
    ['a.constructor.prototype=5', 'this name is not allowed in a path'],
    ['clients={ __proto__: 1 }', 'the key `__proto__` is not allowed'],
    ['stages.0.name=5', 'not in `stages`'],
    ['clients.players.users=[1', 'a bracket is not closed'],
    ['clients.players.users=010', 'leading zeros'],
    ['clients.players.usres=5', 'unknown key `usres` | did you mean `users`?'],
    ['clients.players.users=5s', 'is not a suffix of a count'],
    ['name.x=5', '`name` is not a map'],
    ['clients.plyers.users=5', '`clients` has no `plyers` | did you mean `players`?'],
    ['components.ap.machine.cores=5', '`components` has no `ap` | did you mean `app`?'],
    ['components.zzz.instances=5', 'a component needs a `type`'],
    [
      'thresholds.availability=>= 99%',
      `a value that begins with > or | must be quoted | --set 'thresholds.availability=">= 99%"'`,
    ],
    ['thresholds.users=>5', `must be quoted | --set 'thresholds.users=">5"'`],
  ])('refuses --set %s', (set, message) => {
    const { scenario, problems } = parse(GOOD, { sets: [set] });
    expect(scenario).toBeNull();
    expect(problems[0].file).toBe('--set');
    expect(`${problems[0].message} | ${problems[0].hint}`).toContain(message);
    expect(problems[0].source).toBe(set);
  });

  it('says nothing but the name when that is misspelt', () => {
    expect(told(GOOD, { sets: ['clients.plyers.users=5', 'clients.plyers.think=1s'] })).toEqual([
      '1:9 `clients` has no `plyers` | did you mean `players`?',
    ]);
  });

  it('takes the quotes that it asks for', () => {
    const { stages } = good(GOOD, { sets: ['thresholds.availability=">= 99%"'] });
    expect(stages[0].thresholds[0]).toMatchObject({ metric: 'availability', operator: '>=', limit: 0.99 });
  });

  it('builds a client piece by piece whose name is like that of another', () => {
    const sets = ['users=5', 'think=1s', 'does=look', 'entry=lb'].map((each) => `clients.player.${each}`);
    expect(good(GOOD, { sets }).stages[0].clients.map(({ name }) => name)).toEqual(['player', 'players']);
  });

  it('names --duration when that is wrong', () => {
    const { problems } = parse(GOOD, { duration: '30' });
    expect(problems.map(({ file, message }) => `${file} ${message}`)).toEqual([
      '--duration a duration needs a unit, got "30"',
    ]);
  });
});

describe('problems', () => {
  it('show the line with a caret', () => {
    const { problems } = parse(changed('instances: 2', 'instnces: 2'));
    expect(formatProblem(problems[0])).toBe(
      [
        'a/small.yaml:13:5: error: unknown key `instnces`',
        '  13 |     instnces: 2',
        '     |     ^',
        '  did you mean `instances`?',
      ].join('\n'),
    );
  });

  it('neither move the cursor nor reorder the text of a terminal', () => {
    const { problems } = parse(`${GOOD}"\\e[31mred\\u202e": 1\n`);
    const text = formatProblems(problems);
    expect(text).not.toMatch(/[\u001b\u202e]/);
    expect(text).toContain('\\u001b[31mred\\u202e');
    expect(formatProblem(parse(`${GOOD}"x\u202ey": 1\n`).problems[0])).not.toContain('\u202e');
  });

  it('cut a long line around the column', () => {
    const long = `${GOOD}other: { ${Array.from({ length: 500 }, (_, i) => `k${i}: ${i}`).join(', ')} }\n`.replace(
      'other:',
      'links:',
    );
    const lines = formatProblem(parse(long).problems[0]).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
    expect(lines[1][lines[2].indexOf('^')]).toBe('k');
  });

  it('are counted beyond twenty', () => {
    const text = formatProblems(
      parse(`${GOOD}${Array.from({ length: 50 }, (_, i) => `key${i}: 1`).join('\n')}`).problems,
    );
    expect(text.match(/error:/g)).toHaveLength(20);
    expect(text).toContain('… and 30 more errors');
  });

  it('come with a byte order mark and with Windows line ends as without', () => {
    const bad = changed('cpu: 1ms', 'cpu: 1');
    expect(told(`\ufeff${bad}`)).toEqual(told(bad));
    expect(told(bad.replaceAll('\n', '\r\n'))).toEqual(told(bad));
  });

  it('are found whatever the text: nothing throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.nat(GOOD.length), (noise, at) => {
        expect(Array.isArray(parse(noise).problems)).toBe(true);
        expect(Array.isArray(parse(GOOD.slice(0, at) + noise + GOOD.slice(at)).problems)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the JSON Schema', () => {
  const schema = JSON.parse(JSON.stringify(scenarioJsonSchema(TYPES)));

  it('has a map for every type, with the settings all types have', () => {
    const options = schema.properties.components.additionalProperties.anyOf as {
      properties: Record<string, { const?: string }>;
    }[];
    expect(options.map((option) => option.properties.type.const)).toEqual(['server', 'balancer', 'database', 'cache']);
    expect(options.map((option) => 'instances' in option.properties)).toEqual([true, true, false, false]);
    for (const option of options)
      expect(Object.keys(option.properties)).toEqual(expect.arrayContaining(['machine', 'on', 'price']));
  });

  it('asks for what a file needs, and lets a stage patch all of it', () => {
    expect(schema.required.sort()).toEqual(['clients', 'components', 'name']);
    expect(schema.additionalProperties).toBe(false);
    const stage = schema.properties.stages.items;
    expect(stage.required).toEqual(['name']);
    expect(Object.keys(stage.properties)).toEqual(
      expect.arrayContaining(['clients', 'components', 'faults', 'thresholds', 'run']),
    );
    const [client] = stage.properties.clients.anyOf[0].additionalProperties.anyOf;
    expect(Object.keys(client.properties)).toContain('entry');
    expect(client.required).toBeUndefined();
  });

  it('refers only to definitions that it has', () => {
    const used = [...JSON.stringify(schema).matchAll(/"#\/\$defs\/([^"]+)"/g)].map(([, name]) => name);
    expect(used.length).toBeGreaterThan(20);
    for (const name of used) expect(Object.keys(schema.$defs)).toContain(name);
  });
});
