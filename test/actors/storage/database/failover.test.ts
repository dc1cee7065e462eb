import { describe, expect, it } from 'vitest';
import { replicatedOf, run, system, type Ran, type SystemText } from './kit.ts';

const RETRY = 'timeout: 1s, retry: { attempts: 2, backoff: { base: 10ms, cap: 1s } }';
const BASE = 'machine: { cores: 8 }, disk: { parallel: 8 }, read: { cpu: 1ms }, write: { cpu: 1ms, fsync: 1ms }';

function cluster(failover: string, more: Partial<SystemText> & { replicas?: number; mode?: string }): Ran {
  const { replicas = 2, mode = 'asynchronous', ...rest } = more;
  return run(
    system({
      db: `${BASE}, replicas: ${replicas}, replication: { mode: ${mode}, apply: { cpu: 0.2ms } }, failover: { ${failover} }`,
      w: `[ { write: db, ${RETRY} } ]`,
      r: `[ { read: db, ${RETRY} } ]`,
      ...rest,
    }),
  );
}

const ELECTION = 'by: election, heartbeat: 500ms, timeout: 3s, promotion: 1s';
const MONITOR = 'by: monitor, heartbeat: 500ms, timeout: 3s, promotion: 1s';
const kill = (how: string, node = 1) => `f: { crash: db#${node}, how: ${how}, at: 20s, for: 20s }`;

/** Writes that ended well in the seconds from one time to another after the warm-up. */
function goodWrites(ran: Ran, from: number, to: number): number {
  let sum = 0;
  for (let s = from + 5; s < to + 5; s++) sum += ran.kernel.outcomes.completedBySecond[s] ?? 0;
  return sum;
}

describe('a primary that dies', () => {
  it.each([
    ['killed, by election', ELECTION, 'kill'],
    ['without power, by election', ELECTION, 'power'],
    ['killed, by the monitor', MONITOR, 'kill'],
    ['without power, by the monitor', MONITOR, 'power'],
  ])('%s: noticed after the timeout, replaced after the promotion, back as a replica', (_, failover, how) => {
    const ran = cluster(failover, { faults: kill(how), does: '{ w: 100% }' });
    const [detected] = ran.story('detected');
    const [elected] = ran.story('election');
    const [promoted] = ran.story('promoted');
    expect(detected.at).toBeGreaterThan(22.4);
    expect(detected.at).toBeLessThan(24.4);
    expect(elected.at).toBeGreaterThan(detected.at);
    expect(elected.at).toBeLessThan(detected.at + 0.1);
    expect(promoted.at).toBeCloseTo(elected.at + 1, 9);
    expect(ran.figures.promotions).toBe(1);
    expect(goodWrites(ran, 21, 23)).toBe(0);
    expect(goodWrites(ran, 26, 36)).toBeGreaterThan(850);
    const { cluster: after } = replicatedOf(ran.kernel);
    const leader = [0, 1, 2].filter((m) => after.role[m] === 2);
    expect(leader).toHaveLength(1);
    expect(leader[0]).not.toBe(0);
    expect(after.leader[0]).toBe(leader[0]);
    expect(after.logs.head[after.logs.branch[0]] - after.logs.durable[0]).toBeLessThan(5);
  });

  it('comes back before anybody noticed: it is no longer primary, and somebody becomes it', () => {
    for (const failover of [ELECTION, MONITOR]) {
      const ran = cluster(failover, { faults: 'f: { crash: db#1, how: kill, at: 20s, for: 1s }', does: '{ w: 100% }' });
      expect(ran.story('promoted')).toHaveLength(1);
      expect(goodWrites(ran, 27, 37)).toBeGreaterThan(850);
    }
  });

  it('without failover: writes fail until it is back, and it leads again', () => {
    const ran = run(
      system({ db: `${BASE}, replicas: 2, reads: replicas`, w: `[ { write: db, ${RETRY} } ]`, faults: kill('power') }),
    );
    expect(ran.story('promoted')).toHaveLength(0);
    expect(ran.operation('w').ended[1]).toBeGreaterThan(0.8 * 50 * 20);
    expect(ran.operation('r').ended[1]).toBe(0);
    expect(replicatedOf(ran.kernel).cluster.logs.head[0]).toBeGreaterThan(0.9 * 45 * 50);
  });

  it('of two nodes: no majority is left, nobody takes over', () => {
    const ran = cluster(ELECTION, { replicas: 1, faults: kill('kill'), does: '{ w: 100% }' });
    expect(ran.story('promoted').filter((h) => h.at < 40)).toHaveLength(0);
    expect(goodWrites(ran, 21, 40)).toBe(0);
  });

  it('of two nodes and a witness: the replica takes over', () => {
    const ran = cluster(`${ELECTION}, witness: true`, { replicas: 1, faults: kill('kill'), does: '{ w: 100% }' });
    expect(ran.story('promoted')).toHaveLength(1);
    expect(ran.story('election')[0].what).toContain('2 of 3 votes');
    expect(goodWrites(ran, 26, 36)).toBeGreaterThan(850);
  });

  it('the new primary applies what it holds before it accepts writes', () => {
    const ran = run(
      system({
        db: `${BASE}, replicas: 1, replication: { apply: { cpu: 25ms } }, failover: { ${MONITOR} }`,
        w: `[ { write: db, ${RETRY} } ]`,
        faults: kill('kill'),
      }),
    );
    // 25 s of 50 writes a second at 40 a second: some 250 are behind, 6 s of work, of which 4 pass before.
    const [elected] = ran.story('election');
    const [promoted] = ran.story('promoted');
    expect(promoted.at - elected.at).toBeGreaterThan(1.5);
    expect(promoted.at - elected.at).toBeLessThan(6);
  });

  it('each shard fails over by itself', () => {
    const ran = run(
      system({
        db: `${BASE}, shards: 3, replicas: 2, failover: { ${ELECTION} }`,
        w: `[ { write: db, ${RETRY} } ]`,
        faults: 'f: { crash: db#4, how: kill, at: 20s, for: 20s }',
        does: '{ w: 100% }',
      }),
    );
    expect(ran.story('promoted')).toHaveLength(1);
    expect(ran.story('promoted')[0].what).toMatch(/^db#[56] /);
    // The other two shards never missed a write.
    expect(goodWrites(ran, 21, 23)).toBeGreaterThan(90);
  });
});

describe('writes lost', () => {
  it.each([
    [500, 0.2],
    [2000, 1.5],
  ])('RF-rpo-V: %d writes a second with a lag of %d s lose their product', (rate, lag) => {
    const ran = run(
      system({
        db: `machine: { cores: 64 }, connections: 10000, write: { cpu: 0.1ms }, replicas: 1, failover: { by: monitor, heartbeat: 1s, timeout: 5s, promotion: 1s }`,
        links: `db -> db: { delay: ${lag}s }`,
        rate: `${rate}/s`,
        does: '{ w: 100% }',
        warmup: '1s',
        duration: '22s',
        faults: 'f: { crash: db#1, how: power, at: 10s }',
      }),
    );
    const expected = rate * lag;
    const { acknowledgedWritesLost: lost, rpoSeconds } = ran.figures;
    expect(Math.abs(lost - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(rpoSeconds).toBeGreaterThan(lag - 0.05);
    expect(rpoSeconds).toBeLessThanOrEqual(lag);
    const [entry] = ran.story('lost-writes');
    expect(entry.value).toBe(lost);
    expect(entry.data).toBe(rpoSeconds);
  });

  // The age of what was lost was told by the last crash of any copy: 4.2 s of it.
  it('are as old as they were when their leader went, whoever dies later', () => {
    const [alone, andAnother] = ['', ', g: { crash: db#4, at: 14s, for: 500ms }'].map((other) => {
      const ran = run(
        system({
          db: `${BASE}, replicas: 3, failover: { by: election, timeout: 6s, election-timeout: { uniform: [500ms, 3s] } }`,
          w: `[ { write: db, ${RETRY} } ]`,
          links: 'db -> db: { delay: 200ms }',
          rate: '200/s',
          does: '{ w: 100% }',
          warmup: '1s',
          duration: '30s',
          faults: `f: { crash: db#1, how: power, at: 10s }${other}`,
        }),
      );
      return ran.figures.rpoSeconds;
    });
    expect(alone).toBeGreaterThan(0.15);
    expect(alone).toBeLessThanOrEqual(0.2);
    expect(andAnother).toBe(alone);
  });

  it('none when a replica had acknowledged each, whoever dies', () => {
    for (const node of [1, 2, 3]) {
      const ran = cluster(ELECTION, { mode: 'semi-synchronous', delay: '20ms', faults: kill('power', node) });
      expect(ran.figures.acknowledgedWritesLost).toBe(0);
      expect(ran.figures.writes).toBeGreaterThan(1500);
    }
  });

  it('a read of a lost write is stale until the key is written again', () => {
    const ran = run(
      system({
        db: `${BASE}, replicas: 1, failover: { ${MONITOR} }`,
        links: 'db -> db: { delay: 500ms }',
        keys: '{ uniform: 100k }',
        does: '{ w: 100% }',
        // Each writes, and reads the same key long after.
        w: `[ { write: db, ${RETRY} }, { sleep: 10s }, { read: db, ${RETRY} } ]`,
        faults: kill('power'),
      }),
    );
    const { acknowledgedWritesLost: lost, staleReads } = ran.figures;
    expect(lost).toBeGreaterThan(20);
    expect(staleReads).toBeGreaterThan(0.9 * lost - 5);
    expect(staleReads).toBeLessThanOrEqual(lost);
  });
});

describe('fencing', () => {
  it('a primary that was paused acknowledges nothing after its lease', () => {
    for (const failover of [ELECTION, MONITOR]) {
      const ran = cluster(failover, { faults: kill('pause') });
      expect(ran.figures.conflictsSplitBrain).toBe(0);
      const fenced = ran.story('fenced');
      expect(fenced).toHaveLength(1);
      expect(fenced[0].what).toContain('db#1');
      expect(fenced[0].at).toBeCloseTo(40, 1);
    }
  });

  it('a primary that is cut off stops before its successor begins', () => {
    const ran = cluster(ELECTION, { faults: 'f: { partition: [ [ db#1, app ], [ db#2, db#3 ] ], at: 20s, for: 20s }' });
    const [fenced] = ran.story('fenced');
    const [promoted] = ran.story('promoted');
    expect(fenced.what).toContain('db#1');
    expect(fenced.at).toBeLessThan(promoted.at);
    expect(ran.figures.conflictsSplitBrain).toBe(0);
    // What it acknowledged while it did not yet know is lost all the same: replication is asynchronous.
    expect(ran.figures.acknowledgedWritesLost).toBeGreaterThan(100);
  });

  it('without it both accept writes, and those of the old one are lost when the network is whole again', () => {
    const ran = cluster(`${ELECTION}, fencing: false`, {
      faults: 'f: { partition: [ [ db#1, app ], [ db#2, db#3 ] ], at: 20s, for: 20s }',
    });
    const { conflictsSplitBrain, acknowledgedWritesLost } = ran.figures;
    const [promoted] = ran.story('promoted');
    const conflicts = (40 - promoted.at) * 50;
    expect(conflictsSplitBrain).toBeGreaterThan(conflicts - 4 * Math.sqrt(conflicts));
    expect(conflictsSplitBrain).toBeLessThan(conflicts + 4 * Math.sqrt(conflicts) + 30);
    const lost = 20 * 50;
    expect(acknowledgedWritesLost).toBeGreaterThan(lost - 4 * Math.sqrt(lost));
    expect(acknowledgedWritesLost).toBeLessThan(lost + 4 * Math.sqrt(lost) + 30);
    expect(ran.story('lost-writes')).toHaveLength(2);
    expect(ran.story('fenced')[0].at).toBeGreaterThan(40);
    expect(ran.operation('w').ended[1]).toBe(0);
  });

  it('without it, but with acknowledgements of replicas, the old one cannot acknowledge either', () => {
    const ran = cluster(`${ELECTION}, fencing: false`, {
      mode: 'semi-synchronous',
      faults: 'f: { partition: [ [ db#1, app ], [ db#2, db#3 ] ], at: 20s, for: 20s }',
    });
    expect(ran.figures.acknowledgedWritesLost).toBe(0);
    expect(ran.figures.conflictsSplitBrain).toBe(0);
  });
});

describe('callers', () => {
  it('on the wrong side of a cut go on with the primary they know', () => {
    const ran = cluster(ELECTION, {
      faults: 'f: { partition: [ [ db#1, app ], [ db#2, db#3 ] ], at: 20s, for: 20s }',
      does: '{ w: 100% }',
    });
    expect(goodWrites(ran, 27, 39)).toBe(0);
    expect(goodWrites(ran, 43, 53)).toBeGreaterThan(850);
  });

  it('are told of the new primary again until they hear', () => {
    const ran = cluster(ELECTION, {
      faults: `${kill('kill')}, cut: { partition: [ [ app ], [ db#2, db#3 ] ], at: 20s, for: 15s }`,
      does: '{ w: 100% }',
    });
    expect(ran.story('promoted')[0].at).toBeLessThan(26);
    expect(goodWrites(ran, 26, 34)).toBe(0);
    expect(goodWrites(ran, 37, 47)).toBeGreaterThan(850);
  });
});

describe('a replica that is cut off', () => {
  it('deposes nobody when it comes back', () => {
    const ran = cluster(ELECTION, {
      faults: 'f: { partition: [ [ db#2 ], [ db#1, db#3 ] ], at: 20s, for: 20s }',
    });
    expect(ran.story('promoted')).toHaveLength(0);
    expect(ran.story('fenced')).toHaveLength(0);
    expect(ran.operation('w').ended[1]).toBe(0);
    const { cluster: after } = replicatedOf(ran.kernel);
    expect([...after.term]).toEqual([1, 1, 1]);
    expect(after.logs.head[0] - after.logs.durable[1]).toBeLessThan(5);
  });
});
