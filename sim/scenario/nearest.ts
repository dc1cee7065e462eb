/**
 * "Did you mean": the known name nearest to one that is not known.
 */

/** Names longer than this are not compared: nobody misspells them by accident, and the work grows with the square. */
const MAX_COMPARED = 64;

/**
 * Edits (insert, delete, replace, swap of neighbours) from `a` to `b`.
 * Source: optimal string alignment, Damerau 1964; Boytsov 2011, "Indexing methods for approximate dictionary searching".
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2] + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}

/**
 * The nearest of some names, if one is near enough to have been meant, or the only one that begins like it. Ties go to
 * the first in code unit order.
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  if (name.length > MAX_COMPARED) return null;
  const wanted = name.toLowerCase();
  const begun = wanted.length < 3 ? [] : known.filter((each) => each.toLowerCase().startsWith(wanted));
  if (begun.length === 1) return begun[0];
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of [...known].sort().slice(0, 1000)) {
    if (Math.abs(candidate.length - name.length) >= bestDistance || candidate.length > MAX_COMPARED) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A hint: "did you mean `replicas`?", else what is allowed (a short list), else nothing. */
export function nearest(name: string, known: readonly string[]): string {
  const meant = nearestName(name, known);
  if (meant !== null) return `did you mean \`${meant}\`?`;
  if (known.length === 0) return '';
  const list = [...known].sort();
  return `allowed: ${list.slice(0, 20).join(', ')}${list.length > 20 ? ', …' : ''}`;
}
