import { describe, expect, it } from 'vitest';
import { branchOf, Logs, pack, positionOf } from '../../../../sim/actors/storage/database/logs.ts';
import { Members } from '../../../../sim/actors/storage/database/members.ts';
import { CommitTimes } from '../../../../sim/actors/storage/database/commit-times.ts';

/** Three copies; the first has written five positions, the second holds four of them, the third two. */
function three(): Logs {
  const logs = new Logs(new Members(1, 3, 0, -1));
  for (let i = 1; i <= 5; i++) logs.append(0, i * 10);
  logs.durable[1] = logs.applied[1] = 4;
  logs.durable[2] = logs.applied[2] = 2;
  return logs;
}

describe('logs as branches', () => {
  it('packs a position and a branch without loss', () => {
    const packed = pack(4_000_000_000, 2_000_000);
    expect(positionOf(packed)).toBe(4_000_000_000);
    expect(branchOf(packed)).toBe(2_000_000);
  });

  it('a new leader goes on from what it holds; what its predecessor wrote beyond is on another branch', () => {
    const logs = three();
    const branch = logs.fork(1, 2);
    logs.append(1, 100);
    logs.append(1, 110);
    expect(logs.durable[1]).toBe(6);
    expect(logs.common(0, 5, branch, 6)).toBe(4);
    expect(logs.contains(branch, 6, 0, 4)).toBe(true);
    expect(logs.contains(branch, 6, 0, 5)).toBe(false);
    expect(logs.contains(branch, 5, branch, 6)).toBe(false);
    expect(logs.contains(0, 5, branch, 5)).toBe(false);
  });

  it('finds what two logs share through several changes of leader', () => {
    const logs = three();
    const second = logs.fork(1, 2);
    logs.append(1, 100);
    const third = logs.fork(2, 3);
    logs.append(2, 200);
    expect(logs.common(second, 5, third, 3)).toBe(2);
    expect(logs.common(0, 5, third, 3)).toBe(2);
    expect(logs.common(third, 3, third, 1)).toBe(1);
    expect(logs.ofTerm(0, 2)).toBe(second);
    expect(logs.ofTerm(0, 9)).toBe(-1);
  });

  it('votes by the last term first, then by length', () => {
    const logs = three();
    expect(logs.isUpToDate(pack(4, 0), 2)).toBe(true);
    expect(logs.isUpToDate(pack(2, 0), 2)).toBe(true);
    expect(logs.isUpToDate(pack(2, 0), 1)).toBe(false);
    const branch = logs.fork(2, 2);
    // Nothing written in the new term yet: the last entry is still of the old one.
    expect(logs.isUpToDate(pack(2, branch), 0)).toBe(false);
    logs.append(2, 100);
    expect(logs.isUpToDate(pack(3, branch), 0)).toBe(true);
    expect(logs.isUpToDate(pack(5, 0), 2)).toBe(false);
  });

  it('remembers when each position was committed, through branches', () => {
    const logs = three();
    const branch = logs.fork(1, 2);
    logs.append(1, 100);
    expect(logs.timeOf(branch, 5)).toBe(100);
    expect(logs.timeOf(branch, 4)).toBe(40);
    expect(logs.timeOf(0, 5)).toBe(50);
  });

  it('says when a copy holds what nobody wrote', () => {
    const logs = three();
    expect(logs.violation()).toBe('');
    logs.durable[2] = 6;
    expect(logs.violation()).toContain('more than its leader');
  });
});

describe('commit times', () => {
  it('keeps what was not trimmed, however much comes', () => {
    const times = new CommitTimes(7);
    for (let p = 8; p <= 1000; p++) {
      times.push(p * 2);
      if (p % 100 === 0) times.trim(p - 50);
    }
    expect(times.at(1000)).toBe(2000);
    expect(times.at(960)).toBe(1920);
    // Trimmed: the oldest that is left.
    expect(times.at(10)).toBe(951 * 2);
  });

  it('knows nothing before the first', () => {
    expect(new CommitTimes(0).at(1)).toBe(0);
  });
});

describe('members', () => {
  it('puts a witness behind the data nodes of each shard', () => {
    const members = new Members(2, 2, 10, 99);
    expect(members.count).toBe(6);
    expect(members.majority).toBe(2);
    expect([0, 1, 2, 3, 4, 5].map((m) => members.nodeOf(m))).toEqual([10, 11, 99, 12, 13, 99]);
    expect([10, 11, 12, 13].map((n) => members.ofNode(n))).toEqual([0, 1, 3, 4]);
    expect(members.between(99, 13)).toBe(5);
    expect(members.between(12, 99)).toBe(3);
  });
});
