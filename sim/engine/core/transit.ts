/** Rows on their way between nodes: `Transit`, where nothing is cut, drawn or lost. Functions that return a row say which one goes on at once, Id.None: none. */
import { Id } from '../layout';
import { Component } from '../records';
import { Slot } from '../slots';
import { isCut, isRecorded } from './circumstances';
import * as events from './event-list';
import * as host from './host';
import { numberOf } from './nodes';
import { isReadyEmpty, pushReady } from './pool';
import { addF64, clock, f64At } from './tables';

/** How long a message is under way, ns; below 0: that is drawn, or it may be lost. */
@inline
export function delayOf(path: i32, isBack: bool): f64 {
  if (isCut()) return -1;
  return isBack ? f64At(Slot.QuickBack, path) : f64At(Slot.Quick, path);
}

/** Puts the row on its way. Without delay it goes on at once where it would be the next anyway. */
@inline
export function travel(row: i32, at: usize, path: i32, isBack: bool, delay: f64): i32 {
  if (isRecorded()) count(path, isBack, delay);
  if (delay > 0) {
    events.schedule(row, at, clock() + delay);
    return Id.None;
  }
  if (isReadyEmpty()) return row;
  pushReady(row);
  return Id.None;
}

/** A message passes whose delay is known: who records counts it. */
@inline
export function passed(path: i32, isBack: bool): void {
  if (isRecorded()) count(path, isBack, delayOf(path, isBack));
}

/** `CountedNetwork.passed` */
function count(path: i32, isBack: bool, delay: f64): void {
  addF64(isBack ? Slot.PathAnswers : Slot.PathRequests, path, 1);
  addF64(isBack ? Slot.PathAnswerNs : Slot.PathRequestNs, path, delay);
}

/** The path between two components, by their records. */
export function pathBetween(from: usize, to: usize): i32 {
  const paths = load<u32>(from, Component.Paths * 4);
  if (paths != 0) {
    const path = load<i32>(paths + (numberOf(to) << 2));
    if (path != Id.None) return path;
  }
  return host.pathBetween(numberOf(from), numberOf(to));
}
