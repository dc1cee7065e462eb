/** What a recording says of a run is what the run's own books say, and the run is none the wiser. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StageRecording } from '../../sim/recording/format.ts';
import { busy, decoded, record, simulator, total } from './kit.ts';

let stage: StageRecording;
let text: string;
let recorded: ReturnType<typeof record>;

beforeAll(() => {
  recorded = record(busy);
  text = recorded.text;
  [stage] = decoded(text);
});

describe('a recorded run', () => {
  it('has the result of the same run unrecorded, fingerprint and all', () => {
    expect(recorded.result).toEqual(simulator.simulate(busy, { file: 'test.yaml' }));
  });

  it('is recorded in the same bytes again, however it is sliced', () => {
    expect(record(busy).text).toBe(text);
    expect(record(busy, { slice: 777 }).text).toBe(text);
  });

  it('is recorded in the same bytes by TypeScript alone', () => {
    expect(record(busy, { plain: true }).text).toBe(text);
  });

  // Requests whose messages get lost: whose row a recorder may then not ask.
  it.each(['dns', 'replication'])('nor is that of %s.yaml another one', (name) => {
    const shipped = readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), 'utf8');
    expect(record(shipped, { plain: true }).text === record(shipped).text).toBe(true);
  });

  // Where nothing fails the core books the ways of answers home ahead of time, and gives their trails back.
  const calm = (clients: string): string => `name: Nothing fails
run: { duration: 4s, warmup: 1s, seed: 3 }
network: { delay: 0.5ms }
links: { users -> lb: { delay: 1ms } }
clients: { users: { ${clients}, does: page, timeout: none, entry: lb } }
components:
  lb: { type: balancer, targets: app, policy: random }
  app: { type: server, instances: 30, runtime: { threads: 5k }, operations: { page: [ { sleep: { exponential: 800ms } } ] } }
`;

  it.each([
    ['where nothing fails', 'users: 900, think: { exponential: 50ms }', true],
    ['where more are under way than can be followed', 'arrivals: { poisson: 25k/s }', false],
  ])('nor is it %s', (_, clients, areAllFollowed) => {
    const one = record(calm(clients));
    const [{ requestsEnded, requestsFollowed }] = decoded(one.text);
    expect(requestsFollowed === requestsEnded).toBe(areAllFollowed);
    expect(record(calm(clients), { plain: true }).text === one.text).toBe(true);
  });

  it('is another recording with another seed', () => {
    expect(record(busy, { seed: '8' }).text).not.toBe(text);
  });

  it('carries its result to the digit', () => {
    const { series: _series, checkpoints: _checkpoints, ...result } = recorded.result.stages[0];
    expect(stage.result).toEqual(JSON.parse(JSON.stringify(result)));
  });
});

describe('sums over the slices of the window', () => {
  it('are the arrivals, completions and errors of each component', () => {
    expect(stage.components.map(({ name }) => name)).toEqual(['app', 'cache', 'db', 'lb']);
    for (const c of stage.components) {
      const reported = stage.result.components.find(({ name }) => name === c.name)!;
      expect(total(c.arrivals, stage), c.name).toBe(reported.arrivals);
      expect(total(c.completed, stage), c.name).toBe(reported.completed);
      expect(total(c.rejected, stage) + total(c.failed, stage) + total(c.killed, stage), c.name).toBe(reported.errors);
      expect(Math.max(...c.queueMax.slice(stage.slices.warmup)), c.name).toBe(reported.queueMax);
    }
  });

  it('are the requests of the report, but for those that began in the warm-up', () => {
    const [users] = stage.populations;
    const { requests, attempts } = stage.result;
    expect(total(users.offered, stage)).toBe(requests.offered);
    expect(total(users.attempts, stage)).toBe(attempts);
    expect(total(users.retries, stage)).toBe(attempts - requests.offered);
    expect(total(users.retries, stage)).toBeGreaterThan(0);
    expect(total(users.completed, stage) - users.early.completed).toBe(requests.completed);
    expect(total(users.failed, stage) - users.early.failed).toBe(requests.failed);
    expect(total(users.timedOut, stage) - users.early.timedOut).toBe(requests.timedOut);
    expect(total(users.rejected, stage) - users.early.rejected).toBe(requests.rejected);
    expect(
      total(users.heat.counts, { ...stage, slices: { ...stage.slices, warmup: 0, count: users.heat.counts.length } }),
    ).toBe(users.completed.reduce((sum, n) => sum + n, 0));
  });

  it('weighted by time are the utilisation and the queue of the report', () => {
    const { edges, warmup, count } = stage.slices;
    const mean = (levels: Float32Array): number => {
      let sum = 0;
      for (let i = warmup; i < count; i++) sum += levels[i] * (edges[i + 1] - edges[i]);
      return sum / edges[count];
    };
    for (const c of stage.components) {
      const reported = stage.result.components.find(({ name }) => name === c.name)!;
      expect(mean(c.queueMean), c.name).toBeCloseTo(reported.queueMean, 2);
      // Instances that never leave use their cores all the time: only then is the mean of ratios the ratio of means.
      for (const { resource, utilization } of c.resources) {
        const there = reported.resources.find((r) => r.resource === resource)!;
        expect(mean(utilization), `${c.name} ${resource}`).toBeCloseTo(there.utilization, 2);
      }
    }
  });
});

describe('links', () => {
  it('carry what arrives', () => {
    const link = (from: string, to: string) => stage.links.find((l) => l.from === from && l.to === to)!;
    expect(stage.links.map(({ from, to }) => `${from} → ${to}`).sort()).toEqual([
      'app → cache',
      'app → db',
      'db → app',
      'db → db',
      'lb → app',
      'users → lb',
    ]);
    expect(total(link('users', 'lb').requests, stage)).toBe(stage.result.attempts);
    expect(link('users', 'lb').delayMs).toBeCloseTo(0.25, 6);
    expect(total(link('lb', 'app').messages, stage), 'probes').toBeGreaterThan(60);
    expect(total(link('db', 'db').messages, stage), 'heartbeats').toBeGreaterThan(100);
    expect(total(link('db', 'db').requests, stage)).toBe(0);
  });
});

describe('instances', () => {
  const states = (component: string, i: number) =>
    stage.components
      .find(({ name }) => name === component)!
      .instances[i].states.map(({ fromSlice, state, role }) => {
        return [Math.round(stage.slices.edges[fromSlice] * 10) / 10, state, role];
      });

  it('die and come back when they do', () => {
    expect(states('app', 0)).toEqual([[-5, 'up', '']]);
    expect(states('app', 1)).toEqual([
      [-5, 'up', ''],
      [8, 'silent', ''],
      [14, 'up', ''],
    ]);
  });

  it('have roles: a replica becomes the primary', () => {
    expect(states('db', 0)[0]).toEqual([-5, 'up', 'primary']);
    expect(states('db', 0).at(-1)).toEqual([24, 'up', 'replica']);
    const promoted = stage.happenings.find(({ kind }) => kind === 'promoted')!;
    const later = states('db', promoted.instance);
    expect(later.at(-1)![2]).toBe('primary');
  });

  it('that are dead do no work', () => {
    const [, two] = stage.components.find(({ name }) => name === 'app')!.instances;
    const at = (time: number) => stage.slices.edges.findIndex((edge) => edge >= time);
    expect(Math.max(...two.utilization.slice(at(8.2), at(14)))).toBe(0);
    expect(Math.max(...two.utilization.slice(at(2), at(8)))).toBeGreaterThan(0.1);
  });
});

describe('the story', () => {
  it('has faults with both ends', () => {
    expect(stage.faults).toMatchObject([
      { name: 'app two dies', component: 'app', instance: 1, start: 8, end: 14 },
      { name: 'the primary dies', component: 'db', instance: 0, start: 16, end: 24 },
    ]);
  });

  it('has what followed', () => {
    expect(new Set(stage.happenings.map(({ kind }) => kind))).toEqual(
      expect.objectContaining(new Set(['fault', 'heal', 'detected', 'election', 'promoted'])),
    );
  });
});

describe('readings', () => {
  const reading = (component: string, name: string) =>
    stage.components.find((c) => c.name === component)!.readings.find((r) => r.name === name)!;

  it('count what the type counts', () => {
    const { extra } = stage.result.components.find(({ name }) => name === 'cache')!;
    expect(total(reading('cache', 'hits').values, stage)).toBe(extra.hits);
    expect(total(reading('db', 'writes').values, stage)).toBe(
      stage.result.components.find(({ name }) => name === 'db')!.extra.writes,
    );
  });

  it('have the ratio of each slice, not of the whole run', () => {
    const ratio = reading('cache', 'hitRatio').values;
    const hits = reading('cache', 'hits').values;
    const gets = reading('cache', 'gets').values;
    for (let i = 0; i < ratio.length; i++) if (gets[i] > 0) expect(ratio[i]).toBeCloseTo(hits[i] / gets[i], 3);
  });

  it('have the replication lag, which grows while a copy is behind', () => {
    expect(reading('db', 'replicationLagMs').kind).toBe('level');
    expect(Math.max(...reading('db', 'replicationLagMs').values)).toBeGreaterThan(0);
  });
});

describe('the sample of requests', () => {
  it('has spans without gaps that sum to the latency', () => {
    expect(stage.requests.length).toBeGreaterThan(100);
    for (const { spans, latencyMs, id } of stage.requests) {
      let end = 0;
      for (const span of spans) {
        expect(span.startMs, id).toBe(end);
        end = span.endMs;
      }
      expect(end, id).toBeCloseTo(latencyMs, 9);
    }
  });

  it('has the slowest of all, and some that failed', () => {
    const slowest = stage.requests.filter(({ outcome }) => outcome === 'completed');
    expect(Math.max(...slowest.map(({ latencyMs }) => latencyMs))).toBeCloseTo(stage.result.latencyMs.max!, 6);
    const failures = stage.result.requests.failed + stage.result.requests.timedOut + stage.result.requests.rejected;
    expect(failures).toBeGreaterThan(0);
    expect(stage.requests.some(({ outcome }) => outcome !== 'completed')).toBe(true);
    expect(stage.requestsFollowed).toBe(stage.requestsEnded);
  });

  it('knows the instances it passed, and shows retries', () => {
    const spans = stage.requests.flatMap((request) => request.spans);
    const served = spans.filter(({ kind, component }) => kind === 'service' && component === 'app');
    expect(new Set(served.map(({ instance }) => instance))).toEqual(new Set([0, 1, 2]));
    const retried = stage.requests.filter(({ attempts }) => attempts > 1);
    expect(retried.length).toBeGreaterThan(0);
    for (const request of retried) expect(request.spans.some(({ kind }) => kind === 'retry')).toBe(true);
  });

  it('is of one instance where a request is tried once, whatever rows have been before', () => {
    const tried = stage.requests.filter(({ attempts }) => attempts === 1);
    expect(tried.length).toBeGreaterThan(100);
    for (const { spans, id } of tried) {
      const passed = spans.filter(({ component, instance }) => component === 'app' && instance >= 0);
      expect(new Set(passed.map(({ instance }) => instance)).size, id).toBeLessThan(2);
    }
  });

  it('is in the order of their starts', () => {
    const starts = stage.requests.map(({ start }) => start);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });
});
