/** Copies of a database that follow the first of their shard for ever: `Replicated.route` and `Serving.read`, where nothing is out of the ordinary. */
import { CommitTime, CommitTimeF, CopyTurn, LastVersion, Lookup, LookupF, SmallKey, Version } from '../key-records';
import { Id } from '../layout';
import { Site } from '../records';
import { ownerOf } from './hash-ring';
import { find, isHere, LAST_VERSION, recordOf } from './key-table';
import * as smallKeys from './small-keys';
import { clock, dataOf, grow, keyOf, nodeOf, opOf, setData } from './tables';

/** The node that a call of a site goes to, Id.Asked: the component must be asked. */
export function route(at: usize, lookup: usize, site: usize): i32 {
  const copies = load<i32>(lookup, Lookup.Copies * 4);
  const shard = load<u32>(lookup, Lookup.Places * 4) == 0 ? 0 : ownerOf(lookup, keyOf(at));
  const first = load<i32>(lookup, Lookup.FirstNode * 4) + shard * copies;
  if (copies == 1 || (opOf(at) & 0xffff) == load<i32>(lookup, Lookup.WriteOperation * 4)) return first;
  const readers = load<u32>(lookup, Lookup.Readers * 4);
  if (readers > 1 && !isAnyFit(lookup, site)) return Id.Asked;
  const versions = load<u32>(lookup, Lookup.Versions * 4);
  if (!isHere(versions)) return Id.Asked;
  setData(at, lastVersion(versions, keyOf(at)));
  const reader = first + load<i32>(lookup, Lookup.FirstReader * 4);
  return readers == 1 ? reader : reader + <i32>(takeTurn(site) % readers);
}

/** Is it all the same which copy takes a call of the site, but for its turn? */
@inline
function isAnyFit(lookup: usize, site: usize): bool {
  return load<i32>(site, Site.Once * 4) != 0 && clock() >= load<f64>(lookup, LookupF.RestsUntil * 8);
}

/** A turn among copies: as `Turns.next` takes it. */
@inline
function takeTurn(site: usize): u32 {
  const turn = load<i32>(site, Site.Turn * 4);
  store<i32>(site, (turn + 1) & CopyTurn.Last, Site.Turn * 4);
  return turn;
}

/** `Consistency.snapshot` */
@inline
function lastVersion(versions: usize, key: i32): f64 {
  if (smallKeys.isSmall(key)) return smallKeys.get(versions, key, SmallKey.Position);
  const entry = find(versions, key, LAST_VERSION);
  return entry == Id.None ? <f64>Version.None : load<f64>(recordOf(versions, entry, LAST_VERSION), LastVersion.Value * 8);
}

/** Reads at the row's node. False: the component must be asked, since the copy lacks what was acknowledged. */
export function read(at: usize, lookup: usize): bool {
  const copies = load<i32>(lookup, Lookup.Copies * 4);
  const copy = nodeOf(at) - load<i32>(lookup, Lookup.FirstNode * 4);
  const shard = copy / copies;
  const positions = load<u32>(lookup, Lookup.Applied * 4);
  const applied = load<f64>(positions + (copy << 3));
  if (dataOf(at) > applied * Version.Branches + shard) return false;
  let asOf = clock();
  // What the first copy has applied is the end of the log.
  if (applied != load<f64>(positions + ((shard * copies) << 3))) {
    const times = load<u32>(lookup, Lookup.CommitTimes * 4) + shard * CommitTime.Bytes;
    if (load<i32>(times, CommitTime.Ring * 4) == 0) return false;
    asOf = timeOf(times, applied);
  }
  grow(lookup, LookupF.Reads, 1);
  setData(at, asOf);
  return true;
}

/** `CommitTimes.at` */
export function timeOf(times: usize, position: f64): f64 {
  const oldest = load<f64>(times, CommitTimeF.First * 8);
  const next = load<f64>(times, CommitTimeF.Next * 8);
  if (next == oldest) return 0;
  const kept = <i64>max(oldest, min(position, next - 1));
  return load<f64>(load<u32>(times, CommitTime.Ring * 4) + ((<i32>kept & load<i32>(times, CommitTime.Mask * 4)) << 3));
}
