/** The ring: everybody's share, who moves when a member leaves, and that order does not matter. */
import { describe, expect, it } from 'vitest';
import { HashRing } from '../../sim/engine/hash-ring.ts';

const names = (n: number): string[] => Array.from({ length: n }, (_, i) => `cache#${i + 1}`);
const KEYS = 20_000;

function shares(ring: HashRing, members: number): number[] {
  const counts = Array.from({ length: members }, () => 0);
  for (let key = 0; key < KEYS; key++) counts[ring.ownerOf(key)]++;
  return counts.map((n) => n / KEYS);
}

describe('a hash ring', () => {
  it('gives ten members about a tenth each', () => {
    for (const share of shares(new HashRing(names(10)), 10)) expect(Math.abs(share - 0.1)).toBeLessThan(0.03);
  });

  it('gives shares in proportion to places', () => {
    const [light, heavy] = shares(new HashRing(['light', 'heavy'], [200, 600]), 2);
    expect(heavy / light).toBeGreaterThan(2.4);
    expect(heavy / light).toBeLessThan(3.7);
  });

  it('moves only the keys of the member that leaves', () => {
    const all = names(5);
    const before = new HashRing(all);
    const after = new HashRing(all.filter((name) => name !== 'cache#3'));
    const left = all.filter((name) => name !== 'cache#3');
    let moved = 0;
    for (let key = 0; key < KEYS; key++) {
      const owner = all[before.ownerOf(key)];
      if (owner === 'cache#3') moved++;
      else expect(left[after.ownerOf(key)]).toBe(owner);
    }
    expect(Math.abs(moved / KEYS - 0.2)).toBeLessThan(0.05);
  });

  it('depends on names, not on their order', () => {
    const all = names(7);
    const turned = [...all].reverse();
    const [one, other] = [new HashRing(all), new HashRing(turned)];
    for (let key = 0; key < 2000; key++) expect(turned[other.ownerOf(key)]).toBe(all[one.ownerOf(key)]);
  });

  it('finds the first place at or after the hash, as a search from the beginning would', () => {
    const ring = new HashRing(names(3), 5);
    const visited = new Set<number>();
    for (let place = 0, i = 0; i < ring.length; i++, place = ring.after(place)) visited.add(place);
    expect(visited.size).toBe(15);
    const owners = new Set<number>();
    for (let key = -500; key < 500; key++) {
      const place = ring.placeOf(key);
      expect(place >= 0 && place < 15).toBe(true);
      expect(ring.ownerAt(place)).toBe(ring.ownerOf(key));
      owners.add(ring.ownerOf(key));
    }
    expect([...owners].sort()).toEqual([0, 1, 2]);
  });

  it('of one member owns every key', () => {
    expect(shares(new HashRing(['only'], 1), 1)).toEqual([1]);
  });
});
