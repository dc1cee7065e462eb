/**
 * Requests that pass a balancer of which no choice depends on when it is made: it draws by who asks, and nothing takes time there or
 * could run short. So what its arrival comes to is booked when the request sets out from the router before, as of when it will be there, and
 * the next event is its arrival at the target.
 *
 * Nothing may tell the difference: no fault, no death and no timeout can come between, no boundary of time lies between, at which
 * somebody counts, and of the figures that a balancer adds to none depends on the order. Whoever looks at a run in its midst
 * sees requests that are on their way to a balancer as having passed it.
 */
import { Code, Id, Verb } from '../layout';
import { Component, Machine, Node, Router } from '../records';
import { Num, Slot } from '../slots';
import { hasPriorities, isCalm, isRecorded, mayDie } from './circumstances';
import * as lanes from './lanes';
import * as ledger from './ledger';
import * as nodes from './nodes';
import * as routing from './routing';
import { addI32, bump, clock, nodeAt, nodeOf, num, opOf, setNum, setStart, table } from './tables';

/** Lets a row pass the balancer that it is on its way to, and will reach after a time, ns. False: its arrival must be an event. */
@inline
export function passAhead(row: i32, at: usize, delay: f64): bool {
  if (!isCalm() || hasPriorities() || isRecorded()) return false;
  const n = nodeAt(nodeOf(at));
  const router = load<u32>(n, Node.Router * 4);
  if (router == 0 || load<i32>(router, Router.Timeless * 4) == 0) return false;
  return passOrArrive(row, at, n, clock() + delay);
}

/** The same where no choice depends on when it is made. */
function passOrArrive(row: i32, at: usize, n: usize, then: f64): bool {
  const component = nodes.componentIn(n);
  if (then > num(Num.Horizon) || mayDie() || lanes.mayTimeOutBefore(then) || !onlyForwards(component, at)) return false;
  const now = clock();
  setStart(at, then);
  ledger.pass(component, then, then);
  if (then > num(Num.Limit)) addI32(Slot.PassedAhead, nodes.numberOf(component), 1);
  // The connection stays with the balancer until the answer has passed.
  bump(nodes.machineIn(n), Machine.ConnectionsUsed, 1);
  setNum(Num.Uncounted, num(Num.Uncounted) - 1);
  setNum(Num.Clock, then);
  routing.forward(row, at);
  setNum(Num.Clock, now);
  return true;
}

/** Is to pass the request on all that the component does with it? */
@inline
function onlyForwards(component: usize, at: usize): bool {
  const pc = load<i32>(load<u32>(component, Component.Programs * 4) + ((opOf(at) & 0xffff) << 2));
  return pc != Id.None && load<i32>(table(Slot.Code) + ((pc * Code.Width) << 2)) == Verb.Forward;
}
