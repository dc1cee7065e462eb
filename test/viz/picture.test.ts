/** Layout, links, outlines and health: nothing overlaps, everything is inside its room, the same input gives the same. */
import { describe, expect, it } from 'vitest';
import { clipped } from '../../viz/replay/letters.ts';
import { beginning } from '../../viz/replay/picture/beginning.ts';
import { healthOf, healthOfLoad, stateAt } from '../../viz/replay/picture/health.ts';
import { laneBetween, loopOf, pointOn } from '../../viz/replay/picture/lane.ts';
import { type Layout, layOut } from '../../viz/replay/picture/layout.ts';
import { cardOf, gridOf, ratioOf, sceneOf } from '../../viz/replay/picture/scene.ts';
import { outlineOf } from '../../viz/replay/picture/shapes.ts';
import { countUntil } from '../../viz/replay/picture/flow.ts';
import { stageFixture } from './fixture.ts';

const card = (id: string, region: string | null = null) => ({ id, width: 148, height: 90, region });
const chain = [card('users'), card('lb'), card('web'), card('cache'), card('db')];
const links = [
  { from: 'users', to: 'lb' },
  { from: 'lb', to: 'web' },
  { from: 'web', to: 'cache' },
  { from: 'web', to: 'db' },
  { from: 'db', to: 'db' },
  { from: 'web', to: 'nowhere' },
];

function overlaps({ places }: Layout): string[] {
  const all = [...places.values()];
  return all.flatMap((a, index) =>
    all.slice(index + 1).flatMap((b) => {
      const apart =
        Math.abs(a.x - b.x) >= (a.width + b.width) / 2 - 0.5 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2 - 0.5;
      return apart ? [] : [`${a.id} and ${b.id}`];
    }),
  );
}

describe('the layout', () => {
  it.each([
    [900, 390],
    [600, 390],
    [362, 480],
    [1400, 560],
    [300, 200],
  ])('keeps cards inside %d × %d, and apart', (width, height) => {
    const layout = layOut(chain, links, width, height);
    expect(overlaps(layout)).toEqual([]);
    for (const place of layout.places.values()) {
      expect(place.x - place.width / 2).toBeGreaterThanOrEqual(0);
      expect(place.x + place.width / 2).toBeLessThanOrEqual(layout.width);
      expect(place.y - place.height / 2).toBeGreaterThanOrEqual(0);
      expect(place.y + place.height / 2).toBeLessThanOrEqual(layout.height);
    }
    expect(layOut(chain, links, width, height)).toEqual(layout);
  });

  it('says what room it needs, and keeps cards inside however many there are', () => {
    const many = Array.from({ length: 40 }, (_, index) => card(`backend ${index}`));
    const fan = many.map(({ id }) => ({ from: 'gateway', to: id }));
    const crowded = layOut([card('gateway'), ...many], fan, 900, 390);
    expect(crowded.needed.height).toBeGreaterThan(40 * 90);
    const { needed, places, height, scale } = layOut(
      [card('gateway'), ...many],
      fan,
      900,
      Math.ceil(0.72 * crowded.needed.height),
    );
    expect(needed).toEqual(crowded.needed);
    expect(scale).toBeGreaterThanOrEqual(0.72);
    for (const it of [...crowded.places.values(), ...places.values()])
      expect(it.y - it.height / 2).toBeGreaterThanOrEqual(0);
    for (const it of crowded.places.values()) expect(it.y + it.height / 2).toBeLessThanOrEqual(crowded.height);
    for (const it of places.values()) expect(it.y + it.height / 2).toBeLessThanOrEqual(height);
  });

  it('runs to the right where it is wide, downwards where it is narrow', () => {
    const x = (id: string) => layOut(chain, links, 900, 390).places.get(id)?.x as number;
    const y = (id: string) => layOut(chain, links, 360, 560).places.get(id)?.y as number;
    for (const at of [x, y]) {
      expect([at('users') < at('lb'), at('lb') < at('web'), at('web') < at('db')]).toEqual([true, true, true]);
    }
  });

  it('draws a box around each region, and no card of another inside', () => {
    const nodes = [card('users'), card('a', 'eu'), card('b', 'us'), card('c', 'eu'), card('d', 'us')];
    const paths = [
      { from: 'users', to: 'a' },
      { from: 'users', to: 'b' },
      { from: 'a', to: 'c' },
      { from: 'b', to: 'd' },
    ];
    const layout = layOut(nodes, paths, 1000, 500);
    expect(layout.regions.map(({ name }) => name)).toEqual(['eu', 'us']);
    for (const region of layout.regions) {
      for (const node of nodes) {
        const place = layout.places.get(node.id) as { x: number; y: number };
        const isInside =
          place.x > region.x &&
          place.x < region.x + region.width &&
          place.y > region.y &&
          place.y < region.y + region.height;
        expect([node.id, isInside]).toEqual([node.id, node.region === region.name]);
      }
    }
  });

  it('knows a circle, one card, and none', () => {
    const circle = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ];
    expect(overlaps(layOut([card('a'), card('b')], circle, 800, 300))).toEqual([]);
    expect(layOut([card('a')], [], 800, 300).places.get('a')).toMatchObject({ width: 148 });
    expect(layOut([], [], 800, 300).places.size).toBe(0);
  });

  it('takes names that mean something to JavaScript', () => {
    const odd = ['__proto__', 'constructor', 'toString'].map((id) => card(id));
    expect(overlaps(layOut(odd, [{ from: '__proto__', to: 'constructor' }], 900, 400))).toEqual([]);
  });
});

describe('a picture larger than its frame', () => {
  it.each([
    ['at its edge, where the clients are seen from there', 30, 160, 0],
    ['at its edge, where the first of them stands there and the last is far off', 40, 900, 0],
    ['with the first of them, where they do not fit', 300, 900, 252],
    ['with all of them in the middle, where those fit', 500, 700, 420],
  ])('begins %s', (_, least, most, at) => {
    expect(beginning({ least, most }, 360)).toBe(at);
  });
});

describe('a lane', () => {
  const from = { id: 'a', x: 100, y: 100, width: 50, height: 50 };
  const to = { id: 'b', x: 400, y: 220, width: 50, height: 50 };
  const lane = laneBetween(from, to, 'right');
  const at = (progress: number, aside = 0) => ({ ...pointOn(lane, progress, aside, { x: 0, y: 0 }) });

  it('leads from side to side, evenly', () => {
    expect([at(0), at(1)]).toEqual([
      { x: 125, y: 100 },
      { x: 375, y: 220 },
    ]);
    const steps = Array.from({ length: 20 }, (_, index) => {
      const [a, b] = [at(index / 20), at((index + 1) / 20)];
      return Math.hypot(b.x - a.x, b.y - a.y);
    });
    expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.1);
  });

  it('has two sides', () => {
    expect(at(0.5, 4).y - at(0.5, -4).y).toBeGreaterThan(3);
  });

  it('leads straight up and down between cards of one column, and across between cards of one row', () => {
    const above = laneBetween({ ...from, y: 300 }, { ...to, x: 110 }, 'right');
    expect(pointOn(above, 0, 0, { x: 0, y: 0 })).toEqual({ x: 100, y: 275 });
    expect(pointOn(above, 1, 0, { x: 0, y: 0 })).toEqual({ x: 110, y: 245 });
    const beside = laneBetween(from, { ...to, y: 110 }, 'down');
    expect(pointOn(beside, 1, 0, { x: 0, y: 0 })).toEqual({ x: 375, y: 110 });
  });

  it('loops beneath a card', () => {
    const loop = loopOf(from);
    expect(pointOn(loop, 0.5, 0, { x: 0, y: 0 }).y).toBeGreaterThan(130);
  });
});

describe('an outline', () => {
  it('is closed and of its size, for every word', () => {
    for (const picture of ['box', 'drum', 'diamond', 'chip', 'pipe', 'cloud', 'log', 'person']) {
      expect(outlineOf(picture)(148, 90)).toMatch(/^M[\d.,]+.*Z/);
    }
  });

  it('is a box for a word it does not know', () => {
    for (const picture of ['', 'spaceship', 'constructor', '__proto__']) {
      expect(outlineOf(picture)(10, 10)).toBe(outlineOf('box')(10, 10));
    }
  });
});

describe('health', () => {
  const [quiet, broken] = [stageFixture(false, 'a'), stageFixture(true, 'b')];
  const web = (stage: typeof quiet) => stage.components[1];

  it('is a word for load', () => {
    expect([0.2, 0.7, 0.92].map(healthOfLoad)).toEqual(['ok', 'busy', 'bad']);
  });

  it('says what is wrong, worst first', () => {
    expect(healthOf(quiet.components[0], 20)).toEqual({ health: 'ok', why: '' });
    expect(healthOf(web(broken), 35)).toMatchObject({ health: 'bad', why: expect.stringContaining('requests fail') });
    const dead = { ...web(broken), up: new Uint32Array(70) };
    expect(healthOf(dead, 35)).toEqual({ health: 'down', why: 'no instance is up' });
    expect(healthOf(broken.components[3], 60)).toEqual({ health: 'busy', why: '1 instance down' });
  });

  it('follows the states of an instance', () => {
    const { states } = broken.components[3].instances[0];
    expect([stateAt(states, 0).role, stateAt(states, 29).state, stateAt(states, 30).state]).toEqual([
      'primary',
      'up',
      'killed',
    ]);
  });
});

describe('the scene', () => {
  const scene = sceneOf(stageFixture(true, 'x'));

  it('has a card for each population and component, and links of both kinds', () => {
    expect(scene.nodes.map(({ name }) => name)).toEqual(['users', 'lb', 'web', 'cache', 'db']);
    expect(scene.links.map(({ from, to, kind }) => `${from} ${to} ${kind}`)).toContain('db db messages');
    expect(scene.links.filter(({ kind }) => kind === 'requests')).toHaveLength(4);
  });

  it('counts as lost what the window counts, and nothing of the warm-up', () => {
    expect(countUntil(scene.lost.failed, 1e9)).toBe(12 * 90);
    const stage = stageFixture(true, 'x');
    stage.populations[0].early.failed = 100;
    stage.populations[0].failed[3] = 50;
    expect(countUntil(sceneOf(stage).lost.failed, 1e9)).toBe(12 * 90 - 100);
  });

  it('knows the share of failures on the way back', () => {
    const toDb = scene.links.find(({ to, kind }) => to === 'db' && kind === 'requests');
    expect(toDb?.failed[5]).toBe(0);
    expect(toDb?.failed[35]).toBeGreaterThan(0.2);
  });

  it('gives components the names, where a population has the same', () => {
    const stage = stageFixture(false, 'x');
    stage.populations[0].name = 'db';
    const { nodes } = sceneOf(stage);
    expect(cardOf(nodes, 'db')?.component?.name).toBe('db');
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
  });

  it('has a ratio at which dots stay apart', () => {
    const lanes = scene.links.map((link) => ({ link, lane: { length: 100 } }));
    const slow = ratioOf(lanes, 'requests', 0.1);
    const fast = ratioOf(lanes, 'requests', 10);
    expect(fast / slow).toBeGreaterThan(30);
    expect(ratioOf([], 'requests', 1)).toBe(1);
  });

  it('makes cells smaller the more there are, within the card', () => {
    for (const count of [1, 4, 5, 10, 24, 64]) {
      const { perRow, size, gap } = gridOf(count);
      expect(perRow * (size + gap) - gap).toBeLessThanOrEqual(128);
    }
  });
});

describe('a tier of more instances than have squares', () => {
  it('has room behind the last square for how many more there are, or a row of its own', () => {
    expect(gridOf(64)).toMatchObject({ perRow: 11, rows: 6, more: null });
    expect(gridOf(64, true)).toMatchObject({ rows: 7, more: 66 });
    expect(gridOf(61, true)).toMatchObject({ rows: 6, more: 61 });
    expect(gridOf(66, true)).toMatchObject({ rows: 7, more: 66 });
  });
});

describe('a name in its room', () => {
  const capitalsAreWide = (text: string) => [...text].reduce((sum, it) => sum + (/[A-Z]/.test(it) ? 2 : 1), 0);
  const letters = (text: string) => [...text].length;

  it('is clipped by breadth, not by count', () => {
    expect(clipped('gateway', 10, capitalsAreWide)).toBe('gateway');
    expect(clipped('GATEWAY', 10, capitalsAreWide)).toBe('GATE…');
    expect(clipped('MY GATE', 8, capitalsAreWide)).toBe('MY G…');
    expect(clipped('MY GATE', 6, capitalsAreWide)).toBe('MY…');
  });

  it('is clipped between letters, not between halves of them', () => {
    expect(clipped('🙂'.repeat(5), 3, letters)).toBe('🙂🙂…');
  });

  it('may be of any length, and the room of none', () => {
    expect(clipped('x'.repeat(1e6), 20, letters)).toBe(`${'x'.repeat(19)}…`);
    expect(clipped('name', 0, letters)).toBe('…');
    expect(clipped('', 0, letters)).toBe('');
  });
});
