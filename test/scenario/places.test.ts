/**
 * Regions, zones and who stands where: what a file may say, and what is wrong with what it may not.
 */
import { describe, expect, test } from 'vitest';
import { actorTypes } from '../../sim/actors/registry.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { turnIn } from '../../sim/scenario/places.ts';

const scenario = (regions: string, rest: Record<string, string> = {}): string => `
name: Places
regions: ${regions}
clients: { c: { users: 1, does: op, entry: app${rest.client ?? ''} } }
components:
  app: { type: server, operations: { op: [ { cpu: 1ms } ] }${rest.app ?? ''} }
faults: { f: { at: 1s, ${rest.fault ?? 'crash: app'} } }
`;
const problems = (text: string): string[] =>
  parseScenario(text, 'places.yaml', actorTypes).problems.map(({ message }) => message);

const TWO = '{ eu: { zones: [a, b], latency: { us: 40ms } }, us: {} }';

describe('places', () => {
  test('of instances, in turn', () => {
    const { scenario: read } = parseScenario(scenario(TWO), 'places.yaml', actorTypes);
    const regions = read!.stages[0].regions!;
    const turns = (list: string[], n: number): string[] =>
      Array.from({ length: n }, (_, i) => turnIn(regions, list, i));
    expect(turns(['eu'], 3)).toEqual(['eu/a', 'eu/b', 'eu/a']);
    expect(turns(['eu', 'us'], 4)).toEqual(['eu/a', 'us', 'eu/b', 'us']);
    expect(turns(['eu', 'eu', 'us'], 4)).toEqual(['eu/a', 'eu/b', 'us', 'eu/a']);
    expect(turns(['eu/b'], 2)).toEqual(['eu/b', 'eu/b']);
  });

  test.each([
    ['a missing latency', '{ eu: {}, us: {} }', {}, 'no latency between `eu` and `us`'],
    ['an unknown region in the matrix', '{ eu: { latency: { usa: 1ms } } }', {}, 'unknown region `usa`'],
    ['a way to itself', '{ eu: { latency: { eu: 1ms } } }', {}, '`eu` is no other region'],
    [
      'a region and a component of one name',
      '{ app: {} }',
      {},
      '`app` is also the name of a component or a population',
    ],
    ['an unknown place', TWO, { app: ', in: eu/c' }, 'unknown region or zone `eu/c`'],
    ['an unknown place of users', TWO, { client: ', in: asia' }, 'unknown region or zone `asia`'],
    ['a private entry', TWO, { app: ', public: false' }, '`app` is private, users cannot reach it'],
    ['a fault of an unknown zone', TWO, { fault: 'crash: eu/c' }, 'unknown component `eu/c`'],
    ['a zone named twice', '{ eu: { zones: [a, a] } }', {}, 'the zone `a` is named twice'],
  ])('%s is refused', (_, regions, rest, message) => {
    expect(problems(scenario(regions, rest))).toContain(message);
  });

  test('want both ways of a link that states one', () => {
    const link = (fields: string): string[] => problems(`${scenario(TWO)}links: { c -> app: { ${fields} } }\n`);
    expect(link('response: 5ms')).toEqual(['`response` needs `delay` where there are regions']);
    expect(link('delay: 5ms, response: 7ms')).toEqual([]);
  });

  test('that are right are accepted', () => {
    const good = scenario(TWO, {
      app: ', in: [eu, us], instances: 4, public: true',
      client: ', in: us',
      fault: 'crash: eu/b',
    });
    expect(problems(good)).toEqual([]);
  });

  test('that are lost lose power', () => {
    const { scenario: read } = parseScenario(scenario(TWO, { fault: 'crash: eu' }), 'places.yaml', actorTypes);
    expect(read!.stages[0].faults[0]).toMatchObject({ kind: 'crash', target: 'eu', how: 'power' });
  });
});
