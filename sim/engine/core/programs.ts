/** What a request does at a node: `Programs`, where nothing is out of the ordinary. Functions that return a row say which one goes on at once, Id.None: none. */
import { Code, DrawStep, Flag, Id, Kind, Status, Step, Verb } from '../layout';
import { Component, ComponentF, NodeF, Toss } from '../records';
import { Slot } from '../slots';
import * as answers from './answers';
import * as calls from './calls';
import * as cpu from './cpu';
import * as events from './event-list';
import * as holdings from './holdings';
import * as host from './host';
import * as lookups from './lookups';
import * as nodes from './nodes';
import { pushReady } from './pool';
import { first, start, uniform } from './counter';
import { round, sample } from './random';
import * as routing from './routing';
import * as spans from './spans';
import * as stations from './stations';
import * as waits from './waits';
import {
  clock,
  flagsOf,
  grow,
  idAOf,
  idBOf,
  markOf,
  nodeAt,
  nodeOf,
  opOf,
  pcOf,
  setData,
  setFlags,
  setKind,
  setPc,
  table,
} from './tables';

/** In the place of a row: the one in hand goes on with its next instruction. */
const ON: i32 = -3;

/** Runs the program of the operation, from its start. */
export function begin(row: i32, at: usize, component: usize): i32 {
  const pc = load<i32>(load<u32>(component, Component.Programs * 4) + ((opOf(at) & 0xffff) << 2));
  return pc == Id.None ? answers.finish(row, at, Status.Error) : advance(row, at, pc);
}

/** A waiting row got its token. */
export function granted(row: i32, at: usize, kind: i32): i32 {
  const component = nodes.componentOf(nodeOf(at));
  grow(component, ComponentF.WaitNs, clock() - markOf(at));
  if (kind == Kind.GrantIntake) {
    setFlags(at, flagsOf(at) | Flag.Token);
    return begin(row, at, component);
  }
  if (kind == Kind.GrantSeize) return advance(row, at, pcOf(at) + 1);
  cpu.run(row, at, nodeAt(nodeOf(at)));
  return Id.None;
}

/** A CPU step is done. */
@inline
export function cpuDone(row: i32, at: usize): i32 {
  cpu.done(row, at);
  return advance(row, at, pcOf(at) + 1);
}

/** Runs the program from `from` until the row has to wait. */
export function advance(row: i32, at: usize, from: i32): i32 {
  let pc = from;
  for (;;) {
    const code = table(Slot.Code) + ((pc * Code.Width) << 2);
    const a = load<i32>(code, 4);
    switch (load<i32>(code)) {
      case Verb.Cpu:
        setPc(at, pc);
        cpu.start(row, at, code);
        return Id.None;
      case Verb.Call:
        setPc(at, pc);
        return calls.start(row, at, a);
      case Verb.Jump:
        pc = a;
        break;
      case Verb.IfMiss:
        pc = (flagsOf(at) & Flag.StatusMask) == Status.Miss ? a : pc + 1;
        break;
      case Verb.Choose:
        pc = first(start(idAOf(at), idBOf(at), load<i32>(code, 12))) >>> 1 < load<i32>(code, 8) ? a : pc + 1;
        break;
      case Verb.End:
        return answers.finish(row, at, flagsOf(at) & Flag.StatusMask);
      case Verb.Hold:
      case Verb.Sleep:
        setPc(at, pc);
        hold(row, at, code);
        return Id.None;
      case Verb.Seize: {
        setPc(at, pc);
        const next = seize(row, at, a);
        if (next != ON) return next;
        pc++;
        break;
      }
      case Verb.Release:
        holdings.release(nodes.stationOf(nodeAt(nodeOf(at)), a));
        pc++;
        break;
      case Verb.Actor: {
        setPc(at, pc);
        const next = act(row, at, pc, a);
        if (next != ON) return next;
        pc++;
        break;
      }
      case Verb.Forward:
        return routing.forward(row, at);
      case Verb.Toss:
        toss(at, a);
        pc++;
        break;
      default:
        // Forks, early answers and chance failures.
        host.advance(row, pc);
        return Id.None;
    }
  }
  // The compiler does not see that nobody comes here.
  return Id.None;
}

/** Takes a token of a station of the row's node. */
function seize(row: i32, at: usize, a: i32): i32 {
  const station = nodes.stationOf(nodeAt(nodeOf(at)), a);
  if (stations.isFree(station)) {
    stations.occupy(station);
    return ON;
  }
  if (stations.isFull(station)) return answers.finish(row, at, Status.Rejected);
  waits.wait(row, at, station, Kind.GrantSeize);
  return Id.None;
}

/** Lets the actor act, or says itself what is there to be looked up. */
function act(row: i32, at: usize, pc: i32, a: i32): i32 {
  if (a >= Code.Guest) {
    host.advance(row, pc);
    return Id.None;
  }
  const component = nodes.componentOf(nodeOf(at));
  const lookup = lookups.lookupOf(component);
  if (lookup != 0 && lookups.look(at, lookup, a)) return ON;
  const outcome = host.step(nodes.numberOf(component), row, a);
  if (outcome == Step.Finish) return answers.finish(row, at, flagsOf(at) & Flag.StatusMask);
  if (outcome == Step.Continue) return ON;
  setKind(at, Kind.WaitActor);
  return Id.None;
}

function hold(row: i32, at: usize, code: usize): void {
  const n = nodeAt(nodeOf(at));
  let time = sample(load<i32>(code, 4), idAOf(at), idBOf(at), load<i32>(code, 12));
  if (load<i32>(code) == Verb.Hold) time *= load<f64>(n, NodeF.Slowness * 8);
  time = round(time);
  grow(nodes.componentIn(n), ComponentF.ServiceNs, time);
  spans.enter(row, at, load<i32>(code, 8));
  setKind(at, Kind.DelayDone);
  if (time == 0) pushReady(row);
  else events.schedule(row, at, clock() + time);
}

/** By chance a hit or a miss, without a value. */
function toss(at: usize, entry: i32): void {
  const chance = table(Slot.Tosses) + entry * Toss.F * 8;
  const isHit = uniform(idAOf(at), idBOf(at), DrawStep.Toss) < load<f64>(chance, Toss.Probability * 8);
  const count = chance + (isHit ? Toss.Hits : Toss.Misses) * 8;
  store<f64>(count, load<f64>(count) + 1);
  setData(at, 0);
  setFlags(at, (flagsOf(at) & ~Flag.StatusMask) | (isHit ? Status.Ok : Status.Miss));
}
