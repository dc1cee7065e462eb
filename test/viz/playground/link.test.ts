/** Links: what goes in comes out; what a stranger made up does not. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fragmentOf, LinkError, type Shared, sharedIn } from '../../../viz/playground/share/link.ts';

const shared: Shared = {
  name: 'progression',
  text: null,
  stage: 3,
  changes: [
    { path: ['clients', 'users', 'users'], value: '10k' },
    { path: ['components', 'web', 'operations', 'view', 1, 'timeout'], value: null },
  ],
  kills: [{ target: 'web#2', atSeconds: 12.5, forSeconds: null }],
};

/** A fragment of any content. */
const fragment = (content: unknown) =>
  `#s=${deflateRawSync(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64url')}`;

it('comes back as it was', async () => {
  const text = await fragmentOf(shared);
  expect(text).toMatch(/^#s=[\w-]{50,300}$/);
  expect(await sharedIn(text)).toEqual(shared);
});

it('carries a text with every character', async () => {
  const text = 'name: "äöü \u{1f600} \\u0000"\n'.repeat(50);
  expect((await sharedIn(await fragmentOf({ ...shared, text })))?.text).toBe(text);
});

it.each(['', '#', '#stage=3', '#t=1'])('is none: "%s"', async (text) => {
  expect(await sharedIn(text)).toBeNull();
});

it('refuses to be longer than mail and chats carry', async () => {
  const noise = Array.from({ length: 60_000 }, (_, index) =>
    String.fromCharCode(33 + (((index * 7919) ^ (index >> 3)) % 90)),
  ).join('');
  await expect(fragmentOf({ ...shared, text: noise })).rejects.toThrow('too large for a link');
});

describe('a link of a stranger', () => {
  const good = [1, 'x', null, 0, [], []];
  const cases: [string, unknown][] = [
    ['text that is no JSON', 'hello'],
    ['no list', { v: 1 }],
    ['no version', ['x']],
    ['a newer version', [2, ...good.slice(1)]],
    ['a name that is no text', [1, 5, null, 0, [], []]],
    ['a very long name', [1, 'x'.repeat(201), null, 0, [], []]],
    ['a text that is no text', [1, 'x', {}, 0, [], []]],
    ['a text above 1 MiB', [1, 'x', 'y'.repeat((1 << 20) + 1), 0, [], []]],
    ['a stage that is no number', [1, 'x', null, '0', [], []]],
    ['a negative stage', [1, 'x', null, -1, [], []]],
    ['half a stage', [1, 'x', null, 0.5, [], []]],
    ['changes that are no list', [1, 'x', null, 0, {}, []]],
    ['too many changes', [1, 'x', null, 0, Array.from({ length: 201 }, () => [['a'], 1]), []]],
    ['a path to the prototype', [1, 'x', null, 0, [[['components', '__proto__'], 1]], []]],
    ['a path to the constructor', [1, 'x', null, 0, [[['constructor', 'prototype', 'x'], 1]], []]],
    ['a path into the stages', [1, 'x', null, 0, [[['stages', 0], 1]], []]],
    ['an empty path', [1, 'x', null, 0, [[[], 1]], []]],
    ['a value that is a map', [1, 'x', null, 0, [[['a'], { b: 1 }]], []]],
    ['a kill without a time', [1, 'x', null, 0, [], [['web', null, null]]]],
    ['a kill before the beginning', [1, 'x', null, 0, [], [['web', -1, null]]]],
    ['nothing more', [1]],
  ];
  it.each(cases)('is refused: %s', async (_, content) => {
    await expect(sharedIn(fragment(content))).rejects.toThrow(LinkError);
  });

  it('is not unpacked beyond its limit', async () => {
    const bomb = `#s=${deflateRawSync(Buffer.alloc(16 << 20, 'a'), { level: 9 }).toString('base64url')}`;
    expect(bomb.length).toBeLessThan(30_000);
    await expect(sharedIn(bomb)).rejects.toThrow('damaged');
  });

  it.each(['#s=', '#s=%3Cscript%3E', '#s=!!', `#s=${'A'.repeat(30_000)}`, '#s=AAAA', '#s=A'])(
    'is refused: %s',
    async (text) => {
      await expect(sharedIn(text)).rejects.toThrow(LinkError);
    },
  );
});
