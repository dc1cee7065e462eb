/**
 * Who of a group gets which partitions: Kafka's assignors. Partitions are numbers; topics are ranges of them.
 *
 * Sources: RangeAssignor, RoundRobinAssignor, and for sticky the two aims of AbstractStickyAssignor: as balanced as
 * possible, and then as many partitions as possible stay where they are.
 */

/** A topic's partitions: `first` to `first + count − 1`. */
export interface TopicRange {
  first: number;
  count: number;
}

export type Assignor = 'range' | 'round-robin' | 'sticky' | 'cooperative-sticky';

/** A member that takes part: the topics it wants (indices into the topics) and the partitions it owns now. */
export interface Candidate {
  topics: readonly number[];
  owned: readonly number[];
}

/** Partitions of each member, in the order of the members (sorted by name); topics are sorted by name, too. */
export function assign(kind: Assignor, topics: readonly TopicRange[], members: readonly Candidate[]): number[][] {
  if (members.length === 0) return [];
  if (kind === 'range') return range(topics, members);
  return kind === 'round-robin' ? roundRobin(topics, members) : sticky(topics, members);
}

/** Topic by topic, each member gets a run of partitions; the first members get one more where it does not come out even. */
function range(topics: readonly TopicRange[], members: readonly Candidate[]): number[][] {
  const result: number[][] = members.map(() => []);
  topics.forEach(({ first, count }, t) => {
    const takers = members.flatMap((member, m) => (member.topics.includes(t) ? [m] : []));
    let next = first;
    takers.forEach((m, i) => {
      const share = Math.floor(count / takers.length) + (i < count % takers.length ? 1 : 0);
      for (let k = 0; k < share; k++) result[m].push(next++);
    });
  });
  return result;
}

/** All partitions of all topics in a row, dealt out one by one to the members that want them. */
function roundRobin(topics: readonly TopicRange[], members: readonly Candidate[]): number[][] {
  const result: number[][] = members.map(() => []);
  let turn = 0;
  topics.forEach(({ first, count }, t) => {
    if (!members.some((member) => member.topics.includes(t))) return;
    for (let p = first; p < first + count; p++) {
      while (!members[turn % members.length].topics.includes(t)) turn++;
      result[turn++ % members.length].push(p);
    }
  });
  return result;
}

/** Everybody keeps what he has, up to a fair share; what is over goes to those who have least. */
function sticky(topics: readonly TopicRange[], members: readonly Candidate[]): number[][] {
  const topicOf = new Map<number, number>();
  topics.forEach(({ first, count }, t) => {
    for (let p = first; p < first + count; p++) topicOf.set(p, t);
  });
  const owner = keepers(topicOf, members);
  const result: number[][] = members.map(() => []);
  const free: number[] = [];
  for (const [p] of topicOf) {
    const m = owner.get(p);
    if (m === undefined) free.push(p);
    else result[m].push(p);
  }
  const wants = (m: number, p: number): boolean => members[m].topics.includes(topicOf.get(p)!);
  for (const p of free) {
    const m = leastLoaded(result, (each) => wants(each, p));
    if (m !== null) result[m].push(p);
  }
  level(result, wants);
  return result.map((list) => list.sort((a, b) => a - b));
}

/** Who keeps each partition; of two who claim one, nobody (KIP-341: ownership in doubt is given up). */
function keepers(topicOf: ReadonlyMap<number, number>, members: readonly Candidate[]): Map<number, number> {
  const owner = new Map<number, number>();
  const doubtful = new Set<number>();
  members.forEach((member, m) => {
    for (const p of member.owned) {
      const t = topicOf.get(p);
      if (t === undefined || !member.topics.includes(t)) continue;
      if (owner.has(p)) doubtful.add(p);
      owner.set(p, m);
    }
  });
  for (const p of doubtful) owner.delete(p);
  return owner;
}

function leastLoaded(result: readonly number[][], may: (m: number) => boolean): number | null {
  let best: number | null = null;
  result.forEach((list, m) => {
    if (may(m) && (best === null || list.length < result[best].length)) best = m;
  });
  return best;
}

/** Moves partitions from the fullest to the emptiest while that makes the shares more even. */
function level(result: number[][], wants: (m: number, p: number) => boolean): void {
  for (;;) {
    const order = result.map((_, m) => m).sort((a, b) => result[b].length - result[a].length || a - b);
    let moved = false;
    for (const from of order) {
      for (let i = result[from].length - 1; i >= 0 && !moved; i--) {
        const p = result[from][i];
        const to = leastLoaded(result, (m) => m !== from && wants(m, p));
        if (to === null || result[to].length + 1 >= result[from].length) continue;
        result[from].splice(i, 1);
        result[to].push(p);
        moved = true;
      }
      if (moved) break;
    }
    if (!moved) return;
  }
}
