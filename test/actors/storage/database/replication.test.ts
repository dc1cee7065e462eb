import { describe, expect, it } from 'vitest';
import { MS, replicatedOf, run, system } from './kit.ts';

const CORES = 'machine: { cores: 64 }, disk: { parallel: 64 }';

describe('one node', () => {
  it('a write takes core time and the disk, a read the disk only when it misses', () => {
    const ran = run(
      system({
        db: `${CORES}, read: { cpu: 1ms, disk: 10ms, miss: 25% }, write: { cpu: 2ms, fsync: 4ms }`,
        delay: '0s',
      }),
    );
    expect(ran.operation('w').latency.mean).toBeCloseTo(6 * MS, -2);
    expect(ran.operation('r').latency.mean / MS).toBeGreaterThan(3.2);
    expect(ran.operation('r').latency.mean / MS).toBeLessThan(3.8);
    expect(ran.figures.staleReads).toBe(0);
    expect(ran.figures.writes).toBe(ran.operation('w').latency.count);
  });

  it('one disk serves one write at a time: an M/D/1 queue', () => {
    // rho = 0.5: the mean wait of M/D/1 is rho / (2 (1 - rho)) services, half of one.
    const ran = run(
      system({
        db: 'connections: 1000, write: { fsync: 10ms }',
        delay: '0s',
        rate: '50/s',
        does: '{ w: 100% }',
        duration: '400s',
      }),
    );
    expect(ran.operation('w').latency.mean / MS).toBeGreaterThan(14.3);
    expect(ran.operation('w').latency.mean / MS).toBeLessThan(15.7);
  });

  it('connections beyond the limit wait, and beyond the queue are refused', () => {
    const ran = run(
      system({
        db: 'connections: 1, queue: { limit: 2 }, write: { cpu: 1ms, fsync: 30ms }',
        rate: '100/s',
        does: '{ w: 100% }',
      }),
    );
    const { ended } = ran.operation('w');
    expect(ended[0]).toBeGreaterThan(0);
    expect(ended[1] + ended[3]).toBeGreaterThan(2000);
  });
});

describe('asynchronous replicas', () => {
  it('lag is the way to the replica and the time to apply', () => {
    const ran = run(
      system({
        db: `${CORES}, write: { cpu: 1ms }, read: { cpu: 1ms }, replicas: 2, replication: { apply: { cpu: 2ms } }`,
        delay: '5ms',
        rate: '20/s',
      }),
    );
    expect(ran.figures.replicationLagMs).toBeGreaterThan(6.99);
    expect(ran.figures.replicationLagMs).toBeLessThan(7.3);
  });

  it('a read sent to a replica right after the write is stale, one to the primary is not', () => {
    const both = (reads: string) =>
      run(
        system({
          db: `${CORES}, write: { cpu: 1ms }, read: { cpu: 1ms }, replicas: 2, reads: ${reads}`,
          links: 'db -> db: { delay: 20ms }',
          keys: '{ uniform: 100k }',
          does: '{ w: 100% }',
          w: '[ { write: db }, { read: db } ]',
          rate: '10/s',
        }),
      );
    const replicas = both('replicas');
    expect(replicas.figures.staleReads).toBe(replicas.figures.reads);
    expect(both('primary').figures.staleReads).toBe(0);
    const any = both('any');
    expect(any.figures.staleReads / any.figures.reads).toBeCloseTo(2 / 3, 1);
  });

  it('read your writes: the pin sends who wrote to the primary', () => {
    const ran = run(
      system({
        db: `${CORES}, write: { cpu: 1ms }, read: { cpu: 1ms }, replicas: 2, reads: replicas, read-your-writes: { pin: 1s }`,
        links: 'db -> db: { delay: 20ms }',
        keys: '{ uniform: 1M }',
        does: '{ w: 100% }',
        w: '[ { write: db }, { read: db } ]',
        rate: '10/s',
      }),
    );
    expect(ran.figures.staleReads).toBe(0);
    expect(ran.figures.reads).toBeGreaterThan(500);
  });

  it('applying competes with reads for the cores of the replica', () => {
    const lag = (reads: string) =>
      run(
        system({
          db: `connections: 1000, write: { cpu: 0.1ms }, read: { cpu: { exponential: 12ms } }, replicas: 1, reads: ${reads}, machine: { cores: 1 }, replication: { apply: { cpu: 1ms } }`,
          rate: '100/s',
        }),
      ).figures.replicationLagMs;
    // Beside the millisecond on the wire: M/G/1 processor sharing takes 1 ms ÷ (1 - rho), rho = 0.6 + 0.05.
    const busy = lag('replicas') - 1;
    expect(busy).toBeGreaterThan(2.5);
    expect(busy).toBeLessThan(3.2);
    expect(lag('primary') - 1).toBeLessThan(1.1);
  });

  it('one worker that is too slow falls behind; several keep up, in order', () => {
    const lag = (parallel: number) =>
      run(
        system({
          db: `${CORES}, write: { cpu: 0.1ms }, read: { cpu: 1ms }, replicas: 1, replication: { apply: { cpu: { exponential: 12ms }, parallel: ${parallel} } }`,
          rate: '100/s',
          does: '{ w: 100% }',
          duration: '30s',
        }),
      ).figures;
    expect(lag(1).replicationLagMaxMs).toBeGreaterThan(2000);
    expect(lag(8).replicationLagMaxMs).toBeLessThan(400);
  });

  it('a replica that was down catches up from what it held', () => {
    const ran = run(
      system({
        db: `${CORES}, write: { cpu: 1ms }, read: { cpu: 1ms }, replicas: 2, replication: { apply: { cpu: 0.5ms } }`,
        faults: 'f: { crash: db#2, how: power, at: 10s, for: 20s }',
        duration: '60s',
      }),
    );
    const { logs } = replicatedOf(ran.kernel).cluster;
    expect(logs.head[0]).toBeGreaterThan(2500);
    expect(logs.head[0] - logs.applied[1]).toBeLessThan(5);
    expect(logs.head[0] - logs.applied[2]).toBeLessThan(5);
    // The oldest write it had missed was as old as the outage.
    expect(ran.figures.replicationLagMaxMs).toBeGreaterThan(19_000);
    expect(ran.figures.replicationLagMaxMs).toBeLessThan(21_500);
  });

  it('a cut between primary and replica is caught up within seconds of its end', () => {
    const ran = run(
      system({
        db: `${CORES}, write: { cpu: 1ms }, read: { cpu: 1ms }, replicas: 1`,
        faults: 'f: { partition: [ [ db#1 ], [ db#2 ] ], at: 10s, for: 10s }',
        duration: '40s',
      }),
    );
    const { logs } = replicatedOf(ran.kernel).cluster;
    expect(logs.head[0] - logs.durable[1]).toBeLessThan(5);
    expect(ran.figures.replicationLagMaxMs).toBeGreaterThan(9_900);
    expect(ran.figures.replicationLagMaxMs).toBeLessThan(11_500);
  });

  it('loss on a stream delays and reorders nothing', () => {
    const ran = run(
      system({
        db: `${CORES}, write: { cpu: 1ms }, read: { cpu: 1ms }, replicas: 1`,
        links: 'db -> db: { delay: 2ms, loss: 5% }',
      }),
    );
    const { logs } = replicatedOf(ran.kernel).cluster;
    expect(ran.figures.replicationLagMaxMs).toBeGreaterThan(200);
    expect(logs.head[0] - logs.durable[1]).toBeLessThan(200);
  });
});

describe('acknowledgements of replicas', () => {
  const latency = (mode: string, links = '') =>
    run(
      system({
        db: `${CORES}, write: { cpu: 1ms }, read: { cpu: 1ms }, replicas: 2, replication: { mode: ${mode} }`,
        links: `db -> db: { delay: 10ms }, c -> app: { delay: 0s }, app -> db: { delay: 0s } ${links}`,
        rate: '10/s',
      }),
    ).operation('w').latency.mean / MS;

  it('cost a round trip', () => {
    expect(latency('asynchronous')).toBeCloseTo(1, 1);
    expect(latency('semi-synchronous, acks: 1')).toBeCloseTo(21, 1);
    expect(latency('synchronous')).toBeCloseTo(21, 1);
  });

  it('one of two is the faster one', () => {
    const mean = (mode: string) =>
      run(
        system({
          db: `${CORES}, write: { cpu: 0s }, read: { cpu: 1ms }, replicas: 2, replication: { mode: ${mode} }`,
          links: 'db -> db: { delay: { exponential: 10ms } }, c -> app: { delay: 0s }, app -> db: { delay: 0s }',
          rate: '2/s',
          duration: '600s',
          does: '{ w: 100% }',
        }),
      ).operation('w').latency.mean / MS;
    const one = mean('semi-synchronous, acks: 1');
    const both = mean('semi-synchronous, acks: 2');
    const all = mean('synchronous');
    expect(both).toBeCloseTo(all, 6);
    // Two Erlang-2 round trips of mean 20 ms: the lesser has mean 12.5, the greater 27.5.
    expect(one).toBeGreaterThan(11.7);
    expect(one).toBeLessThan(13.3);
    expect(both).toBeGreaterThan(26);
    expect(both).toBeLessThan(29);
  });

  it('synchronous writes stand still while a replica is down, semi-synchronous ones do not', () => {
    const done = (mode: string) =>
      run(
        system({
          db: `connections: 10000, ${CORES}, write: { cpu: 1ms }, read: { cpu: 1ms }, replicas: 2, replication: { mode: ${mode} }`,
          w: '[ { write: db, timeout: 1s } ]',
          faults: 'f: { crash: db#3, how: kill, at: 10s, for: 20s }',
          duration: '60s',
        }),
      );
    expect(done('semi-synchronous, acks: 1').operation('w').ended[1]).toBe(0);
    const failed = done('synchronous').operation('w').ended[1];
    expect(failed).toBeGreaterThan(0.8 * 50 * 20);
    expect(failed).toBeLessThan(1.3 * 50 * 20);
  });
});

describe('shards', () => {
  it('spread the keys, and each key stays where it is whatever the replicas', () => {
    const heads = (replicas: number) => {
      const ran = run(
        system({
          db: `${CORES}, write: { cpu: 1ms }, shards: 4, replicas: ${replicas}`,
          does: '{ w: 100% }',
          duration: '20s',
        }),
      );
      return replicatedOf(ran.kernel).cluster.logs.head.slice(0, 4);
    };
    const alone = heads(0);
    expect(heads(2)).toEqual(alone);
    const sum = alone.reduce((a, b) => a + b, 0);
    for (const head of alone) {
      expect(head / sum).toBeGreaterThan(0.12);
      expect(head / sum).toBeLessThan(0.4);
    }
  });
});
