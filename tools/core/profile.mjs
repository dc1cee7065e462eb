/** How often the branches of a core go which way. */
import { bundle } from '../../bench/bundle.mjs';

/**
 * Counts, two a branch, of runs that are recorded or not.
 *
 * @param module what stands in for sim/engine/core-binary.ts: the core, counting
 * @param branches how many it has
 */
export async function profile(module, branches, record) {
  const count = await bundle('../tools/core/count-branches.mjs', [inPlaceOfTheCores(module)]);
  const counts = count(String(branches), record ? '1' : '0');
  if (counts.length !== 2 * branches) throw new Error('the branches of the core were not all counted');
  return counts;
}

const inPlaceOfTheCores = (contents) => ({
  name: 'cores',
  setup({ onLoad }) {
    onLoad({ filter: /sim[\\/]engine[\\/]core-binary\.ts$/ }, () => ({ contents, loader: 'ts' }));
  },
});
