/**
 * Writes at the first copy of a database whose others follow it (following.ts): committed, shipped and acknowledged, as `Serving`,
 * `Logs`, `Shipping` and `Consistency` do, where nothing is out of the ordinary.
 */
import { CommitTime, CommitTimeF, Following, Keys, LastVersion, Lookup, LookupF, Shipped, SmallKey, Version, Write, WrittenKeys } from '../key-records';
import { Flag, Id, Kind, Status } from '../layout';
import { isRecorded } from './circumstances';
import * as copies from './copies';
import { derive } from './counter';
import * as events from './event-list';
import * as following from './following';
import { appliedBy, flag, number } from './following';
import { add, find, hasRoom, isHere, LAST_VERSION, recordOf, WRITE } from './key-table';
import * as nodes from './nodes';
import { blank, take } from './pool';
import { round } from './random';
import * as smallKeys from './small-keys';
import {
  clock,
  dataOf,
  flagsOf,
  grow,
  keyOf,
  nodeOf,
  rowAt,
  setData,
  setFlags,
  setIdentity,
  setKey,
  setKind,
  setNode,
  setPc,
  setSite,
  setUser,
} from './tables';
import * as transit from './transit';

/** Does what a copy is about to do by an operand. False: the component must be asked. */
export function act(at: usize, lookup: usize, operand: i32): bool {
  const f = <usize>load<u32>(lookup, Lookup.Following * 4);
  if (f == 0) return false;
  if (operand == load<i32>(f, Following.Operand * 4)) return following.applied(at, lookup, f);
  if (operand == load<i32>(f, Following.Commit * 4)) return commit(at, lookup, f);
  return operand == load<i32>(f, Following.Acknowledge * 4) && acknowledge(at, lookup, f);
}

/** `Serving.commit`, `Logs.append` and `Shipping.committed`, where nobody waits for copies and nobody counts messages. */
function commit(at: usize, lookup: usize, f: usize): bool {
  if (isRecorded()) return false;
  const node = nodeOf(at);
  const copy = node - load<i32>(lookup, Lookup.FirstNode * 4);
  const size = load<i32>(lookup, Lookup.Copies * 4);
  const times = load<u32>(lookup, Lookup.CommitTimes * 4) + (copy / size) * CommitTime.Bytes;
  const next = load<f64>(times, CommitTimeF.Next * 8);
  const mask = load<i32>(times, CommitTime.Mask * 4);
  const isFull = next - load<f64>(times, CommitTimeF.First * 8) == <f64>(mask + 1);
  if (load<i32>(times, CommitTime.Ring * 4) == 0 || isFull || load<i32>(flag(f, Following.Armed, copy)) == 0) return false;
  const component = nodes.componentOf(node);
  const path = transit.pathBetween(component, component);
  const delay = transit.delayOf(path, false);
  if (copy % size != 0 || delay < 0) return false;
  const durable = number(f, Following.Durable, copy);
  const position = load<f64>(durable) + 1;
  store<f64>(durable, position);
  store<f64>(appliedBy(lookup, copy), position);
  store<f64>(load<u32>(times, CommitTime.Ring * 4) + ((<i32><i64>next & mask) << 3), clock());
  store<f64>(times, next + 1, CommitTimeF.Next * 8);
  setData(at, position);
  for (let slot = 1; slot < size; slot++) {
    const pair = copy * size + slot;
    if (load<f64>(number(f, Following.Match, pair)) == position - 1) store<f64>(number(f, Following.Progress, pair), clock());
    if (load<i32>(flag(f, Following.Streams, pair)) == 0) continue;
    ship(f, pair, nodes.numberOf(component), node, node + slot, position, delay);
  }
  return true;
}

/** `Shipping.ship` of one position, `Wire.stream` and `Messages.send`. */
function ship(f: usize, pair: i32, component: i32, from: i32, to: i32, position: f64, delay: f64): void {
  const now = clock();
  const timed = number(f, Following.Timed, pair);
  if (load<f64>(timed) < 0) {
    store<f64>(timed, position);
    store<f64>(number(f, Following.TimedSince, pair), now);
  }
  increase(load<u32>(f, Following.Sent * 4));
  const arrival = number(f, Following.Arrivals, pair);
  const due = max(now + delay, load<f64>(arrival));
  store<f64>(arrival, due);
  const row = take();
  const at = rowAt(row);
  const given = number(f, Following.Given, from);
  increase(given);
  const root = load<u32>(f, Following.Roots * 4) + (from << 3);
  setKind(at, Kind.Message);
  setNode(at, to);
  blank(at);
  setUser(at, from);
  setSite(at, component);
  setPc(at, load<i32>(f, Following.Ship * 4));
  setKey(at, load<i32>(f, Following.Term * 4));
  setIdentity(at, derive(load<i32>(root), load<i32>(root, 4), <i32><i64>load<f64>(given), 0));
  setFlags(at, 0);
  setData(at, position * Shipped.Counts + 1);
  events.schedule(row, at, now + round(due - now));
}

@inline
function increase(at: usize): void {
  store<f64>(at, load<f64>(at) + 1);
}

/** `Serving.acknowledge`, `AcknowledgedWrites.record` and `Consistency.record`. Nothing changes before all is known to have room. */
function acknowledge(at: usize, lookup: usize, f: usize): bool {
  if ((flagsOf(at) & Flag.StatusMask) > Status.Miss) return false;
  const copy = nodeOf(at) - load<i32>(lookup, Lookup.FirstNode * 4);
  const shard = copy / load<i32>(lookup, Lookup.Copies * 4);
  const times = load<u32>(lookup, Lookup.CommitTimes * 4) + shard * CommitTime.Bytes;
  const writes = <usize>load<u32>(f, Following.Writes * 4);
  const versions = <usize>load<u32>(lookup, Lookup.Versions * 4);
  if (load<i32>(times, CommitTime.Ring * 4) == 0 || !isHere(writes) || !isHere(versions)) return false;
  const key = keyOf(at);
  const isSmall = smallKeys.isSmall(key);
  if (isSmall && !smallKeys.hasRoom(versions, key)) return false;
  const isWanted = load<i32>(writes, Keys.Wanted * 4) != 0;
  const isListed = isWanted && (!isSmall || load<i32>(writes, WrittenKeys.History * 4) != 0);
  const write = isListed ? find(writes, key, WRITE) : Id.None;
  if (isListed && write == Id.None && !takes(writes, load<i32>(writes, Keys.Most * 4))) return false;
  const last = isSmall ? Id.None : find(versions, key, LAST_VERSION);
  if (!isSmall && last == Id.None && !takes(versions, load<i32>(versions, Keys.Sweep * 4))) return false;
  const position = dataOf(at);
  const version = copies.timeOf(times, position);
  grow(lookup, LookupF.Writes, 1);
  const told = number(f, Following.Acknowledged, shard);
  store<f64>(told, max(position, load<f64>(told)));
  setData(at, version);
  if (isListed) remember(writes, write, key, version);
  const packed = position * Version.Branches + <f64>shard;
  if (isSmall) {
    smallKeys.set(versions, key, SmallKey.Position, packed);
    if (isWanted && version > smallKeys.get(writes, key, SmallKey.Version)) {
      smallKeys.set(writes, key, SmallKey.Version, version);
    }
    return true;
  }
  const entry = last == Id.None ? add(versions, key, LAST_VERSION) : last;
  store<f64>(recordOf(versions, entry, LAST_VERSION), packed, LastVersion.Value * 8);
  return true;
}

/** Does a table take one more key, of at most so many? */
@inline
function takes(keys: usize, most: i32): bool {
  return load<i32>(keys, Keys.Size * 4) < most && hasRoom(keys);
}

/** `AcknowledgedWrites.remember`, of the entry of a key, Id.None: a new one. */
function remember(writes: usize, entry: i32, key: i32, version: f64): void {
  const write = recordOf(writes, entry == Id.None ? add(writes, key, WRITE) : entry, WRITE);
  if (entry == Id.None) {
    store<f64>(write, -1, Write.Version * 8);
    store<f64>(write, -1, Write.Time * 8);
  }
  if (version < load<f64>(write, Write.Version * 8)) return;
  store<f64>(write, load<f64>(write, Write.Version * 8), Write.VersionBefore * 8);
  store<f64>(write, load<f64>(write, Write.Time * 8), Write.TimeBefore * 8);
  store<f64>(write, version, Write.Version * 8);
  store<f64>(write, clock(), Write.Time * 8);
}
