/** "Did you mean": the nearest of the words that would have been right. */
import { printable } from './printable.ts';

/** A sentence's tail that names the nearest word, or lists what there is; empty when there is nothing. */
export function suggestion(wrong: string, right: readonly string[]): string {
  if (right.length === 0) return '';
  const ranked = right.map((word) => ({ word, distance: distance(wrong.toLowerCase(), word.toLowerCase()) }));
  const nearest = ranked.reduce((best, one) => (one.distance < best.distance ? one : best));
  if (nearest.distance <= Math.max(2, wrong.length / 3)) return `; did you mean "${printable(nearest.word)}"?`;
  const shown = right.slice(0, 12).map((word) => `"${printable(word)}"`);
  return `; there ${right.length === 1 ? 'is' : 'are'} ${shown.join(', ')}${right.length > 12 ? ', …' : ''}`;
}

/** Levenshtein's edit distance, two rows at a time. Long words are compared by their first 100 characters. */
function distance(one: string, other: string): number {
  const a = one.slice(0, 100);
  const b = other.slice(0, 100);
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[j] + 1, current[j - 1] + 1));
    }
    previous = current;
  }
  return previous[b.length];
}
