/** The heap of what was lost lies in room of its own: inside the picture, on no card, whichever way links run. */
import { describe, expect, it } from 'vitest';
import { plotOf } from '../../viz/replay/picture/graveyard.ts';
import { layOut, type Layout } from '../../viz/replay/picture/layout.ts';
import type { Place } from '../../viz/replay/picture/place.ts';
import { cardOf, type Scene, sceneOf } from '../../viz/replay/picture/scene.ts';
import { stageFixture } from './fixture.ts';

/** A stage in which users and a second population, of another name, call the same balancer. */
function sceneWith(second: string, broken = true): Scene {
  const stage = stageFixture(broken, 'x');
  const toLb = stage.links.filter(({ from }) => from === 'users');
  stage.populations.push({ ...stage.populations[0], name: second });
  stage.links.push(...toLb.map((link) => ({ ...link, from: second })));
  return sceneOf(stage);
}

function laidOut({ nodes, links }: Scene, direction: Layout['direction']): Layout {
  const idOf = (name: string) => cardOf(nodes, name)?.id as string;
  const ends = links.map(({ from, to }) => ({ from: idOf(from), to: idOf(to) }));
  return direction === 'right' ? layOut(nodes, ends, 900, 500, direction) : layOut(nodes, ends, 360, 800, direction);
}

/** The heap in a drawing whose clients come in the order of the tab key, from the top, or the other way round. */
function heapOf({ nodes }: Scene, layout: Layout, isReversed = false) {
  const places = nodes.map((node) => ({ node, place: layout.places.get(node.id) as Place, door: null as never }));
  return plotOf({ layout, lanes: [], places: isReversed ? places.reverse() : places });
}

describe('the heap of what was lost', () => {
  it.each(['right', 'down'] as const)('lies inside the picture and on no card, where links run %s', (direction) => {
    const scene = sceneWith('visitors');
    const layout = laidOut(scene, direction);
    const heap = heapOf(scene, layout) as NonNullable<ReturnType<typeof heapOf>>;
    const [top, right] = [heap.bottom - 52, heap.x + heap.width];
    expect([heap.x >= 0, top >= 0, right <= layout.width, heap.bottom <= layout.height]).toEqual(Array(4).fill(true));
    const touched = [...layout.places.values()].filter(
      ({ x, y, width, height }) =>
        x - width / 2 < right && x + width / 2 > heap.x && y - height / 2 < heap.bottom && y + height / 2 > top,
    );
    expect(touched).toEqual([]);
  });

  it('is beside the card that keeps room for it, wherever the other clients stand', () => {
    const scene = sceneWith('visitors');
    const layout = laidOut(scene, 'right');
    expect(heapOf(scene, layout, true)).toEqual(heapOf(scene, layout));
  });

  it('takes no room in a stage that loses nothing', () => {
    const [lossy, quiet] = [sceneWith('visitors'), sceneWith('visitors', false)];
    expect(heapOf(quiet, laidOut(quiet, 'down'))).toBeNull();
    expect(laidOut(quiet, 'down').needed.height).toBeLessThan(laidOut(lossy, 'down').needed.height);
  });

  it('leaves the cards of a row level', () => {
    const { places } = laidOut(sceneWith('visitors'), 'down');
    expect(places.get('clients users')?.y).toBe(places.get('clients visitors')?.y);
  });
});
