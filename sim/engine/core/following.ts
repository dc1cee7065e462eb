/**
 * Copies of a database that follow the first of their shard for ever, asynchronously and one write at a time: `Shipping.received`,
 * `Apply` and `Work.spawn`, where nothing is out of the ordinary. What the first one does with a write: writes.ts.
 */
import { CommitTime, Following, FollowingF, Lookup, Shipped } from '../key-records';
import { Kind } from '../layout';
import { Component } from '../records';
import * as copies from './copies';
import { derive } from './counter';
import { addLimbs } from './ledger';
import * as nodes from './nodes';
import { blank, free, pushReady, take } from './pool';
import {
  clock,
  componentAt,
  dataOf,
  flagsOf,
  grow,
  nodeAt,
  nodeOf,
  pcOf,
  rowAt,
  setData,
  setFlags,
  setIdentity,
  setKey,
  setKind,
  setNode,
  setOp,
  setPc,
  setUser,
  siteOf,
  userOf,
} from './tables';

/** A message is due. False: the component must be asked, unless it brings a copy what comes next of the log. */
export function received(row: i32, at: usize): bool {
  const component = componentAt(siteOf(at));
  const lookup = <usize>load<u32>(component, Component.Lookup * 4);
  const f = lookup == 0 ? 0 : <usize>load<u32>(lookup, Lookup.Following * 4);
  if (f == 0 || pcOf(at) != load<i32>(f, Following.Ship * 4) || flagsOf(at) != 0) return false;
  const node = nodeOf(at);
  if (!nodes.accepts(nodeAt(node))) return false;
  const copy = node - load<i32>(lookup, Lookup.FirstNode * 4);
  const upto = floor(dataOf(at) / Shipped.Counts);
  const from = upto - (dataOf(at) - upto * Shipped.Counts);
  const durable = number(f, Following.Durable, copy);
  // A gap, or one more timer.
  if (from > load<f64>(durable) || load<i32>(flag(f, Following.Tells, copy)) == 0) return false;
  free(row);
  if (upto <= load<f64>(durable)) return true;
  store<f64>(durable, upto);
  pump(component, lookup, f, copy);
  return true;
}

/** `Apply.finished` */
export function applied(at: usize, lookup: usize, f: usize): bool {
  const node = nodeOf(at);
  const copy = node - load<i32>(lookup, Lookup.FirstNode * 4);
  if (userOf(at) != load<i32>(flag(f, Following.Epoch, copy))) return true;
  const times = load<u32>(lookup, Lookup.CommitTimes * 4) + (copy / load<i32>(lookup, Lookup.Copies * 4)) * CommitTime.Bytes;
  if (load<i32>(times, CommitTime.Ring * 4) == 0) return false;
  const positions = appliedBy(lookup, copy);
  const position = load<f64>(positions) + 1;
  store<i32>(flag(f, Following.Busy, copy), 0);
  store<f64>(positions, position);
  const age = clock() - copies.timeOf(times, position);
  addLimbs(f + FollowingF.Age * 8, age);
  grow(f, FollowingF.Count, 1);
  store<f64>(f, max(age, load<f64>(f, FollowingF.Longest * 8)), FollowingF.Longest * 8);
  pump(nodes.componentOf(node), lookup, f, copy);
  return true;
}

/** `Apply.pump` */
function pump(component: usize, lookup: usize, f: usize, copy: i32): void {
  const done = load<f64>(appliedBy(lookup, copy));
  const next = number(f, Following.Next, copy);
  // The first copy applies what it commits itself.
  const position = max(load<f64>(next), done + 1);
  store<f64>(next, position);
  const busy = flag(f, Following.Busy, copy);
  if (load<i32>(busy) != 0 || position > load<f64>(number(f, Following.Durable, copy)) || position > done + 1) return;
  store<i32>(busy, 1);
  store<f64>(next, position + 1);
  start(component, f, copy, load<i32>(lookup, Lookup.FirstNode * 4) + copy, position);
}

/** `Apply.start`, and `Work.spawn`. */
function start(component: usize, f: usize, copy: i32, node: i32, position: f64): void {
  const row = take();
  const at = rowAt(row);
  const operation = load<i32>(f, Following.Operation * 4);
  setKind(at, Kind.Resume);
  setNode(at, node);
  setPc(at, load<i32>(load<u32>(component, Component.Programs * 4) + (operation << 2)));
  blank(at);
  setFlags(at, 0);
  setIdentity(at, derive(load<i32>(f, Following.RootA * 4), load<i32>(f, Following.RootB * 4), copy, <i32><i64>position));
  setKey(at, 0);
  setUser(at, load<i32>(flag(f, Following.Epoch, copy)));
  setOp(at, operation);
  setData(at, position);
  pushReady(row);
}

/** Where the last position stands that a copy has applied. */
@inline
export function appliedBy(lookup: usize, copy: i32): usize {
  return load<u32>(lookup, Lookup.Applied * 4) + (copy << 3);
}

/** Where the number of a copy stands. */
@inline
export function number(f: usize, column: Following, copy: i32): usize {
  return load<u32>(f + (column << 2)) + (copy << 3);
}

@inline
export function flag(f: usize, column: Following, copy: i32): usize {
  return load<u32>(f + (column << 2)) + (copy << 2);
}
