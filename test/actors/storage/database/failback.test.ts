/** Giving the lead back to the copy that had it: when, at what price, and what it must never cost. */
import { describe, expect, it } from 'vitest';
import { replicatedOf, run, system, type Ran, type SystemText } from './kit.ts';

const BASE = 'machine: { cores: 8 }, disk: { parallel: 8 }, write: { cpu: 1ms, fsync: 5ms }';
const ELECTION = 'by: election, heartbeat: 500ms, timeout: 3s, promotion: 1s';
const MONITOR = 'by: monitor, heartbeat: 500ms, timeout: 3s, promotion: 1s';

interface Given extends Partial<SystemText> {
  failover?: string;
  failback?: string;
  mode?: string;
}

/** db#1 is away from 10 s until 20 s. */
function away({ failover = ELECTION, failback = '{ after: 4s }', mode = 'asynchronous', ...rest }: Given): Ran {
  return run(
    system({
      db: `${BASE}, replicas: 2, replication: { mode: ${mode}, apply: { cpu: 0.2ms } }, failover: { ${failover}, failback: ${failback} }`,
      w: '[ { write: db, timeout: 1s } ]',
      does: '{ w: 100% }',
      duration: '40s',
      delay: '20ms',
      faults: 'f: { crash: db#1, how: power, at: 10s, for: 10s }',
      ...rest,
    }),
  );
}

const leaders = (ran: Ran): number[] => [0, 1, 2].filter((m) => replicatedOf(ran.kernel).cluster.role[m] === 2);

describe('failback', () => {
  it.each([
    ['by election', ELECTION],
    ['by the monitor', MONITOR],
  ])(
    '%s: the first copy rejoins, catches up, and leads again after the delay; nothing is lost in it',
    (_, failover) => {
      const ran = away({ failover });
      const [rejoined] = ran.story('rejoined');
      const [began] = ran.story('handover');
      const [, back] = ran.story('promoted');
      expect(rejoined.at).toBeGreaterThan(20);
      expect(rejoined.at).toBeLessThan(22);
      expect(began.at).toBeCloseTo(rejoined.at + 4, 6);
      // Writes under way and the last copies, the offer, votes or the monitor: a second at most; and the promotion.
      expect(back.at).toBeGreaterThan(began.at + 1.04);
      expect(back.at).toBeLessThan(began.at + 2);
      expect(back.what).toContain('db#1');
      expect(leaders(ran)).toEqual([0]);
      expect(ran.figures.promotions).toBe(2);
      // All that was lost was lost with the crash.
      expect(ran.story('lost-writes').filter(({ at }) => at > 19)).toEqual([]);
      // Nobody notices a failure where there is none.
      expect(ran.story('detected').filter(({ at }) => at > 20)).toEqual([]);
    },
  );

  it('manual: the first copy stays a replica', () => {
    const ran = away({ failback: 'manual' });
    expect(ran.story('rejoined')).toHaveLength(1);
    expect(ran.story('handover')).toEqual([]);
    expect(leaders(ran)).not.toContain(0);
  });

  it('discards what nobody copied, and says so', () => {
    const ran = away({ failback: 'manual' });
    const [discarded] = ran.story('discarded');
    expect(discarded.at).toBeGreaterThan(20);
    // At least what had been acknowledged; a few more had been written.
    expect(discarded.value).toBeGreaterThanOrEqual(ran.figures.acknowledgedWritesLost);
    expect(ran.figures.acknowledgedWritesLost).toBeGreaterThan(0);
  });

  it('semi-synchronous: neither the crash nor the switch loses a write', () => {
    const ran = away({ mode: 'semi-synchronous' });
    expect(leaders(ran)).toEqual([0]);
    expect(ran.figures.acknowledgedWritesLost).toBe(0);
  });

  it('writes that are refused meanwhile and tried again fail nobody', () => {
    const w = '[ { write: db, timeout: 1s, retry: { attempts: 20, backoff: { base: 100ms, cap: 500ms } } } ]';
    const ran = away({ w });
    const late = [...ran.kernel.outcomes.erredBySecond].slice(5 + 20, 5 + 40);
    expect(leaders(ran)).toEqual([0]);
    expect(late.reduce((a, b) => a + b, 0)).toBe(0);
  });

  it('waits for a first copy that cannot keep up', () => {
    const slow = 'f: { crash: db#1, how: power, at: 10s, for: 10s }, g: { lose: db -> db, probability: 90%, at: 19s }';
    const ran = away({ faults: slow });
    expect(leaders(ran)).not.toContain(0);
    expect(ran.story('lost-writes').filter(({ at }) => at > 19)).toEqual([]);
  });

  it('begins again when the first copy goes away once more', () => {
    const twice = 'f: { crash: db#1, how: power, at: 10s, for: 10s }, g: { crash: db#1, how: power, at: 23s, for: 5s }';
    const ran = away({ faults: twice });
    const rejoined = ran.story('rejoined');
    expect(rejoined.length).toBe(2);
    expect(ran.story('handover')[0].at).toBeCloseTo(rejoined[1].at + 4, 6);
    expect(leaders(ran)).toEqual([0]);
  });
});
