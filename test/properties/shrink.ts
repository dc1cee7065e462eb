/**
 * Makes a scenario smaller while something about it stays true: the one that breaks a law becomes the least one that
 * still does. Works on the plain maps of the file, so it knows nothing of what they mean; candidates that are no valid
 * scenario simply do not count.
 */
import type { Value } from './generator/draw.ts';

/** A place in the tree. */
type Path = (string | number)[];
type Parent = { [key: string]: Value };

/** Tries at most `most` candidates. Leaves alone what is under `keep`, names at the root. */
export function shrink<T extends Value>(
  from: T,
  holds: (candidate: T) => boolean,
  keep: readonly string[] = [],
  most = 1500,
): T {
  let best = from;
  let tries = 0;
  for (let progress = true; progress; ) {
    progress = false;
    for (let next = 0; ; ) {
      const path = places(best).filter(([root]) => !keep.includes(String(root)))[next];
      if (path === undefined) break;
      const better = [...smaller(best, path)].find((candidate) => tries++ < most && holds(candidate as T));
      if (tries > most) return best;
      // Where something went, the next one has taken its place.
      if (better === undefined) next++;
      else {
        best = better as T;
        progress = true;
      }
    }
  }
  return best;
}

/** Every place below the root, the outer ones first: whole sections go before their details. */
function places(root: Value): Path[] {
  const found: Path[] = [];
  let level: Path[] = [[]];
  while (level.length > 0) {
    level = level.flatMap((path) => {
      const value = at(root, path);
      if (typeof value !== 'object') return [];
      const keys: (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
      return keys.map((key) => [...path, key]);
    });
    found.push(...level);
  }
  return found;
}

function at(root: Value, path: Path): Value {
  return path.reduce<Value>((value, key) => (value as Parent)[key], root);
}

/** The tree without this place, with what is inside it instead, or with a simpler value there. */
function* smaller(root: Value, path: Path): Generator<Value> {
  yield changed(root, path, (parent, key) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  });
  const value = at(root, path);
  if (typeof path[path.length - 1] === 'number') {
    for (const list of listsIn(value)) {
      yield changed(root, path, (parent, key) => (parent as Value[]).splice(Number(key), 1, ...structuredClone(list)));
    }
  }
  for (const simpler of simplerThan(value))
    yield changed(root, path, (parent, key) => ((parent as Parent)[key] = simpler));
}

/** Lists of steps inside a step, each of which may stand in its place. */
function listsIn(value: Value): Value[][] {
  if (typeof value !== 'object' || Array.isArray(value)) return [];
  const found: Value[][] = [];
  for (const inner of Object.values(value)) {
    if (Array.isArray(inner) && inner.every((each) => !Array.isArray(each))) found.push(inner);
    else if (Array.isArray(inner)) found.push(...(inner as Value[][]));
    else found.push(...listsIn(inner));
  }
  return found.filter((list) => list.every((each) => typeof each === 'object'));
}

const DISTRIBUTION = /^(exponential|uniform|lognormal|pareto|gamma|erlang|hyperexponential|empirical|mixture|shifted)$/;

function simplerThan(value: Value): Value[] {
  if (typeof value === 'number' && Number.isInteger(value))
    return [1, Math.floor(value / 2)].filter((n) => n >= 1 && n < value);
  if (typeof value !== 'object' || Array.isArray(value)) return [];
  const names = Object.keys(value);
  return names.length === 1 && DISTRIBUTION.test(names[0]) ? ['1000us', '10000us'] : [];
}

function changed(root: Value, path: Path, edit: (parent: Parent | Value[], key: string | number) => void): Value {
  const copy = structuredClone(root);
  edit(at(copy, path.slice(0, -1)) as Parent, path[path.length - 1]);
  return copy;
}
