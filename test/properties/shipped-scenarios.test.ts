/**
 * Conservation and Little's law hold exactly in every stage of every shipped scenario. The laws that need the inside
 * are checked by every run at its end, which then throws; those of the JSON here. Long stages run for a shorter window.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import buildWhenStale from '../../tools/fresh-dist.ts';
import { commandOf, parse, runStage, shipped, shorten } from '../scenarios/shipped.ts';
import { type Door, openDoor } from './door.ts';
import { brokenLaws } from './laws.ts';

const MOST = { events: 60_000, withFaults: 150_000 };

let door: Door;
beforeAll(async () => {
  buildWhenStale();
  door = await openDoor();
});

describe('every law holds in every stage', () => {
  it.each(shipped.map((item) => [item.name, item] as const))('of %s', (_name, item) => {
    const scenario = parse(door, item);
    for (const { name } of scenario.stages) {
      const changes = shorten(door, scenario, name, MOST);
      const result = runStage(door, parse(door, item, changes), name);
      expect(result.stages[0].requests.offered, `requests of ${name}`).toBeGreaterThan(0);
      expect(brokenLaws(result), commandOf(item, name, changes)).toEqual([]);
    }
  });
});
