/** The library as others see it: dist/index.js, with the types of its source. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as door from '../../sim/index.ts';

export type Door = typeof door;

const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** Needs dist/, which tools/setup.mjs builds. */
export async function openDoor(file = built): Promise<Door> {
  return (await import(pathToFileURL(file).href)) as Door;
}
