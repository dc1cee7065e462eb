/**
 * Random small architectures with random faults break no law. `npm run fuzz` runs more of them, with any seed.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import buildWhenStale from '../../tools/fresh-dist.ts';
import { campaign, story } from './campaign.ts';
import { type Door, openDoor } from './door.ts';

const SEED = 1;
const COUNT = 600;

let door: Door;
beforeAll(async () => {
  buildWhenStale();
  door = await openDoor();
});

describe(`${COUNT} random architectures`, () => {
  it('break no law, and meet every actor, policy and fault', () => {
    const { coverage, failures } = campaign(door, { seed: SEED, first: 0, count: COUNT });
    expect(failures.map(story).join('\n')).toBe('');
    process.stdout.write(`${coverage.table()}\n`);
    expect(coverage.missing(20, 'asked')).toEqual([]);
    expect(coverage.missing(5, 'happened')).toEqual([]);
    expect(coverage.overloaded / COUNT).toBeGreaterThanOrEqual(0.3);
    expect(coverage.overlapping / COUNT).toBeGreaterThanOrEqual(0.2);
  });
});
