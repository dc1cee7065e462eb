/** Stages: merge patches (RFC 7396), what they carry on, and how they are told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergePatch } from '../../sim/scenario/patch.ts';
import { makeSource } from '../../sim/scenario/source/text.ts';
import { plain, type TreeNode } from '../../sim/scenario/source/tree.ts';
import { changed, good, GOOD, told } from './kit.ts';

const at = { source: makeSource('test', ''), offset: 0 };

function tree(value: unknown): TreeNode {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(tree), at };
  if (typeof value !== 'object' || value === null) return { kind: 'scalar', value: value as null, at };
  return {
    kind: 'map',
    at,
    entries: new Map(Object.entries(value).map(([key, each]) => [key, { keyAt: at, value: tree(each) }])),
  };
}
const merged = (target: unknown, patch: unknown): unknown => plain(mergePatch(tree(target), tree(patch)));

describe('merge patch', () => {
  // The examples of RFC 7396, appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, expected) => {
    expect(merged(target, patch)).toEqual(expected);
  });

  it('says the same as the algorithm in the RFC, written down anew', () => {
    const reference = (target: unknown, patch: unknown): unknown => {
      if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
      const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
      const out = base as Record<string, unknown>;
      for (const [key, each] of Object.entries(patch)) {
        if (each === null) delete out[key];
        else out[key] = reference(out[key], each);
      }
      return out;
    };
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: 'small' },
        fc.constant(null),
        fc.nat(3),
        fc.array(fc.nat(2), { maxLength: 2 }),
        tie('map'),
      ),
      map: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('json'), { maxKeys: 3 }),
    }));
    fc.assert(
      fc.property(json, json, (target, patch) => void expect(merged(target, patch)).toEqual(reference(target, patch))),
    );
  });
});

const staged = (stages: string, text = GOOD): string => `${text}stages:\n${stages}`;

describe('stages', () => {
  it('are cumulative, and the first one patches the root', () => {
    const { stages } = good(
      staged(`  - { name: a, clients: { players: { users: 200 } } }
  - { name: b, components: { app: { instances: 4 } } }
  - { name: c, clients: { players: { users: 1k } } }
`),
    );
    expect(stages.map((stage) => stage.clients[0].users)).toEqual([200, 200, 1000]);
    expect(stages.map((stage) => stage.components[0].instances)).toEqual([2, 4, 4]);
    expect(stages.map((stage) => stage.name)).toEqual(['a', 'b', 'c']);
  });

  it('tell what they change', () => {
    const { stages } = good(
      staged(`  - { name: a, teaches: first }
  - { name: b, clients: { players: { users: 1k } }, components: { app: { machine: { cores: 4 }, operations: { look: [ { cpu: 2ms } ] } } } }
  - name: c
    components:
      lb: null
      app2: { type: server, operations: { move: [ { cpu: 1ms } ], look: [ { cpu: 1ms } ] } }
    clients: { players: { users: 1k, entry: app2 } }
`),
    );
    expect(stages[0].changes).toEqual([]);
    expect(stages[1].changes).toEqual([
      'clients.players.users: 100 → 1k',
      'components.app.machine: { cores: 4 }',
      'components.app.operations.look: changed to [{ cpu: 2ms }]',
    ]);
    expect(stages[2].changes).toEqual([
      'clients.players.entry: lb → app2',
      'components.app2: new (server)',
      'components.lb: removed',
    ]);
  });

  it('have the faults and thresholds of the root, and their own only once', () => {
    const text = `${GOOD}faults:
  always: { crash: app#1, at: 1s, for: 2s }
stages:
  - { name: a, faults: { once: { crash: app#2, at: 5s } }, thresholds: { availability: '>= 99%' } }
  - { name: b }
  - { name: c, faults: { kept: { slow: db, factor: 2, at: 5s, keep: true } }, thresholds: { goodput: '> 1/s', keep: true } }
  - { name: d, faults: { always: null } }
`;
    const { stages } = good(text);
    expect(stages.map((stage) => stage.faults.map((fault) => fault.name))).toEqual([
      ['always', 'once'],
      ['always'],
      ['always', 'kept'],
      ['kept'],
    ]);
    expect(stages.map((stage) => stage.thresholds.map((each) => each.metric))).toEqual([
      ['availability', 'latency'],
      ['latency'],
      ['goodput', 'latency'],
      ['goodput', 'latency'],
    ]);
  });

  it('point an error to the line that set the value, once', () => {
    const text = staged(`  - { name: a }
  - { name: b, components: { app: { instances: zwei } } }
  - { name: c }
`);
    expect(told(text)).toEqual(['25:48 "zwei" is not a count | write a count such as 5, 10k or 1M']);
    const inherited = changed('instances: 2', 'instances: zwei', staged('  - { name: a }\n  - { name: b }\n'));
    expect(told(inherited)).toEqual(['13:16 "zwei" is not a count | write a count such as 5, 10k or 1M']);
  });

  it('make one stage of a file without them', () => {
    const { stages, name } = good(GOOD);
    expect(stages).toHaveLength(1);
    expect(stages[0].name).toBe(name);
  });
});
