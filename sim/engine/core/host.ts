/**
 * What the core asks of TypeScript: see imports.ts. Functions of their own, which the compiler does not inline (see
 * tools/build-core.mjs), since engines get everything ready for a call outside at the beginning of the function that may make it.
 */
import * as imports from './imports';

/** Handles the row the general way. */
export function dispatch(row: i32): void {
  imports.dispatch(row);
}

export function arrive(row: i32): void {
  imports.arrive(row);
}

export function advance(row: i32, pc: i32): void {
  imports.advance(row, pc);
}

export function answer(row: i32, status: i32): void {
  imports.answer(row, status);
}

/** To Id.None: to the caller of the row. */
export function travel(row: i32, path: i32, back: i32, from: i32, to: i32): void {
  imports.travel(row, path, back, from, to);
}

export function forwardAgain(row: i32, way: i32): i32 {
  return imports.forwardAgain(row, way);
}

/** The node at which requests of a user of a population come in. */
export function doorOf(population: i32, user: i32): i32 {
  return imports.doorOf(population, user);
}

export function prioritise(row: i32, component: i32): void {
  imports.prioritise(row, component);
}

export function watchPatience(row: i32, station: i32, patience: i32): void {
  imports.watchPatience(row, station, patience);
}

export function startCall(row: i32, site: i32): void {
  imports.startCall(row, site);
}

export function failed(row: i32, status: i32): void {
  imports.failed(row, status);
}

export function send(child: i32, node: i32): void {
  imports.send(child, node);
}

export function join(row: i32, status: i32): void {
  imports.join(row, status);
}

export function turn(site: i32): i32 {
  return imports.turn(site);
}

export function freshKey(row: i32, population: i32, from: i32): i32 {
  return imports.freshKey(row, population, from);
}

export function timedOut(row: i32): void {
  imports.timedOut(row);
}

export function step(component: i32, row: i32, argument: i32): i32 {
  return imports.step(component, row, argument);
}

export function choose(component: i32, row: i32): i32 {
  return imports.choose(component, row);
}

export function route(component: i32, row: i32, site: i32): i32 {
  return imports.route(component, row, site);
}

export function returned(component: i32, row: i32, status: i32): i32 {
  return imports.returned(component, row, status);
}

export function pathBetween(from: i32, to: i32): i32 {
  return imports.pathBetween(from, to);
}

/** A draw from another distribution than the two common ones. */
export function sample(id: i32, a: i32, b: i32, step: i32): f64 {
  return imports.sample(id, a, b, step);
}

/** A request of a live connection ended. */
export function ended(row: i32, status: i32): void {
  imports.ended(row, status);
}

/** Who records is told that a request is about to be completed. */
export function completes(row: i32): void {
  imports.completes(row);
}

/** Tables that are full are made anew, twice as large. */
export function growReady(): void {
  imports.growReady();
}

export function growWays(): void {
  imports.growWays();
}

/** The ring of a lane is to become twice as large: it holds so many entries. */
export function growLane(lane: i32, kept: i32): void {
  imports.growLane(lane, kept);
}

export function growMachine(machine: i32): void {
  imports.growMachine(machine);
}

export function growHistogram(histogram: i32, valueNs: f64): void {
  imports.growHistogram(histogram, valueNs);
}

export function growHeap(): void {
  imports.growHeap();
}

/** Room on the heap; returns its address. */
export function room(bytes: i32): i32 {
  return imports.room(bytes);
}

/** Errors. */
export function exhausted(): void {
  imports.exhausted();
}

export function goesBack(timeNs: f64): void {
  imports.goesBack(timeNs);
}

export function standsStill(row: i32): void {
  imports.standsStill(row);
}
