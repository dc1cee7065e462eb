/**
 * The core says of its branches which way they rarely go (see tools/core/branches.mjs), so that engines put that out of the way:
 * 5 % more speed, and no other results. Browsers heed such hints by themselves, V8 does from 13.7 on (Chrome 137, Node 25), and
 * before that if a flag tells it to.
 */
const FLAG = '--experimental-wasm-branch-hinting';
const HEEDED_SINCE = [13, 7];

/**
 * Sees to it that V8 heeds the hints; to be called before the first run of a process, whose threads it is good for, too:
 * `heedBranchHints(process.versions.v8, setFlagsFromString)`.
 *
 * @param v8 its version
 * @param setFlags of `node:v8`; called where the version needs a flag
 */
export function heedBranchHints(v8: string, setFlags: (flags: string) => void): void {
  const [major, minor] = v8.split('.').map(Number);
  const [sinceMajor, sinceMinor] = HEEDED_SINCE;
  if (major < sinceMajor || (major === sinceMajor && minor < sinceMinor)) setFlags(FLAG);
}
