/**
 * What a person has in front of them as the fragment of an address, and back. The fragment never reaches a server. What
 * comes back is a stranger's: sizes are bounded before and while it is unpacked, and every field is looked at.
 */
import type { Change, Value } from '../scenario/tree.ts';
import type { Kill } from '../worker/messages.ts';

export interface Shared {
  /** Name of a shipped scenario, without ending; 'scenario' for an own one. */
  name: string;
  /** null: the shipped scenario of that name as it is. */
  text: string | null;
  stage: number;
  changes: Change[];
  kills: Kill[];
}

/** What makes a link unusable, in words for the person who opened it. */
export class LinkError extends Error {}

/** Longer addresses are cut by mail programs and chats. */
const longestLink = 30_000;

/** What a scenario file may have, with room for the rest. */
const largestText = 1 << 20;
const largestJson = 2 * largestText;

/** Not more than a person moves by hand. */
const mostChanges = 200;

const version = 1;
const mark = '#s=';

/** The fragment, `#` included. Throws a LinkError when there is too much for a link. */
export async function fragmentOf(shared: Shared): Promise<string> {
  const { name, text, stage, changes, kills } = shared;
  const packed = [
    version,
    name,
    text,
    stage,
    changes.map(({ path, value }) => [path, value]),
    kills.map((kill) => Object.values(ordered(kill))),
  ];
  const bytes = await through(new TextEncoder().encode(JSON.stringify(packed)), new CompressionStream('deflate-raw'));
  const fragment = mark + base64Url(bytes);
  if (fragment.length > longestLink)
    throw new LinkError('this scenario is too large for a link; save it as a file instead');
  return fragment;
}

function ordered({ target, atSeconds, forSeconds }: Kill) {
  return { target, atSeconds, forSeconds };
}

/** What a fragment holds; null when it is no shared scenario at all. Throws a LinkError when it is a broken one. */
export async function sharedIn(fragment: string): Promise<Shared | null> {
  if (!fragment.startsWith(mark)) return null;
  const coded = fragment.slice(mark.length);
  if (coded.length > longestLink || !/^[\w-]+$/.test(coded)) throw new LinkError('this link is not complete');
  let json: string;
  try {
    const bytes = await through(bytesOf(coded), new DecompressionStream('deflate-raw'), largestJson);
    json = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new LinkError('this link is damaged; ask for it to be sent again');
  }
  return checked(parsed(json));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new LinkError('this link is damaged; ask for it to be sent again');
  }
}

function checked(packed: unknown): Shared {
  if (!Array.isArray(packed) || typeof packed[0] !== 'number') throw new LinkError('this link holds no scenario');
  if (packed[0] > version) throw new LinkError('this link was made by a newer Tenfold');
  const [, name, text, stage, changes, kills] = packed as unknown[];
  const isGood =
    isText(name, 200) &&
    (text === null || isText(text, largestText)) &&
    isWhole(stage, 200) &&
    isList(changes) &&
    changes.every((one) => Array.isArray(one) && isPath(one[0]) && isValue(one[1])) &&
    isList(kills) &&
    kills.every(
      (one) => Array.isArray(one) && isText(one[0], 300) && isTime(one[1]) && (one[2] === null || isTime(one[2])),
    );
  if (!isGood) throw new LinkError('this link holds no scenario');
  return {
    name,
    text,
    stage,
    changes: changes.map(([path, value]) => ({ path, value })),
    kills: kills.map(([target, atSeconds, forSeconds]) => ({ target, atSeconds, forSeconds })),
  };
}

const isText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length <= longest;
const isWhole = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;
const isTime = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1e7;
const isList = (value: unknown): value is any[] => Array.isArray(value) && value.length <= mostChanges;

const forbidden = new Set<unknown>(['__proto__', 'constructor', 'prototype', 'stages']);

function isPath(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || value.length > 30) return false;
  return value.every((step) => isWhole(step, 10_000) || (isText(step, 300) && !forbidden.has(step)));
}

/** A value of a setting: text, number, switch or nothing; never a map, which a slider cannot make. */
function isValue(value: unknown): value is Value {
  if (value === null || typeof value === 'boolean') return true;
  return isText(value, 300) || (typeof value === 'number' && Number.isFinite(value));
}

/** Bytes through a stream; gives up as soon as there are more than `most`. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  most = Number.POSITIVE_INFINITY,
) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError('too much');
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function base64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function bytesOf(coded: string): Uint8Array<ArrayBuffer> {
  const binary = atob(coded.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
