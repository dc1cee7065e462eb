/** Assignors: every partition to one member, shares as even as can be, and sticky ones move as little as they must. */
import { describe, expect, test } from 'vitest';
import { type Assignor, assign } from '../../../../sim/actors/messaging/kafka/assignors.ts';

const ALL: Assignor[] = ['range', 'round-robin', 'sticky', 'cooperative-sticky'];
const member = (owned: number[] = []) => ({ topics: [0], owned });

describe.each(ALL)('%s', (kind) => {
  test.each([1, 2, 3, 4, 7])('%i members share 6 partitions evenly', (n) => {
    const lists = assign(
      kind,
      [{ first: 0, count: 6 }],
      Array.from({ length: n }, () => member()),
    );
    expect(lists.flat().sort()).toEqual([0, 1, 2, 3, 4, 5]);
    const sizes = lists.map((list) => list.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  test('nobody gets what he does not want', () => {
    const topics = [
      { first: 0, count: 2 },
      { first: 2, count: 3 },
    ];
    const lists = assign(kind, topics, [
      { topics: [0], owned: [] },
      { topics: [1], owned: [] },
    ]);
    expect(lists).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
  });
});

describe('sticky', () => {
  test('a member that leaves moves only its own partitions', () => {
    const [a, b] = assign('sticky', [{ first: 0, count: 6 }], [member([0, 3]), member([1, 4])]);
    expect(a).toEqual(expect.arrayContaining([0, 3]));
    expect(b).toEqual(expect.arrayContaining([1, 4]));
  });

  test('a member that comes gets its share and no more', () => {
    const lists = assign('sticky', [{ first: 0, count: 6 }], [member([0, 1, 2]), member([3, 4, 5]), member()]);
    expect(lists.map((list) => list.length)).toEqual([2, 2, 2]);
    expect(lists[0].every((p) => p < 3) && lists[1].every((p) => p >= 3)).toBe(true);
  });

  test('what two claim is nobody’s', () => {
    const lists = assign('sticky', [{ first: 0, count: 2 }], [member([0, 1]), member([0, 1])]);
    expect(lists.flat().sort()).toEqual([0, 1]);
  });
});
