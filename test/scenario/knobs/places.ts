/** Knobs of regions, zones, and where things stand. */
import { type Fields, type Json, knob, type Knob, merge, system } from './kit.ts';

/** Users in one region, the server in another, 5 ms apart. */
const apart = (...patches: Fields[]): Fields =>
  system(
    {
      regions: { here: {}, there: { zones: ['a', 'b'], latency: { here: '5ms' } } },
      clients: { c: { in: 'here' } },
      components: { app: { in: 'there' } },
    },
    ...patches,
  );
/** A second component, called by the server, whose place is at issue. */
const called = (name: string, component: Fields, step: Json): Fields =>
  apart({ components: { app: { operations: { op: [step] } }, [name]: component } });

const balanced = apart({
  clients: { c: { entry: 'lb' } },
  components: { app: { in: 'here' }, lb: { type: 'balancer', targets: 'app' } },
});

/** Users who are elsewhere now and then. */
const travelling = apart({
  regions: { far: { latency: { here: '20ms', there: '30ms' } } },
  clients: {
    c: {
      arrivals: null,
      users: 20,
      think: { exponential: '50ms' },
      travel: { to: 'there', every: { exponential: '500ms' }, for: '500ms' },
    },
  },
});

const leaf: Fields = { type: 'server', operations: { leaf: [{ cpu: '1ms' }] } };

export const places: Record<string, Knob> = {
  'regions.*.zones': knob(
    called('leaf', { ...leaf, in: 'there', instances: 2 }, { call: 'leaf', op: 'leaf' }),
    'regions.there.zones',
    ['a'],
    ['a', 'b'],
  ),
  'regions.*.latency': knob(apart(), 'regions.there.latency.here', '5ms', '9ms'),
  'regions.*.between-zones': knob(
    called('leaf', { ...leaf, in: 'there/b' }, { call: 'leaf', op: 'leaf' }),
    'regions.there.between-zones',
    '1ms',
    '9ms',
  ),
  'regions.*.access': knob(apart(), 'regions.here.access', undefined, '9ms'),
  'clients.*.travel.to': knob(travelling, 'clients.c.travel.to', 'there', 'far'),
  'clients.*.travel.share': knob(travelling, 'clients.c.travel.share', '10%', '90%'),
  'clients.*.travel.every': knob(travelling, 'clients.c.travel.every', '100ms', '1s'),
  'clients.*.travel.for': knob(travelling, 'clients.c.travel.for', '100ms', '1s'),
  'clients.*.in': knob(apart(), 'clients.c.in', 'here', 'there'),
  'server.in': knob(apart(), 'components.app.in', 'here', 'there'),
  'balancer.in': knob(balanced, 'components.lb.in', 'here', 'there'),
  'cache.in': knob(
    called('mem', { type: 'cache', capacity: 100 }, { get: 'mem', miss: [{ set: 'mem' }] }),
    'components.mem.in',
    'here',
    'there',
  ),
  'database.failover.in': knob(
    merge(
      { faults: { f: { crash: 'db#1', at: '500ms' } } },
      called(
        'db',
        {
          type: 'database',
          in: ['there/a', 'there/b'],
          replicas: 1,
          read: { cpu: '1ms' },
          failover: { by: 'election', heartbeat: '50ms', timeout: '200ms', promotion: '50ms', witness: true },
        },
        { write: 'db', timeout: '100ms', retry: { attempts: 5 } },
      ),
    ),
    'components.db.failover.in',
    'here',
    'there/b',
  ),
  'database.in': knob(
    called('db', { type: 'database', read: { cpu: '1ms' } }, { read: 'db' }),
    'components.db.in',
    'here',
    'there',
  ),
};
