/** Knobs of names and of content delivery. */
import { type Fields, type Json, knob, type Knob, system } from './kit.ts';

/** Fifty users who look up `www`, the name of two servers of different speed, 2 ms away. */
const named = (own: Fields, ...patches: Fields[]): Fields =>
  system(
    {
      network: { delay: '2ms' },
      clients: { c: { arrivals: null, users: 50, think: { exponential: '50ms' }, entry: 'www' } },
      components: {
        app: { instances: 2 },
        twin: { type: 'server', operations: { op: [{ cpu: '9ms' }] } },
        www: { type: 'dns', targets: { app: 1, twin: 1 }, ttl: '200ms' },
      },
    },
    { components: { www: own } },
    ...patches,
  );
const dnsKnob = (key: string, a: Json | undefined, b: Json | undefined, own: Fields = {}, ...patches: Fields[]): Knob =>
  knob(named(own, ...patches), `components.www.${key}`, a, b);

const lost = (name: string, how: string): Fields => ({
  run: { duration: '4s' },
  clients: { c: { timeout: '300ms' } },
  faults: { f: { crash: name, how, at: '500ms', for: '1500ms' } },
});
const probing: Fields = { health: { interval: '100ms', timeout: '50ms', unhealthy: 2, healthy: 2 } };
const preferring: Fields = { ...probing, ttl: '0s', policy: { failover: ['app', 'twin'] } };
const apart: Fields = {
  regions: { near: { zones: ['a', 'b'] }, far: { latency: { near: '20ms' } } },
  clients: { c: { in: 'near' } },
  components: { app: { in: 'near' }, twin: { in: 'far' }, www: { in: 'near' } },
};
const silent: Fields = { timeout: '100ms', attempts: 2 };

export const names: Record<string, Knob> = {
  instances: dnsKnob('instances', 1, 2, silent, lost('www#1', 'power')),
  machine: dnsKnob('machine', { cores: 1, speed: 1 }, { cores: 1, speed: 0.1 }, { cpu: '1ms' }),
  on: dnsKnob('on', undefined, 'twin', { cpu: '2ms', ttl: '0s' }),
  in: dnsKnob('in', 'near', 'far', {}, apart),
  price: dnsKnob('price', '10/month', '20/month'),
  targets: dnsKnob('targets', 'app', { app: 1, twin: 3 }),
  policy: dnsKnob('policy', 'round-robin', 'random'),
  'policy.geo': dnsKnob('policy.geo', { near: 'app' }, { near: 'twin' }, { policy: {} }, apart),
  'policy.failover': dnsKnob('policy.failover', ['app', 'twin'], ['twin', 'app'], { policy: {} }),
  failback: dnsKnob('failback', 'manual', { after: '100ms' }, preferring, lost('app', 'kill')),
  'failback.after': dnsKnob('failback.after', '0s', '500ms', preferring, lost('app', 'kill')),
  ttl: dnsKnob('ttl', '0s', '1s'),
  'negative-ttl': dnsKnob('negative-ttl', '0s', '500ms', silent, lost('www', 'power')),
  'serve-stale': dnsKnob('serve-stale', '0s', '5s', silent, lost('www', 'power')),
  'ignore-ttl': dnsKnob('ignore-ttl', undefined, '60%'),
  'ignore-ttl.share': dnsKnob('ignore-ttl.share', '10%', '80%', { 'ignore-ttl': { for: '1s' } }),
  'ignore-ttl.for': dnsKnob('ignore-ttl.for', '300ms', '2s', { 'ignore-ttl': { share: '50%' } }),
  resolvers: dnsKnob('resolvers', 1, 20),
  timeout: dnsKnob('timeout', '50ms', '250ms', {}, lost('www', 'power')),
  attempts: dnsKnob('attempts', 1, 5, { timeout: '50ms' }, lost('www', 'power')),
  cpu: dnsKnob('cpu', '0s', '5ms'),
  'health.interval': dnsKnob('health.interval', '100ms', '400ms', probing, lost('app', 'kill')),
  'health.timeout': dnsKnob('health.timeout', '20ms', '90ms', probing, lost('app', 'power')),
  'health.unhealthy': dnsKnob('health.unhealthy', 1, 5, probing, lost('app', 'kill')),
  'health.healthy': dnsKnob('health.healthy', 1, 5, probing, lost('app', 'kill')),
};

/** Requests for fifty keys, by way of two points of presence; a tenth of them writes. */
const delivered = (own: Fields, ...patches: Fields[]): Fields =>
  system(
    {
      clients: { c: { does: { op: '90%', change: '10%' }, keys: { zipf: 0.9, of: 50 }, entry: 'edge' } },
      components: {
        app: {
          operations: {
            op: [{ cpu: '8ms' }, { read: 'db' }],
            check: [{ cpu: '1ms' }, { read: 'db' }],
            change: [{ write: 'db' }, { delete: 'edge' }],
          },
        },
        db: { type: 'database', read: { cpu: '0.1ms' }, write: { cpu: '0.1ms' } },
        edge: { type: 'cdn', instances: 2, origin: 'app', cached: ['op'], ttl: '100ms' },
      },
    },
    { components: { edge: own } },
    ...patches,
  );
const cdnKnob = (key: string, a: Json | undefined, b: Json | undefined, own: Fields = {}, ...patches: Fields[]): Knob =>
  knob(delivered(own, ...patches), `components.edge.${key}`, a, b);

const behind: Fields = { components: { shield: { type: 'cdn', origin: 'app', cached: ['op'], ttl: '100ms' } } };
const other: Fields = {
  components: { other: { type: 'server', operations: { op: [{ cpu: '1ms' }], change: [{ cpu: '1ms' }] } } },
};
const small: Fields = { capacity: '1MiB', ttl: '10s' };

export const delivery: Record<string, Knob> = {
  instances: cdnKnob('instances', 1, 3),
  machine: cdnKnob('machine', { cores: 1, speed: 1 }, { cores: 1, speed: 0.1 }, { cpu: '1ms' }),
  on: cdnKnob('on', undefined, 'app', { cpu: '2ms', instances: 1 }),
  in: knob(
    delivered(
      { instances: 1 },
      { regions: { near: {}, far: { latency: { near: '9ms' } } }, clients: { c: { in: 'near' } } },
    ),
    'components.edge.in',
    'near',
    'far',
  ),
  price: cdnKnob('price', '10/month', '20/month'),
  origin: cdnKnob('origin', 'app', 'other', {}, other),
  shield: cdnKnob('shield', undefined, 'shield', {}, behind),
  cached: cdnKnob('cached', ['op'], ['op', 'check'], {}, { clients: { c: { does: { check: '50%', op: '40%' } } } }),
  'cached.*.ttl': cdnKnob('cached.op.ttl', '50ms', '1s', { cached: null }),
  'cached.*.size': cdnKnob('cached.op.size', '1KiB', '9KiB', { cached: null }),
  ttl: cdnKnob('ttl', '50ms', '1s'),
  size: cdnKnob('size', '1KiB', '9KiB'),
  capacity: cdnKnob('capacity', '640KiB', '2MiB', { ttl: '10s' }),
  policy: cdnKnob('policy', 'lru', 'fifo', small),
  coalesce: cdnKnob('coalesce', false, true),
  'coalesce.wait': cdnKnob('coalesce.wait', '1ms', '1s'),
  revalidate: cdnKnob('revalidate', false, true),
  'revalidate.operation': cdnKnob('revalidate.operation', 'op', 'check', { revalidate: {} }),
  'stale-while-revalidate': cdnKnob('stale-while-revalidate', '0s', '1s'),
  'stale-if-error': cdnKnob('stale-if-error', '0s', '2s', {}, lost('app', 'kill')),
  'purge-delay': cdnKnob('purge-delay', '1ms', '500ms', { ttl: '10s' }),
  'purges.*.at': cdnKnob('purges.release.at', '100ms', '1s', { ttl: '10s' }),
  withdraw: cdnKnob('withdraw', '100ms', '1s', {}, lost('edge#1', 'power')),
  cpu: cdnKnob('cpu', '0s', '3ms'),
  connections: cdnKnob('connections', 1, 10, { cpu: '3ms' }),
};

const METRICS: Record<string, string[]> = {
  www: ['lookups', 'failedLookups', 'toRetired'],
  edge: [
    'requests',
    'passes',
    'expiredServed',
    'notModified',
    'originRequests',
    'shieldRequests',
    'purges',
    'bytesServed',
    'bytesFetched',
  ],
};

/** At least nothing, and less than nothing: where there is no data both fail. */
export const edgeExpectations: [string, Knob][] = Object.entries(METRICS).flatMap(([name, metrics]) =>
  metrics.map((metric): [string, Knob] => [
    `thresholds.components.*.${metric}`,
    knob(
      name === 'www' ? named({}) : delivered({ shield: 'shield' }, behind),
      `thresholds.components.${name}.${metric}`,
      '>= 0',
      '< 0',
    ),
  ]),
);

/** What says which keys there are, or is tested elsewhere. */
export const edgeExcluded: [string, string][] = ['dns', 'cdn'].flatMap((type): [string, string][] => [
  [`${type}.type`, 'which keys there are'],
  [`${type}.public`, 'who may not be an entry; see places.test.ts'],
]);
