/** What a network costs beyond its delays, held to arithmetic: bytes, connections, encodings, links between places. */
import { describe, expect, test } from 'vitest';
import { actorTypes } from '../../sim/actors/registry.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { loadSimulator } from '../scenarios/simulator.ts';

const { simulate } = await loadSimulator();

type Fields = Record<string, unknown>;

/** Fifty requests a second, 1 ms of work, 10 ms each way. */
function latency(link: Fields, client: Fields = {}, more: Fields = {}): { p50: number; mean: number; max: number } {
  const text = JSON.stringify({
    name: 'Wires',
    run: { duration: '20s', warmup: '2s' },
    network: { delay: '1ms' },
    clients: { c: { arrivals: { constant: '50/s' }, does: 'op', entry: 'app', ...client } },
    components: { app: { type: 'server', operations: { op: [{ cpu: '1ms' }] } } },
    links: { 'c -> app': { delay: '10ms', ...link } },
    ...more,
  });
  const { p50, mean, max } = simulate(text).stages[0].latencyMs;
  return { p50: p50!, mean: mean!, max: max! };
}

describe('bytes', () => {
  test('take their time', () => {
    // 125 kB at 100 Mbps are 10 ms.
    expect(latency({ bandwidth: '100Mbps' }, { response: '125kB' }).max).toBeCloseTo(31, 6);
    expect(latency({ bandwidth: '100Mbps' }, { request: '125kB', response: '125kB' }).max).toBeCloseTo(41, 6);
    expect(latency({ bandwidth: '100Mbps' }, { response: { op: '250kB' } }).max).toBeCloseTo(41, 6);
  });

  test('wait for those before them on a shared link: M/D/1', () => {
    // 40 a second of 12.5 ms each: load 0.5, so a mean wait of 12.5 · 0.5 / (2 · 0.5) = 6.25 ms.
    const open = { arrivals: { poisson: '40/s' }, response: '156250B' };
    const long = { run: { duration: '400s', warmup: '10s' } };
    const free = latency({ bandwidth: '100Mbps', shared: false }, open, { ...long, components: quick() });
    const shared = latency({ bandwidth: '100Mbps' }, open, { ...long, components: quick() });
    expect(free.max).toBeCloseTo(32.5, 3);
    expect(shared.mean - free.mean).toBeGreaterThan(5.6);
    expect(shared.mean - free.mean).toBeLessThan(6.9);
  });
});

/** No queue but that of the link. */
const quick = (): Fields => ({ app: { type: 'server', operations: { op: [{ sleep: '0s' }] } } });

describe('a new connection', () => {
  test('takes a round trip for TCP and another for TLS 1.3, and core time', () => {
    expect(latency({ connection: { tls: false } }).p50).toBeCloseTo(41, 6);
    expect(latency({ connection: { cpu: '0s' } }).p50).toBeCloseTo(61, 6);
    expect(latency({ connection: {} }).p50).toBeCloseTo(61.3, 6);
    expect(latency({}, {}, { network: { delay: '1ms', connection: { cpu: '5ms' } } }).p50).toBeCloseTo(66, 6);
  });

  test('is used again while it is kept alive', () => {
    const closed = { arrivals: undefined, users: 1, think: '100ms' };
    expect(latency({ connection: {} }, closed).p50).toBeCloseTo(21, 6);
    expect(latency({ connection: { 'keep-alive': '50ms' } }, closed).p50).toBeCloseTo(61.3, 6);
    expect(latency({ connection: { 'keep-alive': 'none' } }, closed).p50).toBeCloseTo(61.3, 6);
  });

  test('is needed after the process at its other end died', () => {
    const closed = { arrivals: undefined, users: 1, think: '100ms', timeout: '1s' };
    const faults = { gone: { crash: 'app', at: '10s', for: '1s' } };
    expect(latency({ connection: {} }, closed).max).toBeCloseTo(21, 6);
    expect(latency({ connection: {} }, closed, { faults }).max).toBeCloseTo(61.3, 6);
  });

  test('is opened by instances too, one to each instance', () => {
    const components = {
      app: { type: 'server', operations: { op: [{ call: 'back', op: 'leaf' }] } },
      back: { type: 'server', instances: 2, operations: { leaf: [{ cpu: '1ms' }] } },
    };
    const links = { 'c -> app': { delay: '10ms' }, 'app -> back': { delay: '5ms', connection: { cpu: '0s' } } };
    const stage = { run: { duration: '20s', warmup: '0s' }, components, links };
    const { p50, max } = latency({}, {}, stage);
    expect([p50, max]).toEqual([expect.closeTo(31, 6), expect.closeTo(51, 6)]);
  });
});

describe('an encoding', () => {
  test('is bytes and core time of both ends', () => {
    const run = (encoding: string): { latency: number; app: number; back: number } => {
      const { stages } = simulate(`
name: Encodings
run: { duration: 20s, warmup: 2s }
network: { delay: 0s, encodings: { json: { encode: 10us, decode: 20us }, protobuf: { size: 50%, encode: 2us, decode: 3us } } }
links: { app -> back: { delay: 1ms, bandwidth: 81920kbps } }
clients: { c: { arrivals: { constant: 50/s }, does: op, entry: app } }
components:
  app: { type: server, operations: { op: [ { call: back, op: leaf, request: 10KiB, response: 100KiB, encoding: ${encoding} } ] } }
  back: { type: server, operations: { leaf: [ { sleep: 0s } ] } }
`);
      const of = (name: string): number => stages[0].components.find((c) => c.name === name)!.serviceMs!;
      return { latency: stages[0].latencyMs.p50!, app: of('app'), back: of('back') };
    };
    // 1 ms for each 10 KiB. Caller: writes 10 KiB, reads 100; called: the other way round.
    const json = run('json');
    expect(json.app).toBeCloseTo(0.1 + 2, 6);
    expect(json.back).toBeCloseTo(0.2 + 1, 6);
    expect(json.latency).toBeCloseTo(2 + 11 + 3.3, 6);
    const protobuf = run('protobuf');
    expect(protobuf.app).toBeCloseTo(0.02 + 0.3, 6);
    expect(protobuf.back).toBeCloseTo(0.03 + 0.2, 6);
    expect(protobuf.latency).toBeCloseTo(2 + 5.5 + 0.55, 6);
  });
});

describe('places', () => {
  const REGIONS = {
    eu: { zones: ['a', 'b'], latency: { us: '40ms' }, 'between-zones': '2ms', access: '10ms' },
    us: {},
  };
  const to = (place: string, links: Fields = {}, more: Fields = {}): number =>
    latency(
      {},
      { in: 'eu' },
      {
        regions: REGIONS,
        components: { app: { type: 'server', in: place, operations: { op: [{ sleep: '0s' }] } } },
        links,
        ...more,
      },
    ).p50;

  test('are as far apart as the matrix says', () => {
    expect(to('eu/a')).toBeCloseTo(20, 6);
    expect(to('us')).toBeCloseTo(100, 6);
  });

  test('are as far apart as a link between them says, or one between those who talk', () => {
    expect(to('us', { 'eu -> us': { delay: '50ms' } })).toBeCloseTo(120, 6);
    expect(to('us', { 'eu -> us': { delay: '50ms', 'one-way': true } })).toBeCloseTo(110, 6);
    expect(to('us', { 'eu -> us': { delay: '50ms' }, 'c -> app': { delay: '1ms' } })).toBeCloseTo(2, 6);
  });

  test('are as far apart as ever where a link between those who talk says nothing of the distance', () => {
    // Everybody is new and opens a connection: a round trip more.
    expect(to('us', { 'c -> app': { connection: { tls: false } } })).toBeCloseTo(200, 6);
    expect(to('eu/a', { 'c -> app': { connection: { tls: false } } })).toBeCloseTo(40, 6);
    expect(to('us', { 'c -> app': { loss: '0.1%' } })).toBeCloseTo(100, 6);
  });

  test('share the pipe between them', () => {
    const links = { 'eu -> us': { bandwidth: '100Mbps' } };
    const clients = { c: { arrivals: { constant: '50/s' }, does: 'op', entry: 'app', in: 'eu', response: '125kB' } };
    expect(to('us', links, { clients })).toBeCloseTo(110, 6);
    expect(to('eu/b', links, { clients })).toBeCloseTo(20, 6);
  });

  test('of the instances that talk decide', () => {
    const components = {
      app: { type: 'server', in: 'eu/a', operations: { op: [{ call: 'back', op: 'leaf' }] } },
      back: { type: 'server', instances: 3, in: ['eu', 'us'], operations: { leaf: [{ sleep: '0s' }] } },
    };
    // In turn: eu/a, which is near, us, and eu/b.
    const { stages } = simulate(
      JSON.stringify({
        name: 'Spread',
        run: { duration: '20s', warmup: '2s' },
        network: { delay: '0s' },
        regions: REGIONS,
        clients: { c: { arrivals: { constant: '30/s' }, does: 'op', entry: 'app', in: 'eu' } },
        components,
      }),
    );
    expect(stages[0].latencyMs.mean).toBeCloseTo(20 + (0 + 80 + 4) / 3, 0);
  });

  test('are farther apart while a fault says so', () => {
    const slow = to('us', {}, { faults: { far: { delay: 'eu -> us', add: '5ms', at: '0s' } } });
    expect(slow).toBeCloseTo(110, 0);
    expect(to('eu/a', {}, { faults: { far: { delay: 'eu -> us', add: '5ms', at: '0s' } } })).toBeCloseTo(20, 6);
    const lossy = { faults: { lossy: { lose: 'eu -> us', probability: '60%', at: '0s' } } };
    expect(to('us', {}, lossy)).toBeGreaterThan(290);
  });
});

test('what would change nothing is said', () => {
  const messages = (text: string): string[] =>
    parseScenario(text, 'a.yaml', actorTypes).problems.map(({ message }) => message);
  const scenario = (client: string, link: string): string =>
    `{ name: a, clients: { c: { users: 1, does: op, entry: app${client} } }, components: { app: { type: server, operations: { op: [ { cpu: 1ms } ] } } }, links: { c -> app: { delay: 1ms${link} } } }`;
  expect(messages(scenario(', response: 1KiB', ''))[0]).toContain('no link has a `bandwidth`');
  expect(messages(scenario('', ', bandwidth: 1Gbps'))[0]).toContain('`bandwidth` has no effect');
  expect(messages(scenario(', encoding: json', ''))[0]).toContain('`encoding` needs the size');
  expect(messages(scenario(', response: { other: 1KiB }', ', bandwidth: 1Gbps'))[0]).toContain('do not do `other`');
  expect(messages(scenario(', response: 1KiB', ', bandwidth: 1Gbps'))).toEqual([]);
});
