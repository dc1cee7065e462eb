/** The order of simultaneous events: by what they are, never by when they were scheduled (docs/decisions/0001). */
import { Kind } from '../layout';
import { Slot } from '../slots';
import { idAOf, idBOf, keyOf, kindOf, nodeOf, pcOf, rowAt, tagOf, u8At } from './tables';
import * as thinkers from './thinkers';

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
    u8At(Slot.Order, a < 0 ? Kind.Begin : kindOf(rowAt(a))) - u8At(Slot.Order, b < 0 ? Kind.Begin : kindOf(rowAt(b)));
  if (order != 0) return order < 0;
  const nodes = (a < 0 ? thinkers.nodeOf(a) : nodeOf(rowAt(a))) - (b < 0 ? thinkers.nodeOf(b) : nodeOf(rowAt(b)));
  if (nodes != 0) return nodes < 0;
  const idA = a < 0 ? <i32>whoA : idAOf(rowAt(a));
  const idB = b < 0 ? <i32>whoB : idAOf(rowAt(b));
  if (idA != idB) return idA < idB;
  return (a < 0 ? <i32>(whoA >> 32) : idBOf(rowAt(a))) < (b < 0 ? <i32>(whoB >> 32) : idBOf(rowAt(b)));
}
