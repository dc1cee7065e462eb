/** Random faults on databases of many shapes: every law holds, and no promise is broken. */
import { describe, expect, it } from 'vitest';
import { run, system } from './kit.ts';

const SHAPES = [
  'replicas: 2, reads: any, replication: { mode: asynchronous, apply: { cpu: 0.5ms } }, failover: { by: election, FAST }',
  'replicas: 2, replication: { mode: semi-synchronous, apply: { cpu: 0.5ms, parallel: 3 } }, failover: { by: election, FAST }',
  'replicas: 4, shards: 3, reads: replicas, replication: { mode: semi-synchronous, acks: 2 }, failover: { by: election, FAST, witness: true }',
  'replicas: 1, replication: { mode: semi-synchronous }, failover: { by: election, FAST, witness: true }',
  'replicas: 2, replication: { mode: synchronous }, failover: { by: election, FAST }',
  'replicas: 2, reads: any, replication: { mode: asynchronous }, failover: { by: monitor, FAST }',
  'replicas: 2, shards: 2, replication: { mode: asynchronous }, failover: { by: monitor, FAST, fencing: false }',
  'replicas: 2, replication: { mode: asynchronous }, failover: { by: election, FAST, fencing: false }',
  'replicas: 2, reads: replicas, read-your-writes: { pin: 1s }',
  'shards: 2, quorum: { n: 3, r: 2, w: 2 }',
];

const FAST = 'heartbeat: 200ms, timeout: 1s, promotion: 300ms';
const RETRY = 'timeout: 1s, retry: { attempts: 3, backoff: { base: 10ms, cap: 1s } }';

describe.each(SHAPES)('%s', (shape) => {
  it.each(['kill', 'power', 'pause'])('%s', (how) => {
    const ran = run(
      system({
        db: `read: { cpu: 1ms }, write: { cpu: 1ms, fsync: 1ms }, disk: { parallel: 8 }, ${shape.replace('FAST', FAST)}`,
        rate: '50/s',
        keys: '{ zipf: 0.9, of: 200 }',
        w: `[ { write: db, ${RETRY} } ]`,
        r: `[ { read: db, ${RETRY} } ]`,
        delay: '{ lognormal: { mean: 2ms, cv: 1 } }',
        duration: '90s',
        seed: how.length + shape.length,
        faults: `chaos: { crash: db, how: ${how}, every: { exponential: 25s }, repair: { exponential: 4s } }, split: { partition: [ [ db#1, app ], [ db#2 ] ], at: 40s, for: 10s }`,
      }),
    );
    expect(ran.figures.writes).toBeGreaterThan(300);
    if (shape.includes('semi') || shape.includes('quorum')) expect(ran.figures.acknowledgedWritesLost).toBe(0);
  });
});
