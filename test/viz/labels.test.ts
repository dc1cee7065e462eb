/** The rates of links stand where they can be read: on no card, on no other rate, inside the picture. */
import { describe, expect, it } from 'vitest';
import { type Ground, placesOfLabels, shared } from '../../viz/replay/picture/labels.ts';
import { laneBetween } from '../../viz/replay/picture/lane.ts';

const card = (id: string, x: number, y: number) => ({ id, x, y, width: 100, height: 60 });
const size = { width: 48, height: 14 };
const [a, b] = [card('a', 60, 200), card('b', 460, 200)];
const lane = laneBetween(a, b, 'right');
const ground = (over: Partial<Ground> = {}): Ground => {
  return { width: 520, height: 400, solid: [a, b], light: [], lanes: [lane], ...over };
};
const place = (over: Partial<Ground> = {}) => placesOfLabels([{ lane, gap: 11 }], size, ground(over))[0];

describe('the rate of a link', () => {
  it('stands beneath its middle, where nothing else does', () => {
    const { x, y } = place();
    expect([Math.round(x), Math.round(y)]).toEqual([260, 218]);
  });

  it('moves along its link, or to its other side, out of the way of a card and of people', () => {
    for (const over of [{ solid: [card('in the way', 260, 250)] }, { light: [card('people', 260, 250)] }]) {
      const it = place(over);
      expect(shared(it, card('in the way', 260, 250))).toBe(0);
      expect(Math.abs(it.y - 200)).toBeCloseTo(18, 3);
    }
  });

  it('keeps off the rates of other links, and off the links', () => {
    const [c, d] = [card('c', 60, 100), card('d', 460, 300)];
    const crossing = [lane, laneBetween(c, d, 'right')];
    const links = crossing.map((it) => ({ lane: it, gap: 11 }));
    const [one, other] = placesOfLabels(links, size, ground({ lanes: crossing, solid: [a, b, c, d] }));
    expect(shared(one, other)).toBe(0);
  });

  it('stays inside the picture', () => {
    expect(place({ height: 212 }).y).toBeLessThan(200);
  });
});
