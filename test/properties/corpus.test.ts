/** The least scenarios of violations that were found and mended: they stay so. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import buildWhenStale from '../../tools/fresh-dist.ts';
import { type Door, openDoor } from './door.ts';
import type { Architecture } from './generator/architecture.ts';
import { trial } from './trial.ts';

const folder = fileURLToPath(new URL('corpus/', import.meta.url));

let door: Door;
beforeAll(async () => {
  buildWhenStale();
  door = await openDoor();
});

describe('found once, mended', () => {
  it.each(readdirSync(folder))('%s', (file) => {
    expect(trial(door, load(readFileSync(folder + file, 'utf8')) as Architecture, null)).toEqual([]);
  });
});
