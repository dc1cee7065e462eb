/**
 * Entries of the event list, and lists of them. An entry is when it is due, float64, then two words, `what` and `who`. Of most
 * what is the row, and who nothing; users who think have no row (see thinkers.ts).
 *
 * A list is made of chunks, and is the address behind its newest entry (0: it is empty), so that nothing of a chunk need be
 * read to add to it. A chunk, at a multiple of its size, begins with the list that follows it.
 */
import * as host from './host';

/** Bytes of an entry; of a chunk, and of what comes before its first entry. */
export const ENTRY: i32 = 24;
export const CHUNK: i32 = 1024;
export const HEADER: i32 = 16;
/** Chunks made at a time. */
const BATCH: i32 = 128;

/** Free chunks, linked. 0: none. */
let spare: usize = 0;

@inline
export function timeAt(entry: usize): f64 {
  return load<f64>(entry);
}

@inline
export function whatAt(entry: usize): i64 {
  return load<i64>(entry, 8);
}

@inline
export function whoAt(entry: usize): i64 {
  return load<i64>(entry, 16);
}

@inline
export function put(at: usize, time: f64, what: i64, who: i64): void {
  store<f64>(at, time);
  store<i64>(at, what, 8);
  store<i64>(at, who, 16);
}

@inline
export function move(to: usize, from: usize): void {
  put(to, timeAt(from), whatAt(from), whoAt(from));
}

/** Adds an entry to a list. Returns the list with it. */
@inline
export function append(list: usize, time: f64, what: i64, who: i64): usize {
  let at = list;
  if ((list & (CHUNK - 1)) == 0) {
    if (spare == 0) makeChunks();
    const chunk = spare;
    spare = load<u32>(chunk);
    store<u32>(chunk, <u32>list);
    at = chunk + HEADER;
  }
  put(at, time, what, who);
  return at + ENTRY;
}

/** The chunk of a list's newest entry. */
@inline
export function chunkOf(list: usize): usize {
  return (list - 1) & ~(CHUNK - 1);
}

function makeChunks(): void {
  const room = <usize>host.room((BATCH + 1) * CHUNK);
  const first = (room + CHUNK - 1) & ~(CHUNK - 1);
  for (let i = BATCH - 1; i >= 0; i--) freeChunk(first + i * CHUNK);
}

/** Gives a chunk back; returns the list that follows it. */
@inline
export function freeChunk(chunk: usize): usize {
  const next = load<u32>(chunk);
  store<u32>(chunk, <u32>spare);
  spare = chunk;
  return next;
}

/** All entries of a list, added to another. */
export function join(to: usize, list: usize): usize {
  let all = to;
  let rest = list;
  while (rest != 0) {
    const chunk = chunkOf(rest);
    for (let at = chunk + HEADER; at < rest; at += ENTRY) all = append(all, timeAt(at), whatAt(at), whoAt(at));
    rest = freeChunk(chunk);
  }
  return all;
}

/** The same list with its chunks in the order in which they were filled, to be gone through. */
export function inOrder(all: usize): usize {
  let list = all;
  let before: usize = 0;
  while (list != 0) {
    const chunk = chunkOf(list);
    const next = load<u32>(chunk);
    store<u32>(chunk, <u32>before);
    before = list;
    list = next;
  }
  return before;
}

/** When the earliest entry of a list is due, ns; Infinity: it has none. */
export function earliestOf(all: usize): f64 {
  let earliest: f64 = Infinity;
  for (let list = all; list != 0; list = load<u32>(chunkOf(list))) {
    for (let at = chunkOf(list) + HEADER; at < list; at += ENTRY) earliest = min(earliest, timeAt(at));
  }
  return earliest;
}
