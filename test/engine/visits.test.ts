/** Visits that the core books ahead (core/visits.ts), against TypeScript alone. */
import { describe, expect, it } from 'vitest';
import { expectSame, workOf } from './both-engines.ts';

interface Setting {
  network?: string;
  links?: string;
  clients?: string;
  get?: string;
  app?: string;
  cache?: string;
}

/** Twenty thousand keyed reads a second through a cache that is busy for two thirds of its time. */
const scenario = ({
  network = '0.25ms',
  links = '',
  clients = READERS,
  get = '',
  app = '',
  cache = '',
}: Setting): string => `
run: { duration: 400ms, warmup: 50ms, seed: 5 }
network: { delay: ${network} }
${links}
clients:
${clients}
components:
  app:
    type: server
    instances: 2
    machine: { cores: 4 }
    runtime: { threads: 500 }
${app}
    operations:
      page: [ { get: cache${get}, miss: [ { read: db }, { set: cache } ] } ]
      post: [ { write: db }, { delete: cache } ]
  cache: { type: cache, capacity: 300, time: 30us${cache} }
  db: { type: database, machine: { cores: 8 }, connections: 100, read: { cpu: 100us }, write: { cpu: 100us }, replicas: 1, reads: any }
`;

const READERS =
  '  users: { arrivals: { poisson: 17k/s }, does: { page: 90%, post: 10% }, keys: { zipf: 1, of: 1k }, timeout: none, entry: app }';

describe('a visit to a serial cache', () => {
  it('takes no event for its turn and its end, and is two events all the same', () => {
    const [core, plain] = [workOf(scenario({}), false), workOf(scenario({}), true)];
    expect(core.events).toBe(plain.events);
    expect(core.rows).toBeLessThan(plain.rows * 0.85);
  });

  it('comes to the same where it waits behind others, and where it does not', () => {
    expectSame(scenario({}));
    expectSame(scenario({ cache: ', nodes: 4' }));
    expectSame(scenario({ clients: READERS.replace('17k', '21k') }));
  });

  it.each(['0.6ms', '0.55ms', '2ms'])('and where its caller, or the user, gives up after %s meanwhile', (timeout) => {
    expectSame(scenario({ get: `, timeout: ${timeout}` }));
    expectSame(scenario({ get: `, timeout: ${timeout}, on-error: continue`, cache: ', nodes: 3' }));
    expectSame(scenario({ clients: READERS.replace('timeout: none', `timeout: ${timeout}, retry: { attempts: 2 }`) }));
  });

  it('and where users are begun when they arrive, whose timeouts began before', () => {
    const clients =
      '  users: { users: 3, think: 1ms, does: { page: 80%, post: 20% }, keys: { zipf: 1.1, of: 20 }, timeout: 0.6ms, retry: { attempts: 2, backoff: { base: 5ms, cap: 50ms, jitter: full } }, entry: lb }';
    const text = scenario({ network: '0.1ms', clients, cache: ', nodes: 5' })
      .replace('instances: 2', 'instances: 1')
      .replace('{ set: cache } ] } ]', '{ set: cache } ] }, { delete: cache }, { set: cache } ]')
      .replace(
        'read: { cpu: 100us }, write: { cpu: 100us }',
        'read: { cpu: { exponential: 0.3ms } }, write: { cpu: { exponential: 0.2ms } }',
      )
      .replace('time: 30us', 'time: 20us')
      .replace('duration: 400ms', 'duration: 3s');
    expectSame(`${text}  lb: { type: balancer, targets: app, policy: random }\n`);
  });

  it('and where messages take no time, or a time that is drawn', () => {
    expectSame(scenario({ network: '0ms' }));
    expectSame(scenario({ links: 'links: { app -> cache: { delay: { exponential: 0.1ms } } }' }));
  });

  it('and where callers die meanwhile, out of memory', () => {
    const app = '    memory: { base: 1MiB, per-request: 1MiB }\n    restart: 20ms';
    const text = scenario({ app, cache: ', machine: { cores: 1 }' }).replace(
      '{ cores: 4 }',
      '{ cores: 4, memory: 12MiB }',
    );
    expectSame(text);
  });

  it.each([
    ', ttl: 5ms',
    ', policy: fifo',
    ', policy: lfu',
    ', coalesce: true',
    ', item: 1KiB',
    ', serial: false',
    ', on: app',
    ', machine: { cores: 1, connections: 3 }',
  ])('and where the cache has%s', (more) => {
    expectSame(scenario({ cache: more }));
  });

  it('and of keys that are not small', () => {
    expectSame(scenario({ clients: READERS.replace('of: 1k', 'of: 2M') }));
  });
});

interface Delivery {
  edge?: string;
  links?: string;
  readers?: string;
  picture?: string;
  post?: string;
}

/** Twenty-four thousand requests a second at two points of presence of two cores each, which are busy for three fifths of their time. */
const delivery = ({
  edge = '',
  links = '',
  readers = READERS_OF_PICTURES,
  picture = '',
  post = '',
}: Delivery): string => `
run: { duration: 300ms, warmup: 50ms, seed: 7 }
network: { delay: 0.5ms }
${links}
clients:
  readers: { users: 150, think: { exponential: 5ms }, does: picture, keys: { zipf: 1, of: 400 }, entry: edge, ${readers} }
  members: { arrivals: { poisson: 3k/s }, does: { page: 90%, post: 10% }, keys: { zipf: 1, of: 400 }, timeout: none, entry: edge }
components:
  edge: { type: cdn, instances: 2, origin: app, cached: [ picture ], ttl: 10m, cpu: 100us, machine: { cores: 2 }${edge} }
  app:
    type: server
    instances: 4
    machine: { cores: 4 }
    operations:
      picture: [ { cpu: { exponential: 1ms } }${picture} ]
      page: [ { cpu: { exponential: 0.5ms } }, { read: db } ]
      post: [ { write: db }${post} ]
  db: { type: database, machine: { cores: 8 }, connections: 100, read: { cpu: 100us }, write: { cpu: 100us } }
`;

const READERS_OF_PICTURES = 'timeout: none';

describe('a visit to a point of presence', () => {
  it('of what is fresh, or dynamic, takes no event for its turn and its end', () => {
    const [core, plain] = [workOf(delivery({}), false), workOf(delivery({}), true)];
    // Of what may be fetched more than once at a time nothing is booked.
    const gone = workOf(delivery({ edge: ', coalesce: false' }), false);
    expect(core.events).toBe(plain.events);
    expect(core.rows).toBeLessThan(gone.rows * 0.85);
  });

  it('comes to the same where it waits for a core, and where it does not', () => {
    expectSame(delivery({}));
    expectSame(delivery({ edge: ', instances: 3' }).replace('instances: 2, ', ''));
    expectSame(delivery({}).replace('cores: 2', 'cores: 1').replace('cpu: 100us', 'cpu: 60us'));
    expectSame(delivery({}).replaceAll('think: { exponential: 5ms }', 'think: 2ms'));
  });

  it.each(['1.05ms', '1.2ms', '3ms'])('and where its user gives up after %s meanwhile', (timeout) => {
    expectSame(delivery({ readers: `timeout: ${timeout}, retry: { attempts: 2 }` }));
  });

  it.each([
    ', coalesce: { wait: 1ms }',
    ', coalesce: false',
    ', capacity: 4MiB',
    ', stale-while-revalidate: 20ms',
    ', revalidate: true',
    ', purges: { release: { at: 100ms } }',
    ', connections: 5',
  ])('and where what it finds may change meanwhile, or is out of the ordinary:%s', (edge) => {
    expectSame(delivery({ edge }));
    expectSame(delivery({ edge }).replace('ttl: 10m', 'ttl: 20ms'));
  });

  it('and where copies go out of date, or are purged', () => {
    expectSame(delivery({ picture: ', { read: db }' }));
    expectSame(delivery({ picture: ', { read: db }', post: ', { delete: edge }' }));
    const shielded = (more: string): string =>
      `${delivery({ edge: `, shield: shield${more}`, post: more === '' ? ', { delete: edge }' : '' })}  shield: { type: cdn, origin: app, cached: [ picture ], ttl: 10m, cpu: 50us }\n`;
    for (const seed of [7, 8, 9]) expectSame(shielded('').replace('seed: 7', `seed: ${seed}`));
    expectSame(shielded(', purges: { release: { at: 100ms } }'));
  });

  it('and where what is read has been written more than once meanwhile', () => {
    const text = delivery({ picture: ', { read: db }' })
      .replace('page: 90%, post: 10%', 'page: 10%, post: 90%')
      .replaceAll('zipf: 1, of: 400', 'zipf: 1, of: 2')
      .replace('ttl: 10m', 'ttl: 3ms')
      .replace('cpu: 100us', 'cpu: 150us');
    expectSame(text);
    expectSame(
      text.replace('think: { exponential: 5ms }', 'think: { exponential: 20ms }').replace('cpu: 150us', 'cpu: 500us'),
    );
  });

  it('and where one fetch of a picture overtakes another, and only some of them read what is written', () => {
    for (const seed of [7, 8, 9, 10]) {
      const picture =
        ', { choose: { written: { weight: 50%, steps: [ { read: db } ] }, plain: { weight: 50%, steps: [ { cpu: 0.1ms } ] } } }';
      const text = delivery({ edge: ', coalesce: { wait: 0.2ms }', picture })
        .replace('page: 90%, post: 10%', 'page: 10%, post: 90%')
        .replaceAll('zipf: 1, of: 400', 'zipf: 1, of: 20')
        .replace('ttl: 10m', 'ttl: 6ms')
        .replace('seed: 7', `seed: ${seed}`);
      expectSame(text);
    }
  });

  it('and where messages take no time, or a time that is drawn', () => {
    expectSame(delivery({ links: 'links: { edge -> app: { delay: 0ms } }' }));
    expectSame(delivery({ links: 'links: { readers -> edge: { delay: 0ms } }' }));
    expectSame(delivery({ links: 'links: { members -> edge: { delay: { exponential: 0.2ms } } }' }));
  });
});
