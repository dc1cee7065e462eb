/**
 * The first way of a request, from the user who asks to the system: of a constant length, and nothing happens on it. So a user
 * who thinks is an entry of the event list (see thinkers.ts) not for when the request is sent but for when it arrives, and what
 * it came to when it was sent is booked then, as of then.
 *
 * Nothing may tell the difference. What is random about a request is drawn by who asks; what is counted of it does not depend on
 * the order; its timeout is watched in a lane that only such tries are in, and of two that give up in one instant it is all the
 * same which comes first, since what they do next takes time; and at boundaries of time at which somebody counts
 * what has been sent (the end of the warm-up and of the run) requests that are under way are begun after all. It holds without
 * faults (`Cell.IsCalm`) and recorders, and for calls to one node, or to one that depends on the user alone: the population's
 * `PopF.FirstHop` is 0 otherwise. Whoever looks at a run in its midst sees those that are under way as not sent.
 */
import { Kind } from '../layout';
import { Num } from '../slots';
import * as calls from './calls';
import { chunkOf, ENTRY, freeChunk, HEADER, timeAt, whatAt, whoAt } from './entries';
import * as events from './event-list';
import { free } from './pool';
import * as requests from './requests';
import { clock, num, populationAt, populationOf, rowAt, setKind, setNum } from './tables';
import * as thinkers from './thinkers';

/** The request of a user arrives: it begins as of when it was sent. Returns the message. */
export function arrive(row: i32, at: usize): i32 {
  const p = populationAt(populationOf(at));
  const now = clock();
  const child = send(row, at, p, now - thinkers.firstHopOf(p));
  setNum(Num.Clock, now);
  return child;
}

/** Begins the request as of a time, which the clock is set to. Returns the message, which is about to arrive. */
function send(row: i32, at: usize, p: usize, then: f64): i32 {
  setNum(Num.Clock, then);
  setKind(at, Kind.Begin);
  return calls.sendAhead(row, at, requests.begin(row, at, p));
}

/** A user who asks at once waits for the arrival, like all others. */
export function postpone(row: i32, at: usize, p: usize): void {
  setNum(Num.Uncounted, num(Num.Uncounted) + 1);
  events.add(clock() + thinkers.firstHopOf(p), thinkers.what(at), thinkers.who(at));
  free(row);
}

/** What was taken out of the event list to find the requests that are under way: a list. */
let taken: usize = 0;

/** Looks through what is due within the longest first hop after a boundary, for requests that were sent by then. Returns how many there are. */
export function findSent(boundary: f64, longest: f64): i32 {
  taken = events.takeUntil(boundary + longest);
  let count = 0;
  for (let list = taken; list != 0; list = load<u32>(chunkOf(list))) {
    for (let entry = chunkOf(list) + HEADER; entry < list; entry += ENTRY) if (isSent(entry, boundary)) count++;
  }
  return count;
}

/** Begins them: there must be room for two rows and a chain each. */
export function beginSent(boundary: f64): void {
  let list = taken;
  taken = 0;
  while (list != 0) {
    const chunk = chunkOf(list);
    for (let entry = chunk + HEADER; entry < list; entry += ENTRY) {
      const due = timeAt(entry);
      if (isSent(entry, boundary)) begin(due, whatAt(entry), whoAt(entry));
      else events.add(due, whatAt(entry), whoAt(entry));
    }
    list = freeChunk(chunk);
  }
  setNum(Num.Clock, boundary);
}

/** Does the entry stand for a request that was sent by then? */
function isSent(entry: usize, boundary: f64): bool {
  const what = <i32>whatAt(entry);
  if (what >= 0) return false;
  const hop = thinkers.firstHopOf(populationAt(~what));
  return hop > 0 && timeAt(entry) - hop <= boundary;
}

function begin(due: f64, what: i64, who: i64): void {
  const row = thinkers.wake(due, what, who);
  const at = rowAt(row);
  const p = populationAt(populationOf(at));
  const child = send(row, at, p, due - thinkers.firstHopOf(p));
  events.schedule(child, rowAt(child), due);
  setNum(Num.Uncounted, num(Num.Uncounted) - 1);
}
