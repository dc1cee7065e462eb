/** Which part of a component a key belongs to: `HashRing`, as `Lookup` tells of it. */
import { Lookup } from '../key-records';
import { mixKey } from './key-table';

/** `HashRing.ownerOf` */
export function ownerOf(lookup: usize, key: i32): i32 {
  const hash: u32 = mixKey(key);
  const places = load<u32>(lookup, Lookup.Places * 4);
  const length = load<i32>(lookup, Lookup.Length * 4);
  const part = hash >>> load<u32>(lookup, Lookup.PartShift * 4);
  let at = load<i32>(load<u32>(lookup, Lookup.Parts * 4) + (part << 2));
  while (at < length && load<u32>(places + (at << 2)) < hash) at++;
  return load<i32>(load<u32>(lookup, Lookup.Owners * 4) + ((at == length ? 0 : at) << 2));
}
