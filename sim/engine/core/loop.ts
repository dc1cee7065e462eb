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
import * as events from './event-list';
import * as host from './host';
import * as lanes from './lanes';
import * as machines from './machines';
import { free, hasRoom, isReadyEmpty, shiftReady } from './pool';
import * as programs from './programs';
import * as requests from './requests';
import * as routing from './routing';
import { cell, isUndisturbed, kindOf, nodeOf, num, pcOf, rowAt, setCell, setNum } from './tables';

export { pop, push } from './event-list';

/**
 * Handles rows until about `most` are done, nothing is due before the next boundary of time, or room must be made.
 * Returns how many it handled.
 */
export function run(most: i32): i32 {
  let handled = 0;
  // How many may have been handled when the present instant ends.
  let stop = Limits.MostAtOneInstant - cell(Cell.AtThisInstant);
  while (handled < most) {
    if (!hasRoom()) break;
    let row: i32;
    if (isReadyEmpty()) {
      row = events.pop(num(Num.Limit));
      if (row == Id.None) break;
      const time = events.due;
      if (time > num(Num.Clock)) {
        setNum(Num.Clock, time);
        stop = handled + Limits.MostAtOneInstant;
      } else if (time != num(Num.Clock)) host.goesBack(time);
    } else row = shiftReady();
    do {
      handled++;
      if (handled > stop) host.standsStill(row);
      row = dispatch(row);
    } while (row != Id.None);
  }
  setCell(Cell.AtThisInstant, handled - (stop - Limits.MostAtOneInstant));
  return handled;
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
        free(row);
        const overdue = lanes.next(lane);
        if (overdue != Id.None) host.timedOut(overdue);
        return Id.None;
      }
      case Kind.Begin:
        if (requests.isPlain(at)) return calls.start(row, at, requests.begin(row, at));
        break;
      case Kind.Source:
        if (requests.isSteady(at)) {
          const request = requests.next(row);
          const to = rowAt(request);
          return calls.start(request, to, requests.begin(request, to));
        }
        break;
      default:
    }
  }
  host.dispatch(row);
  return Id.None;
}
