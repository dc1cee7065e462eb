/** The order of simultaneous events: by what they are, never by when they were scheduled (docs/decisions/0001). */
import { Slot } from '../slots';
import { timeAt, whatAt, whoAt } from './entries';
import { idAOf, idBOf, identityOf, keyOf, kindOf, nodeOf, pcOf, rowAt, tagOf, u8At } from './tables';
import * as thinkers from './thinkers';

/** Does the entry at an address come before another? */
@inline
export function isLess(at: usize, time: f64, what: i64, who: i64): bool {
  const its = timeAt(at);
  return its < time || (its == time && isBefore(whatAt(at), whoAt(at), what, who));
}

/** Does entry (whatA, whoA) come before the other? By class, node, identity, call, and last the row itself. */
export function isBefore(whatA: i64, whoA: i64, whatB: i64, whoB: i64): bool {
  const a = <i32>whatA;
  const b = <i32>whatB;
  if (a < 0 || b < 0) return isThinkerBefore(whatA, whoA, whatB, whoB);
  const x = rowAt(a);
  const y = rowAt(b);
  const order = u8At(Slot.Order, kindOf(x)) - u8At(Slot.Order, kindOf(y));
  if (order != 0) return order < 0;
  if (nodeOf(x) != nodeOf(y)) return nodeOf(x) < nodeOf(y);
  if (idAOf(x) != idAOf(y)) return idAOf(x) < idAOf(y);
  if (idBOf(x) != idBOf(y)) return idBOf(x) < idBOf(y);
  if (tagOf(x) != tagOf(y)) return tagOf(x) < tagOf(y);
  if (pcOf(x) != pcOf(y)) return pcOf(x) < pcOf(y);
  if (keyOf(x) != keyOf(y)) return keyOf(x) < keyOf(y);
  return a < b;
}

/** The same where one of them, at least, is a user who thinks. No two have the same identity. */
function isThinkerBefore(whatA: i64, whoA: i64, whatB: i64, whoB: i64): bool {
  const a = <i32>whatA;
  const b = <i32>whatB;
  const order =
    u8At(Slot.Order, a < 0 ? thinkers.kindOf(a) : kindOf(rowAt(a))) -
    u8At(Slot.Order, b < 0 ? thinkers.kindOf(b) : kindOf(rowAt(b)));
  if (order != 0) return order < 0;
  const nodes =
    (a < 0 ? thinkers.nodeOf(whatA) : nodeOf(rowAt(a))) - (b < 0 ? thinkers.nodeOf(whatB) : nodeOf(rowAt(b)));
  if (nodes != 0) return nodes < 0;
  const idA = a < 0 ? thinkers.identityOf(a, whoA) : identityOf(rowAt(a));
  const idB = b < 0 ? thinkers.identityOf(b, whoB) : identityOf(rowAt(b));
  return <i32>idA == <i32>idB ? <i32>(idA >> 32) < <i32>(idB >> 32) : <i32>idA < <i32>idB;
}
