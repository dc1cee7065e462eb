/** Leaderless quorums: Probabilistically Bounded Staleness (Bailis et al. 2012), and what faults do. */
import { describe, expect, it } from 'vitest';
import { MS, run, system } from './kit.ts';

const SSD =
  '{ mixture: [ { weight: 91.22%, of: { pareto: { scale: 0.235ms, shape: 10 } } }, { weight: 8.78%, of: { exponential: 0.60241ms } } ] }';
const DISK =
  '{ mixture: [ { weight: 38%, of: { pareto: { scale: 1.05ms, shape: 1.51 } } }, { weight: 62%, of: { exponential: 5.464481ms } } ] }';
const YMMR_W =
  '{ mixture: [ { weight: 93.9%, of: { pareto: { scale: 3ms, shape: 3.35 } } }, { weight: 6.1%, of: { exponential: 357.142857ms } } ] }';
const YMMR =
  '{ mixture: [ { weight: 98.2%, of: { pareto: { scale: 1.5ms, shape: 3.8 } } }, { weight: 1.8%, of: { exponential: 46.082949ms } } ] }';

const quorum = (n: number, r: number, w: number, write: string, rest: string) =>
  `connections: 100000, quorum: { n: ${n}, r: ${r}, w: ${w}, delays: { write: ${write}, ack: ${rest}, read: ${rest}, response: ${rest} } }`;

describe('RF-pbs: latency of quorums and what reads miss', () => {
  it.each([
    ['LNKD-SSD', SSD, SSD, 1, 1, 0.4889, 0.5627, 0.4889, 0.97358],
    ['LNKD-SSD', SSD, SSD, 2, 1, 0.5146, 0.9093, 0.4889, 0.99943],
    ['LNKD-SSD', SSD, SSD, 2, 2, 0.5146, 0.9093, 0.5146, 1],
    ['LNKD-DISK', DISK, SSD, 1, 1, 0.4889, 0.5627, 1.505, 0.43679],
    ['LNKD-DISK', DISK, SSD, 2, 1, 0.5146, 0.9093, 1.505, 0.76247],
    ['YMMR', YMMR_W, YMMR, 1, 1, 3.366, 4.613, 5.089, 0.8874],
    ['YMMR', YMMR_W, YMMR, 2, 1, 3.8, 6.682, 5.089, 0.99008],
  ])('%s', (_name, write, rest, r, w, readP50, readP99, writeP50, consistent) => {
    const ran = run(
      system({
        db: quorum(3, r, w, write, rest),
        delay: '0s',
        rate: '1k/s',
        keys: '',
        duration: '12s',
        does: '{ w: 20%, r: 40%, both: 40% }',
      }).replace('operations:', 'operations:\n      both: [ { write: db }, { read: db } ]'),
    );
    const read = ran.operation('r').latency;
    const near = (ns: number, ms: number) => Math.abs(ns / MS / ms - 1);
    expect(near(read.quantile(0.5), readP50)).toBeLessThan(0.03);
    // A few dozen samples lie beyond it, on a thin tail.
    expect(near(read.quantile(0.99), readP99)).toBeLessThan(0.2);
    expect(near(ran.operation('w').latency.quantile(0.5), writeP50)).toBeLessThan(0.03);
    // Reads of keys that nobody else writes are never stale: only those of `both` can be.
    const n = ran.operation('both').latency.count;
    const deviation = Math.sqrt((consistent * (1 - consistent)) / n);
    expect(Math.abs(1 - ran.figures.staleReads / n - consistent)).toBeLessThan(4 * deviation + 0.001);
  });

  it('staleness decays with the time between write and read', () => {
    const consistent = (sleep: string) => {
      const ran = run(
        system({
          db: quorum(3, 1, 1, DISK, SSD),
          delay: '0s',
          rate: '500/s',
          keys: '',
          duration: '8s',
          does: '{ w: 100% }',
          w: `[ { write: db }, { sleep: ${sleep} }, { read: db } ]`,
        }),
      );
      return 1 - ran.figures.staleReads / ran.figures.reads;
    };
    expect(consistent('1ms')).toBeCloseTo(0.58369, 1);
    expect(consistent('5ms')).toBeCloseTo(0.8182, 1);
    expect(consistent('100ms')).toBeGreaterThan(0.998);
  });
});

describe('copies that work', () => {
  it('read and write cost CPU and disk at every copy', () => {
    const ran = run(
      system({
        db: 'machine: { cores: 16 }, disk: { parallel: 16 }, quorum: { n: 3, r: 2, w: 2 }, read: { cpu: 2ms }, write: { cpu: 3ms, fsync: 4ms }',
        delay: '1ms',
        rate: '20/s',
      }),
    );
    // Client and application are a millisecond each way apart, application and database as well; then to copies and back.
    expect(ran.operation('r').latency.quantile(0.5) / MS).toBeCloseTo(8, 1);
    expect(ran.operation('w').latency.quantile(0.5) / MS).toBeCloseTo(13, 1);
  });
});

describe('copies that fail', () => {
  const done = (r: number, w: number, faults: string) =>
    run(
      system({
        db: `connections: 10000, quorum: { n: 3, r: ${r}, w: ${w} }, read: { cpu: 0.1ms }, write: { cpu: 0.1ms }`,
        keys: '{ uniform: 100 }',
        r: '[ { read: db, timeout: 1s, retry: { attempts: 3 } } ]',
        w: '[ { write: db, timeout: 1s, retry: { attempts: 3 } } ]',
        duration: '40s',
        faults,
      }),
    );

  it('one of three is not missed by majorities', () => {
    const ran = done(2, 2, 'f: { crash: db#2, how: kill, at: 10s, for: 10s }');
    expect(ran.operation('w').ended[1] + ran.operation('r').ended[1]).toBe(0);
    expect(ran.figures.staleReads).toBe(0);
  });

  it('write to all stands still without one; reads of one go on', () => {
    const ran = done(1, 3, 'f: { crash: db#2, how: kill, at: 10s, for: 10s }');
    expect(ran.operation('w').ended[1]).toBeGreaterThan(300);
    expect(ran.operation('r').ended[1]).toBe(0);
  });

  it('what a copy missed while it was down it serves as stale afterwards', () => {
    const ran = done(1, 1, 'f: { crash: db#2, how: power, at: 10s, for: 10s }');
    // Drivers leave it alone for ten seconds after it failed them, so it does not coordinate at once.
    expect(ran.figures.staleReads).toBeGreaterThan(4);
  });

  it('a coordinator that never gets its quorum gives up, and its connections are free again', () => {
    const ran = run(
      system({
        db: 'connections: 1000, quorum: { n: 3, r: 1, w: 3 }, write: { cpu: 0.1ms }, read: { cpu: 0.1ms }',
        w: '[ { write: db } ]',
        duration: '60s',
        faults: 'f: { partition: [ [ db#1 ], [ db#2, db#3 ] ], at: 10s, for: 5s }',
      }),
    );
    expect(ran.operation('w').ended[1]).toBeGreaterThan(150);
    const { stations } = ran.kernel.world;
    for (let i = 0; i < stations.specs.length; i++) expect(stations.busy(i)).toBeLessThan(10);
  });
});
