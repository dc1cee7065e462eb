/** Routers of which the core knows enough: `BalancerProcess`, `RandomTarget` and `LeastConnections`, where nothing is out of the ordinary. */
import { Id } from '../layout';
import { Router, RouterF, RouterPolicy } from '../records';
import { first, mix, NEXT, STEP } from './counter';
import { bump, clock, idAOf, idBOf } from './tables';

/** Chooses a target among equals and counts the request there. Returns its slot, Id.None: the actor must be asked. */
export function choose(router: usize, at: usize): i32 {
  const policy = load<i32>(router, Router.Policy * 4);
  const count = load<i32>(router, Router.ActiveCount * 4);
  if (policy == RouterPolicy.Asked) return Id.None;
  if (count == 0) return Id.None;
  if (load<i32>(router, Router.Even * 4) == 0) return Id.None;
  if (clock() < load<f64>(router, RouterF.WarmUntil * 8)) return Id.None;
  let slot: i32;
  if (policy == RouterPolicy.Random) slot = load<i32>(entry(router, Router.Active, drawBelow(count, idAOf(at), idBOf(at), load<i32>(router, Router.Step * 4))));
  else {
    const starts = table(router, Router.Start);
    let least = load<i32>(router, Router.Least * 4);
    if (least + 3 >= load<i32>(router, Router.Room * 4)) return Id.None;
    while (load<i32>(starts + (least << 2), 4) == 0) least++;
    if (least + 3 >= load<i32>(router, Router.Room * 4)) return Id.None;
    store<i32>(router, least, Router.Least * 4);
    slot = load<i32>(entry(router, Router.Order, below(router, load<i32>(starts + (least << 2), 4))));
  }
  bump(entry(router, Router.Outstanding, slot), 0, 1);
  bump(router, Router.Total, 1);
  const passed = table(router, Router.Passed) + (slot << 3);
  store<f64>(passed, load<f64>(passed) + 1);
  if (policy == RouterPolicy.LeastConnections) moved(router, slot);
  return slot;
}

/** A request is back from a target. */
export function returned(router: usize, slot: i32): void {
  bump(entry(router, Router.Outstanding, slot), 0, -1);
  bump(router, Router.Total, -1);
  if (load<i32>(router, Router.Policy * 4) == RouterPolicy.LeastConnections) moved(router, slot);
}

/** Node of a slot. */
@inline
export function nodeOf(router: usize, slot: i32): i32 {
  return load<i32>(entry(router, Router.Nodes, slot));
}

@inline
function table(router: usize, column: Router): usize {
  return load<u32>(router + (column << 2));
}

@inline
function entry(router: usize, column: Router, i: i32): usize {
  return table(router, column) + (i << 2);
}

/** `LeastConnections.moved`: a slot changes places with the edge of its count. */
function moved(router: usize, slot: i32): void {
  if (load<i32>(entry(router, Router.Place, slot)) == Id.None) return;
  const count = load<i32>(entry(router, Router.Outstanding, slot));
  const placed = entry(router, Router.Count, slot);
  const starts = table(router, Router.Start);
  while (load<i32>(placed) < count) {
    const from = load<i32>(placed);
    store<i32>(placed, from + 1);
    const edge = starts + (from << 2);
    const to = load<i32>(edge, 4) - 1;
    store<i32>(edge, to, 4);
    swap(router, slot, to);
  }
  while (load<i32>(placed) > count) {
    const from = load<i32>(placed);
    store<i32>(placed, from - 1);
    const edge = starts + (from << 2);
    const to = load<i32>(edge);
    store<i32>(edge, to + 1);
    swap(router, slot, to);
    if (from - 1 < load<i32>(router, Router.Least * 4)) store<i32>(router, from - 1, Router.Least * 4);
  }
}

function swap(router: usize, slot: i32, to: i32): void {
  const order = table(router, Router.Order);
  const place = table(router, Router.Place);
  const from = load<i32>(place + (slot << 2));
  const other = load<i32>(order + (to << 2));
  store<i32>(order + (from << 2), other);
  store<i32>(place + (other << 2), from);
  store<i32>(order + (to << 2), slot);
  store<i32>(place + (slot << 2), to);
}

/** `Counter.below` at a step of an identity. */
function drawBelow(n: i32, a: i32, b: i32, step: i32): i32 {
  if (n <= 1) return 0;
  const shift = clz(n - 1);
  const left = a + step * STEP;
  let right = b;
  let words = mix(left, right);
  for (;;) {
    if (first(words) >>> shift < n) return first(words) >>> shift;
    if (<i32>(words >>> 32) >>> shift < n) return <i32>(words >>> 32) >>> shift;
    right += NEXT;
    words = mix(left, right);
  }
  // The compiler does not see that nobody comes here.
  return 0;
}

/** `Stream.below`, from the router's own stream. */
function below(router: usize, n: i32): i32 {
  if (n <= 1) return 0;
  const shift = clz(n - 1);
  let word = next(router) >>> shift;
  while (word >= n) word = next(router) >>> shift;
  return word;
}

/** `Stream.nextInt32`: xoshiro128**. */
@inline
function next(router: usize): i32 {
  const state = router + Router.Stream * 4;
  const s0 = load<i32>(state);
  const s1 = load<i32>(state, 4);
  const word = rotl(s1 * 5, 7) * 9;
  const s2 = load<i32>(state, 8) ^ s0;
  const s3 = load<i32>(state, 12) ^ s1;
  store<i32>(state, s1 ^ s2, 4);
  store<i32>(state, s0 ^ s3);
  store<i32>(state, s2 ^ (s1 << 9), 8);
  store<i32>(state, rotl(s3, 11), 12);
  return word;
}
