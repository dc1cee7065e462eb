/** Routing by topic, held to RabbitMQ's own test suite and tutorial; direct and fanout. */
import { describe, expect, it } from 'vitest';
import { matchesTopic, routed } from '../../../../sim/actors/messaging/queue/matching.ts';

/** Bindings of RabbitMQ's topic matching test suite, t1 … t26, and what each routing key matches (case MQ-topic-V). */
const BINDINGS = [
  'a.b.c',
  'a.*.c',
  'a.#.b',
  'a.b.b.c',
  '#',
  '#.#',
  '#.b',
  '*.*',
  'a.*',
  '*.b.c',
  'a.#',
  'a.#.#',
  'b.b.c',
  'a.b.b',
  'a.b',
  'b.c',
  '',
  '*.*.*',
  'vodka.martini',
  'a.b.c',
  '*.#',
  '#.*.#',
  '*.#.#',
  '#.#.#',
  '*',
  '#.b.#',
];
const MATCHES: [string, number[]][] = [
  ['a.b.c', [1, 2, 5, 6, 10, 11, 12, 18, 20, 21, 22, 23, 24, 26]],
  ['a.b', [3, 5, 6, 7, 8, 9, 11, 12, 15, 21, 22, 23, 24, 26]],
  ['', [5, 6, 17, 24]],
  ['oneword', [5, 6, 21, 22, 23, 24, 25]],
  ['vodka.martini', [5, 6, 8, 19, 21, 22, 23, 24]],
  ['a.a.a.a.a', [5, 6, 11, 12, 21, 22, 23, 24]],
  ['nothing.here.at.all', [5, 6, 21, 22, 23, 24]],
];

describe('topics', () => {
  it.each(MATCHES)('%s matches what RabbitMQ says', (key, expected) => {
    const found = BINDINGS.flatMap((binding, i) => (matchesTopic(binding, key) ? [i + 1] : []));
    expect(found).toEqual(expected);
  });

  it.each([
    ['quick.orange.rabbit', ['Q1', 'Q2']],
    ['lazy.orange.elephant', ['Q1', 'Q2']],
    ['quick.orange.fox', ['Q1']],
    ['lazy.brown.fox', ['Q2']],
    ['lazy.pink.rabbit', ['Q2']],
    ['quick.brown.fox', []],
    ['orange', []],
    ['quick.orange.male.rabbit', []],
    ['lazy.orange.male.rabbit', ['Q2']],
  ])('tutorial 5: %s goes to %j, once', (key, expected) => {
    const bindings = [
      { queue: 'Q1', keys: ['*.orange.*'] },
      { queue: 'Q2', keys: ['*.*.rabbit', 'lazy.#'] },
    ];
    expect(routed('topic', bindings, key)).toEqual(expected);
  });
});

it('a direct exchange wants equal keys, a fanout none', () => {
  const bindings = [
    { queue: 'a', keys: ['x', 'y'] },
    { queue: 'b', keys: ['y.*'] },
  ];
  expect(routed('direct', bindings, 'y')).toEqual(['a']);
  expect(routed('direct', bindings, 'y.z')).toEqual([]);
  expect(routed('fanout', bindings, 'anything')).toEqual(['a', 'b']);
});
