/** Cards that are moved together keep apart, keep their order, and come to stand beside those they are linked to. */
import { describe, expect, it } from 'vitest';
import { packed } from '../../viz/replay/picture/pack.ts';

const card = (id: string, x: number, y: number, above = 0, beneath = 0) => {
  return { id, x, y, width: 100, height: 60, spare: { above, beneath } };
};
const apart = { cards: 20, regions: 50 };
const yOf = (places: readonly { id: string; y: number }[]) => Object.fromEntries(places.map(({ id, y }) => [id, y]));

describe('packing', () => {
  it('takes out height that nobody needs, and keeps the order within a column', () => {
    const places = [card('a', 0, 0), card('b', 0, 500), card('c', 0, 900)];
    expect(yOf(packed(places, [null, null, null], [], apart))).toEqual({ a: 0, b: 80, c: 160 });
  });

  it('keeps free what stands above and beneath a card', () => {
    const above = [card('a', 0, 0), card('b', 0, 500, 30)];
    expect(yOf(packed(above, [null, null], [], apart))).toEqual({ a: 0, b: 110 });
    const beneath = [card('a', 0, 0, 0, 40), card('b', 0, 500)];
    expect(yOf(packed(beneath, [null, null], [], apart))).toEqual({ a: 0, b: 120 });
  });

  it('puts a card beside the middle of those it is linked to', () => {
    const places = [card('web', 0, 700), card('cache', 300, 0), card('db', 300, 900)];
    const links = [
      { from: 'web', to: 'cache' },
      { from: 'web', to: 'db' },
      { from: 'web', to: 'web' },
      { from: 'web', to: 'nowhere' },
    ];
    const { web, cache, db } = yOf(packed(places, [null, null, null], links, apart));
    expect(db - cache).toBeGreaterThanOrEqual(80);
    expect(web).toBeCloseTo((cache + db) / 2, 0);
  });

  it('leaves a card of no region, or of another, outside of the box of a region', () => {
    // The box of eu is as broad as its two cards, and the other card stands between them in breadth.
    const places = [card('a', 0, 0), card('b', 400, 20), card('other', 200, 300)];
    const links = [
      { from: 'a', to: 'other' },
      { from: 'other', to: 'b' },
    ];
    const { a, b, other } = yOf(packed(places, ['eu', 'eu', null], links, apart));
    expect(other - Math.max(a, b)).toBeGreaterThanOrEqual(110);
  });

  it('knows no card, and one', () => {
    expect(packed([], [], [], apart)).toEqual([]);
    expect(yOf(packed([card('a', 5, 70)], [null], [], apart))).toEqual({ a: 0 });
  });
});
