/**
 * The loop in WebAssembly: takes the next row that is due, and hands it to what is due for it.
 *
 * The TypeScript of sim/engine/ is the definition; the core says the same of the commonest moves, function by function, on
 * the same tables, and leaves the rest to it (host.ts). Runs with and without the core have the same fingerprint (tests:
 * every shipped scenario, and one in five random architectures).
 */
import { Id, Kind, Limits } from '../layout';
import { Cell, Num } from '../slots';
import * as admission from './admission';
import * as calls from './calls';
import { isUndisturbed } from './circumstances';
import * as events from './event-list';
import * as firstHop from './first-hop';
import * as following from './following';
import * as host from './host';
import * as lanes from './lanes';
import * as ledger from './ledger';
import * as machines from './machines';
import { free, isReadyEmpty, pushReady, roomFor, shiftReady } from './pool';
import * as programs from './programs';
import * as requests from './requests';
import * as routing from './routing';
import * as thinkers from './thinkers';
import * as visits from './visits';
import { cell, kindOf, nodeOf, num, pcOf, populationAt, populationOf, rowAt, setCell, setNum } from './tables';

export { push } from './event-list';
export { beginSent, findSent } from './first-hop';

/** Takes the earliest row if it is due at or before `limit`, else Id.None. Here for tests. */
export function pop(limit: f64): i32 {
  return events.pop(limit);
}

/** Rows handled, and how many had been when the present instant began. */
let handled: i32 = 0;
let began: i32 = 0;

/**
 * Handles rows until `most` are done, nothing is due before the next boundary of time, or room must be made. Returns how many
 * it handled.
 */
export function run(most: i32): i32 {
  handled = 0;
  began = -cell(Cell.AtThisInstant);
  setCell(Cell.Bound, 0);
  for (;;) {
    if (handled >= cell(Cell.Bound)) {
      const bound = nextBound(most);
      setCell(Cell.Bound, bound);
      if (handled >= bound) break;
    }
    if (isReadyEmpty()) {
      const row = events.pop(num(Num.Limit));
      if (row == Id.None) break;
      const due = events.due;
      if (due > num(Num.Clock)) {
        setNum(Num.Clock, due);
        began = handled;
      } else if (due != num(Num.Clock)) host.goesBack(due);
      handle(row);
    } else handle(shiftReady());
  }
  setCell(Cell.AtThisInstant, handled - began);
  return handled;
}

/** How many rows may have been handled when room and the length of the instant must be looked at again. */
function nextBound(most: i32): i32 {
  if (cell(Cell.Late) > 0) ledger.recordLate();
  if (handled - began >= Limits.MostAtOneInstant) {
    const row = isReadyEmpty() ? events.pop(num(Num.Clock)) : shiftReady();
    if (row != Id.None) host.standsStill(row);
    return min(most, handled + min(1, roomFor()));
  }
  return min(min(most, handled + roomFor()), began + Limits.MostAtOneInstant);
}

/** Hands a row to what is due for it, and then those that go on at once, and those that wait for it. */
function handle(first: i32): void {
  let row = first;
  for (;;) {
    handled++;
    row = dispatch(row);
    const isOver = handled >= cell(Cell.Bound);
    if (row == Id.None) {
      if (isOver) return;
      if (isReadyEmpty()) return;
      row = shiftReady();
    } else if (isOver) {
      // None waits where one goes on at once.
      pushReady(row);
      return;
    }
  }
}

/** Hands a row to what is due for it. Returns the row that goes on at once, Id.None: none does. */
function dispatch(row: i32): i32 {
  const at = rowAt(row);
  const kind = kindOf(at);
  if (isUndisturbed()) {
    switch (kind) {
      case Kind.Arrive:
        return admission.arrive(row, at);
      case Kind.Reply:
        return calls.replied(row, at);
      case Kind.ReplyVia:
        return routing.returnVia(row, at);
      case Kind.CpuDone:
        return programs.cpuDone(row, at);
      case Kind.DelayDone:
        return programs.advance(row, at, pcOf(at) + 1);
      case Kind.Resume:
        return programs.advance(row, at, pcOf(at));
      case Kind.Machine: {
        const done = machines.complete(row);
        return done == Id.None ? Id.None : programs.cpuDone(done, rowAt(done));
      }
      case Kind.GrantIntake:
      case Kind.GrantLoop:
      case Kind.GrantSeize:
        return programs.granted(row, at, kind);
      case Kind.GrantPool:
        return calls.pooled(row, at);
      case Kind.Lane: {
        const lane = nodeOf(at);
        setNum(Num.Uncounted, num(Num.Uncounted) + 1);
        free(row);
        const overdue = lanes.next(lane);
        if (overdue != Id.None) host.timedOut(overdue);
        return Id.None;
      }
      case Kind.Begin: {
        const p = populationAt(populationOf(at));
        if (thinkers.firstHopOf(p) > 0) {
          firstHop.postpone(row, at, p);
          return Id.None;
        }
        if (requests.isPlain(p)) return calls.start(row, at, requests.begin(row, at, p));
        break;
      }
      case Kind.Entry:
        // It was sent in another instant, to the limit of which it would count.
        began++;
        return firstHop.arrive(row, at);
      case Kind.Source: {
        const p = populationAt(populationOf(at));
        if (!requests.isSteady(p)) break;
        const request = requests.next(row, at, p);
        const to = rowAt(request);
        return calls.start(request, to, requests.begin(request, to, p));
      }
      case Kind.Visited:
        return visits.over(row, at);
      case Kind.Message:
        if (following.received(row, at)) return Id.None;
        break;
      default:
    }
  }
  host.dispatch(row);
  return Id.None;
}
