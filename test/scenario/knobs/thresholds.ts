/** Knobs of thresholds: each is judged on data there is, so that a limit of nothing decides either way. */
import { type Fields, knob, type Knob, system } from './kit.ts';

const BUSY: Fields = {
  run: { duration: '4s' },
  clients: {
    c: { arrivals: null, users: 20, think: '100ms', timeout: '200ms', keys: { zipf: 0.9, of: 100 }, entry: 'lb' },
  },
  components: {
    lb: { type: 'balancer', targets: 'app', sticky: true, retries: 1, health: { passive: {} } },
    app: {
      sessions: { store: 'memory', size: '1KiB' },
      autoscale: { min: 2, max: 3, cpu: '50%', every: '1s', boot: '0s' },
      operations: {
        op: [
          { cpu: '4ms' },
          { get: 'cache', miss: [{ read: 'db' }, { set: 'cache' }] },
          { publish: 'log', wait: false },
          { write: 'db' },
        ],
        take: [{ cpu: '100us' }],
      },
    },
    log: { type: 'kafka', brokers: 1, topics: { t: {} }, groups: { take: { members: 'app' } } },
    cache: { type: 'cache', capacity: 20 },
    db: {
      type: 'database',
      read: { cpu: '1ms' },
      write: { cpu: '1ms' },
      replicas: 2,
      failover: { by: 'election', heartbeat: '100ms', timeout: '400ms', promotion: '100ms' },
    },
  },
  faults: { f: { crash: 'db#1', at: '500ms', for: '1s' } },
};
const full = system(BUSY);
/** Recovery is judged by ten seconds after the fault against three before it. */
const long = system(BUSY, { run: { duration: '16s' }, clients: { c: { users: 4 } }, faults: { f: { at: '4s' } } });
/** The lead is given back. */
const back = system(BUSY, {
  run: { duration: '4s' },
  components: { db: { failover: { failback: { after: '100ms' } } } },
});
/** What is only there where every copy takes writes. */
const everywhere = system(BUSY, {
  components: {
    db: { replicas: null, failover: null, 'multi-primary': { copies: 2, merge: 'version-vector' } },
  },
});
/** What is only there where users have keys of their own. */
const owning = system(BUSY, {
  clients: { own: { users: 4, think: '50ms', does: 'op', keys: { own: 1 }, entry: 'lb' } },
  components: {
    db: { replicas: null, failover: null, 'multi-primary': { copies: 2, merge: 'version-vector' } },
  },
});
/** What is only there with an assumed hit ratio. */
const assuming = system(BUSY, { components: { cache: { capacity: null, hits: '50%' } } });

const MINE: Record<string, string[]> = {
  lb: ['imbalance', 'retries', 'ejections', 'unhealthySeconds', 'failOpenSeconds', 'usersMoved'],
  app: [
    'utilization',
    'utilizationBusiest',
    'queueMean',
    'queueMax',
    'waitMs',
    'serviceMs',
    'sojourn',
    'arrivals',
    'completed',
    'errors',
    'cost',
    'sessionsLost',
    'outOfMemory',
    'instancesMax',
    'instancesMean',
    'scaleOuts',
    'scaleIns',
  ],
  cache: ['hitRatio', 'hits', 'misses', 'evictions', 'expired', 'items', 'staleHits', 'coalesced'],
  db: [
    'reads',
    'writes',
    'staleReads',
    'acknowledgedWritesLost',
    'replicationLagMs',
    'replicationLagMaxMs',
    'promotions',
    'elections',
    'conflictsSplitBrain',
  ],
  log: [
    'published',
    'accepted',
    'publishFailed',
    'appendedTwice',
    'processed',
    'duplicates',
    'missed',
    'skipped',
    'replayed',
    'rebalances',
    'lag',
    'lagMean',
    'lagMax',
    'endToEndMs',
    'endToEndP50Ms',
    'endToEndP99Ms',
    'endToEndMaxMs',
    'underReplicated',
    'leaderless',
  ],
};
const REQUESTS = ['latency', 'availability', 'goodput', 'offered', 'errors'];
const FAILOVER = [
  'rpo',
  'detected',
  'decided',
  'promoted',
  'requestsFailed',
  'acknowledgedWritesLost',
  'writesDiscarded',
  'staleReads',
  'conflicts',
  'duplicates',
];
const OWN = ['ownWritesSeen', 'ownWritesMissed'];
const EVERYWHERE = ['conflicts', 'writesDiscarded', 'siblingsMax', 'divergentKeys'];
const FAILBACK = ['rejoined', 'failback', 'failbackUnavailable', 'failbackFailed'];

const UNITS: Record<string, string> = {
  availability: '%',
  availabilityByMinute: '%',
  utilization: '%',
  utilizationBusiest: '%',
  hitRatio: '%',
  goodput: '/s',
  offered: '/s',
  cost: '/month',
  latency: 'ms',
  latencyAll: 'ms',
  sojourn: 'ms',
  waitMs: 'ms',
  serviceMs: 'ms',
  replicationLagMs: 'ms',
  replicationLagMaxMs: 'ms',
  endToEndMs: 'ms',
  endToEndP50Ms: 'ms',
  endToEndP99Ms: 'ms',
  endToEndMaxMs: 'ms',
  rto: 'ms',
  rpo: 'ms',
  detected: 'ms',
  decided: 'ms',
  promoted: 'ms',
  rejoined: 'ms',
  failback: 'ms',
  failbackUnavailable: 'ms',
};
const AGGREGATED = ['latency', 'latencyAll', 'availabilityByMinute', 'sojourn'];

/** At least nothing, and less than nothing: where there is no data both fail. */
function pair(metric: string, path: string, base = full): Knob {
  const limit = `0${UNITS[metric] ?? ''}`;
  const aggregate = AGGREGATED.includes(metric) ? 'mean ' : '';
  return knob(base, `thresholds.${path}${metric}`, `${aggregate}>= ${limit}`, `${aggregate}< ${limit}`);
}

const each = (metrics: string[], path: string, key = path): [string, Knob][] =>
  metrics.map((metric) => [`${key}${metric}`, pair(metric, path)]);

export const expectations: Record<string, Knob> = Object.fromEntries([
  ...each([...REQUESTS, 'latencyAll', 'availabilityByMinute', 'cost'], ''),
  ...each(REQUESTS, 'operations.op.', 'operations.*.'),
  ...Object.entries(MINE).flatMap(([name, metrics]) => each(metrics, `components.${name}.`, 'components.*.')),
  ['components.*.assumed', pair('assumed', 'components.cache.', assuming)],
  ...EVERYWHERE.map((metric): [string, Knob] => [`components.*.${metric}`, pair(metric, 'components.db.', everywhere)]),
  ...OWN.map((metric): [string, Knob] => [`components.*.${metric}`, pair(metric, 'components.db.', owning)]),
  ...each(FAILOVER, 'failover.'),
  ...FAILBACK.map((metric): [string, Knob] => [`failover.${metric}`, pair(metric, 'failover.', back)]),
  ['failover.rto', pair('rto', 'failover.', long)],
  [
    'keep',
    knob(
      system({ stages: [{ name: 'a', thresholds: { latency: 'max >= 0ms' } }, { name: 'b' }] }),
      'stages.0.thresholds.keep',
      false,
      true,
    ),
  ],
]);
