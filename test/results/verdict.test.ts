/** The sentence "what broke, and why" speaks of a threshold that failed, and gives a cause only where one is known. */
import { describe, expect, it } from 'vitest';
import { render } from '../../reports/index.ts';
import { loadSimulator } from '../scenarios/simulator.ts';

const { simulate, parseScenario, Run } = await loadSimulator();

interface Parts {
  clients?: string;
  app?: string;
  more?: string;
  duration?: string;
}

/** Nine of ten requests are fast, the rest sleep for 700 ms. */
const TWO = '{ arrivals: { constant: 100/s }, does: { fast: 90%, slow: 10% }, entry: app }';
const ONE = '{ arrivals: { constant: 100/s }, does: op, entry: app }';

const scenario = (thresholds: string, { clients = TWO, app, more = '', duration = '60s' }: Parts = {}): string => `
name: Verdict
run: { duration: ${duration}, warmup: 1s, seed: 1 }
clients: { c: ${clients} }
components:
  app: ${app ?? '{ type: server, machine: { price: 90/month }, operations: { fast: [ { cpu: 2ms } ], slow: [ { sleep: 700ms } ], op: [ { cpu: 2ms } ] } }'}
${more}
thresholds: ${thresholds}
`;

const stageOf = (thresholds: string, parts?: Parts) => simulate(scenario(thresholds, parts)).stages[0];
const broke = (thresholds: string, parts?: Parts): string => stageOf(thresholds, parts).verdict.broke;

describe('latency', () => {
  it('of one operation among several is that operation’s, and has no cause from all requests', () => {
    expect(broke("{ latency: 'p(99) < 5s', operations: { fast: { latency: 'p(50) < 1ms' } } }")).toMatch(
      /^fast: latency p\(50\) < 1ms is 2(\.\d+)? ms\.$/,
    );
  });

  it('names the figure that failed, and its own requests', () => {
    expect(broke("{ latency: ['p(99) < 5s', 'p(95) < 100ms'] }")).toMatch(
      /^p95 is 70\d ms: 9\d(\.\d)? % of the slowest 5 %’s time goes to sleep at app/,
    );
    expect(broke("{ latency: 'mean < 1ms' }")).toMatch(/^mean latency is \d+(\.\d)? ms: .* of the time goes to sleep/);
    expect(broke("{ latency: 'p(99) < 100ms' }")).toMatch(/^p99 is 70\d ms: 99.* of the slowest 1 %’s time goes to/);
  });

  it('of the only operation is that of all', () => {
    expect(broke("{ operations: { op: { latency: 'p(99) < 1ms' } } }", { clients: ONE })).toMatch(
      /^op: latency p\(99\) < 1ms is 2.* ms: .* of the slowest 1 %’s time goes to/,
    );
  });

  it('that is better than asked for has no cause', () => {
    expect(broke("{ latency: 'p(99) > 2s' }")).toMatch(/^p99 is 70\d ms\.$/);
  });
});

describe('failures', () => {
  const fails: Parts = {
    clients: ONE,
    app: '{ type: server, machine: { price: 90/month }, operations: { op: [ { cpu: 2ms } ] } }',
    more: 'faults: { gone: { crash: app, at: 10s, for: 2s } }',
  };

  it('are the reason if a threshold about them failed', () => {
    expect(broke("{ availability: '>= 99%' }", fails)).toMatch(/ % of requests \w+( \w+)?: .*app/);
  });

  it('are not if they were allowed and something else failed', () => {
    expect(broke("{ availability: '>= 50%', latency: 'p(50) < 1ms' }", fails)).toMatch(/^p50 is 2/);
    expect(broke("{ availability: '>= 50%', cost: '< 1/month' }", fails)).toMatch(
      /^cost < 1\/month is \$\d+\/month\.$/,
    );
  });
});

describe('what was struck', () => {
  const struck = (fault: string, parts: Parts = {}): Parts => ({
    ...parts,
    more: `  idle: { type: server, public: true, operations: { fast: [ { cpu: 2ms } ] } }\nfaults: { gone: { ${fault}, at: 30s, for: 5s } }`,
  });

  it('is no reason for what was the same before', () => {
    expect(broke("{ latency: 'p(99) < 100ms' }", struck('crash: idle'))).toMatch(/^p99 is 70\d ms: 99/);
    expect(broke("{ components: { app: { utilization: '< 1%' } } }", struck('crash: idle'))).toMatch(/%\.$/);
  });

  it('is one for what it did, and for what its component is asked', () => {
    expect(broke("{ latency: 'p(99) < 710ms' }", struck('slow: app, factor: 50'))).toMatch(
      /^p99 is [\d.]+ s: app takes 50 times/,
    );
    expect(broke("{ availability: '>= 99.9%' }", struck('crash: app'))).toMatch(/ % of requests .*: app/);
    expect(broke("{ components: { idle: { arrivals: '> 5' } } }", struck('crash: idle'))).toMatch(/idle/);
  });
});

describe('what has no figure', () => {
  const lost: Parts = { more: 'faults: { gone: { slow: app, factor: 2, at: 10s, for: 2s } }' };

  it('is not put down to requests that wait', () => {
    expect(broke("{ failover: { promoted: '< 10s' } }")).toBe('promoted < 10s can’t be told, there was no fault.');
    expect(broke("{ failover: { promoted: '< 10s' } }", lost)).toMatch(
      /^promoted < 10s can’t be told, it did not come in this run: app/,
    );
    const never = '{ type: server, operations: { op: [ { sleep: 20s } ] } }';
    const clients = ONE.replace('100/s', '2/s').replace('entry: app', 'entry: app, timeout: 1s');
    expect(broke("{ latency: 'p(99) < 1s', availability: '>= 0%' }", { clients, app: never })).toMatch(
      /^latency p\(99\) < 1s can’t be told, no request succeeded/,
    );
  });

  it('of a component says so', () => {
    const cached = `
name: No such figure
run: { duration: 10s, warmup: 1s, seed: 1 }
clients: { c: { arrivals: { constant: 10/s }, does: op, entry: app } }
components:
  app: { type: server, operations: { op: [ { read: db } ] } }
  db: { type: database, read: { cpu: 1ms } }
thresholds: { components: { db: { replicationLagMs: '< 1s' } } }`;
    expect(parseScenario(cached, 'x.yaml').problems).toEqual([]);
    expect(simulate(cached).stages[0].verdict.broke).toBe(
      'db: replicationLagMs < 1s can’t be told, there is no such figure.',
    );
  });

  it('waits where requests do wait, and the terminal says the same', () => {
    const stuck = '{ type: server, operations: { op: [ { sleep: 20s } ] } }';
    const result = simulate(
      scenario("{ latency: 'p(99) < 1s' }", { clients: ONE.replace('100/s', '2/s'), app: stuck, duration: '30s' }),
    );
    expect(result.stages[0].verdict.broke).toMatch(/^latency p\(99\) < 1s can’t be told, too many requests are still/);
    expect(render('text', result, {})).toContain('(– too many requests are still waiting)');
  });
});

describe('components and cost', () => {
  it('have no cause in the latency of requests', () => {
    expect(broke("{ components: { app: { utilization: '< 1%' } } }")).toMatch(
      /^app: utilization < 1% is \d+(\.\d)? %\.$/,
    );
    expect(broke("{ cost: '< 1/month' }")).toMatch(/^cost < 1\/month is \$\d+\/month\.$/);
  });
});

describe('what is uncertain', () => {
  const short = scenario("{ latency: 'p(95) < 5s' }", { duration: '3s' });

  it('did not break, and says why nothing can be said', () => {
    const result = simulate(short);
    expect(result.stages[0].thresholds[0].verdict).toBe('inconclusive');
    const words = /^latency p\(95\) < 5s is about 70\d ms, of too few samples to be sure\.$/;
    expect(result.stages[0].verdict.broke).toMatch(words);
    for (const reporter of ['junit', 'github'] as const)
      expect(render(reporter, result, {}).match(/<failure.*too uncertain|::warning.*too uncertain/g)).toHaveLength(1);
    expect(render('text', result, {})).toContain('unsure');
  });

  it('across replications speaks of the threshold that they disagree about', () => {
    const poisson = { clients: '{ arrivals: { poisson: 100/s }, does: { fast: 90%, slow: 10% }, entry: app }' };
    const asked = (rate: number) => scenario(`{ offered: '> ${rate}/s' }`, { ...poisson, duration: '10s' });
    const of = (text: string) => {
      const run = new Run(parseScenario(text, 'x.yaml').scenario!, { replications: 4 });
      while (run.advance(100_000));
      return run.result().stages[0];
    };
    const found = [98, 99, 100, 101, 102]
      .map((rate) => of(asked(rate)))
      .find((s) => s.thresholds[0].verdict === 'inconclusive')!;
    expect(found.verdict.broke).toMatch(/^offered > \d+\/s is about .*, too uncertain/);
  });
});

it('time beyond the places that are kept of a request is called that', () => {
  const servers = Array.from({ length: 30 }, (_, i) => {
    const call = i < 29 ? `, { call: s${i + 1}, op: go }` : '';
    return `  s${i}: { type: server, operations: { go: [ { cpu: 1ms }${call} ] } }`;
  });
  const { stages } = simulate(`
name: a test
run: { duration: 20s, warmup: 1s, seed: 1 }
network: { delay: 0.1ms }
clients: { users: { arrivals: { poisson: 50/s }, does: go, timeout: none, entry: s0 } }
components:
${servers.join('\n')}
thresholds: { latency: 'p(99) < 10ms' }
`);
  expect(stages[0].verdict.broke).toContain('places beyond the first 24 that a request visits');
});
