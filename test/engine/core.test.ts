/** The core that is in the repository is the one that its source compiles to. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { coreModule, coreModulePath } from '../../tools/build-core.mjs';

it('is compiled from its source: `npm run core` after a change', { timeout: 120_000 }, async () => {
  expect(readFileSync(coreModulePath, 'utf8') === (await coreModule())).toBe(true);
});
