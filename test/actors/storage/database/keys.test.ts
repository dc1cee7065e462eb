import { describe, expect, it } from 'vitest';
import { Consistency } from '../../../../sim/actors/storage/database/consistency.ts';
import { Logs } from '../../../../sim/actors/storage/database/logs.ts';
import { Members } from '../../../../sim/actors/storage/database/members.ts';
import { Operations } from '../../../../sim/actors/storage/database/operations.ts';
import { Pins } from '../../../../sim/actors/storage/database/pins.ts';
import { SmallKey, Version } from '../../../../sim/engine/key-records.ts';
import { Versions } from '../../../../sim/actors/storage/database/versions.ts';

describe('consistency', () => {
  it('a copy is stale for a key exactly until it has applied the last acknowledged write of it', () => {
    const logs = new Logs(new Members(1, 2, 0, -1));
    const consistency = new Consistency(logs);
    for (let key = 1; key <= 3; key++) consistency.record(key, 0, logs.append(0, key));
    expect(consistency.isStale(consistency.snapshot(1), 0, 0)).toBe(true);
    expect(consistency.isStale(consistency.snapshot(1), 0, 1)).toBe(false);
    expect(consistency.isStale(consistency.snapshot(3), 0, 2)).toBe(true);
    expect(consistency.isStale(consistency.snapshot(4), 0, 0)).toBe(false);
  });

  it('a write that a failover lost stays missing until the key is written again', () => {
    const logs = new Logs(new Members(1, 2, 0, -1));
    const consistency = new Consistency(logs);
    consistency.record(7, 0, logs.append(0, 1));
    const branch = logs.fork(1, 2);
    logs.append(1, 2);
    logs.append(1, 3);
    expect(consistency.isStale(consistency.snapshot(7), branch, 2)).toBe(true);
    consistency.record(7, branch, logs.append(1, 4));
    expect(consistency.isStale(consistency.snapshot(7), branch, 3)).toBe(false);
  });

  it('forgets keys that are everywhere, and only those', () => {
    const logs = new Logs(new Members(1, 2, 0, -1));
    const consistency = new Consistency(logs);
    // Small ones are never forgotten: they take up no more room by that.
    const first = SmallKey.Most;
    for (let i = 0; i < 20_000; i++) {
      const position = logs.append(0, i);
      if (i === 10_000) logs.durable[1] = logs.applied[1] = position;
      consistency.record(first + i, 0, position);
    }
    for (let i = 10_001; i < 20_000; i++) {
      expect(consistency.isStale(consistency.snapshot(first + i), 0, 10_001)).toBe(true);
    }
    expect(consistency.snapshot(first)).toBe(Version.None);
    expect(consistency.unrecorded).toBe(0);
  });
});

describe('pins', () => {
  it('hold for as long as they say, by population and user', () => {
    const pins = new Pins(50);
    pins.wrote(1, 7, 100);
    expect(pins.isPinned(1, 7, 149)).toBe(true);
    expect(pins.isPinned(1, 7, 150)).toBe(false);
    expect(pins.isPinned(0, 7, 120)).toBe(false);
    expect(pins.isPinned(1, 8, 120)).toBe(false);
    expect(pins.isPinned(2, 7, 120)).toBe(false);
  });

  it('do not grow with users who wrote long ago', () => {
    const pins = new Pins(1000);
    for (let user = 0; user < 200_000; user++) pins.wrote(0, user, user);
    const tables = (pins as unknown as { users: { size: number }[] }).users;
    expect(tables[0].size).toBeLessThan(10_000);
    expect(pins.isPinned(0, 199_500, 200_000)).toBe(true);
  });
});

describe('versions', () => {
  it('are unique and rise even within one instant; the later one wins', () => {
    const versions = new Versions(2, () => Infinity);
    const first = versions.next(5);
    const second = versions.next(5);
    expect(second).toBeGreaterThan(first);
    versions.store(1, 0, second);
    versions.store(1, 0, first);
    expect(versions.at(1, 0)).toBe(second);
    expect(versions.at(1, 1)).toBeLessThan(first);
  });

  it('a key that was forgotten is never stale, one that was not still is', () => {
    const versions = new Versions(2, () => Infinity);
    versions.acknowledge(-1, versions.next(1));
    const snapshot = versions.acknowledged(-1);
    for (let key = 0; key < 10_000; key++) {
      const version = versions.next(key);
      for (const copy of [0, 1]) versions.store(key, copy, version);
      versions.acknowledge(key, version);
      expect(versions.at(key, 0)).toBeGreaterThanOrEqual(versions.acknowledged(key));
    }
    expect(versions.at(-1, 0)).toBeLessThan(snapshot);
    expect((versions as unknown as { table: { size: number } }).table.size).toBeLessThan(10_000);
  });
});

describe('operations', () => {
  it('a handle of an operation that is over finds nothing, even when its slot is in use again', () => {
    const operations = new Operations();
    const slot = operations.take();
    const handle = operations.handle(slot);
    expect(operations.find(handle)).toBe(slot);
    operations.free(slot);
    expect(operations.take()).toBe(slot);
    expect(operations.find(handle)).toBe(-1);
    for (let i = 0; i < 1000; i++) expect(operations.isLive(operations.take())).toBe(true);
    expect(operations.live).toBe(1001);
  });
});
