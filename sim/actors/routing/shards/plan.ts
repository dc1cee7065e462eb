/** How keys belong to shards, shards to instances, and what is to be moved when some are busier than others. */

/** Shards are pieces in a row: from `starts[i]` up to the next start, or the last piece. Sorted; the first start is 0. */
export interface Shards {
  starts: number[];
  /** Slot of the instance that holds each. */
  owners: number[];
}

export interface Plan {
  shards: Shards;
  moves: number;
  splits: number;
}

/** A move must make the busier of both at least so much less busy. */
const WORTHWHILE = 0.02;

/** So many shards of equally many pieces, in turn. */
export function dealt(pieces: number, shards: number, slots: number): Shards {
  const starts = Array.from({ length: shards }, (_, i) => Math.floor((i * pieces) / shards));
  return { starts, owners: starts.map((_, i) => i % slots) };
}

/** Owner of every piece. */
export function ownersOf({ starts, owners }: Shards, pieces: number): Int32Array<ArrayBuffer> {
  const by = new Int32Array(pieces);
  starts.forEach((start, i) => by.fill(owners[i], start, starts[i + 1] ?? pieces));
  return by;
}

/**
 * What belongs to instances that are out goes to the least busy; then, as long as the busiest is too busy, the shard
 * that helps most goes from it to the least busy, or else its hottest one is split.
 *
 * @param loads activity of each piece
 * @param isIn by slot: may it hold shards? One at least
 */
export function rebalanced(
  before: Shards,
  loads: Float64Array,
  isIn: readonly boolean[],
  limits: { above: number; moves: number; split: boolean },
): Plan {
  const shards: Shards = { starts: [...before.starts], owners: [...before.owners] };
  const { starts, owners } = shards;
  const plan: Plan = { shards, moves: 0, splits: 0 };
  const slots = isIn.flatMap((is, slot) => (is ? [slot] : []));
  const loadOf = (i: number): number => sum(loads, starts[i], starts[i + 1] ?? loads.length);
  const shardLoads = starts.map((_, i) => loadOf(i));
  const busy = isIn.map(() => 0);
  owners.forEach((owner, i) => (busy[owner] += shardLoads[i]));
  const least = (): number => slots.reduce((best, slot) => (busy[slot] < busy[best] ? slot : best));
  const move = (i: number, to: number): void => {
    busy[owners[i]] -= shardLoads[i];
    busy[to] += shardLoads[i];
    owners[i] = to;
    plan.moves++;
  };
  // The hottest of the homeless first, so that they come out even.
  const homeless = owners.flatMap((owner, i) => (isIn[owner] ? [] : [i]));
  homeless.sort((a, b) => shardLoads[b] - shardLoads[a] || a - b);
  for (const i of homeless) move(i, least());
  const mean = sum(loads, 0, loads.length) / slots.length;
  for (let done = 0; done < limits.moves; done++) {
    const from = slots.reduce((worst, slot) => (busy[slot] > busy[worst] ? slot : worst));
    const to = least();
    if (busy[from] <= limits.above * mean) break;
    const own = owners.flatMap((owner, i) => (owner === from ? [i] : []));
    const after = (i: number): number => Math.max(busy[from] - shardLoads[i], busy[to] + shardLoads[i]);
    const best = own.reduce((a, b) => (after(b) < after(a) ? b : a));
    if (after(best) <= busy[from] * (1 - WORTHWHILE)) {
      move(best, to);
      continue;
    }
    const hottest = own.reduce((a, b) => (shardLoads[b] > shardLoads[a] ? b : a));
    const middle = limits.split ? halfway(loads, starts[hottest], starts[hottest + 1] ?? loads.length) : -1;
    if (middle < 0) break;
    starts.splice(hottest + 1, 0, middle);
    owners.splice(hottest + 1, 0, from);
    shardLoads.splice(hottest, 1, loadOf(hottest), loadOf(hottest + 1));
    plan.splits++;
  }
  return plan;
}

/** The piece at which a shard falls into two parts that are as even as can be; -1: it is one piece. */
function halfway(loads: Float64Array, from: number, end: number): number {
  if (end - from < 2) return -1;
  const half = sum(loads, from, end) / 2;
  let best = from + 1;
  let least = Infinity;
  let before = 0;
  for (let piece = from + 1; piece < end; piece++) {
    before += loads[piece - 1];
    const off = Math.abs(before - half);
    if (off >= least) continue;
    least = off;
    best = piece;
  }
  return best;
}

function sum(list: Float64Array, from: number, end: number): number {
  let total = 0;
  for (let i = from; i < end; i++) total += list[i];
  return total;
}
