/** What reports must say, whatever they look like. */
import { describe, expect, it } from 'vitest';
import { render } from '../../reports/index.ts';
import { runOutcome } from '../../reports/outcome.ts';
import type { StageResult } from '../../sim/result.ts';
import { noLatency, result, resultWith, stages } from './fixtures.ts';

const partial: StageResult = { ...stages.failover, name: 'cut short', partial: true };
const passing = resultWith(stages.failover);

describe('verdict', () => {
  it('is worst of all stages, and names the first that broke', () => {
    expect(runOutcome(result)).toMatchObject({ word: 'FAILED', sentence: '1 of 3 stages failed, 1 inconclusive' });
    expect(runOutcome(result).firstBroken?.name).toBe('1,000 users on one box');
    expect(runOutcome(passing)).toMatchObject({ word: 'PASSED', sentence: '1 of 1 stage passed', firstBroken: null });
  });

  it('of a partial stage is never a pass', () => {
    expect(runOutcome(resultWith(partial)).word).toBe('PARTIAL');
    expect(render('text', resultWith(partial))).toMatch(/PARTIAL {2}1 ended early/);
    expect(render('junit', resultWith(partial))).toContain('failures="3" errors="1"');
    expect(render('github', resultWith(partial))).toContain('::error title=cut short%3A partial::');
  });

  it('of an inconclusive stage is told apart from a failure, and a caller may allow it', () => {
    const open = { ...resultWith(stages.uncertain) };
    expect(runOutcome(open).word).toBe('INCONCLUSIVE');
    expect(runOutcome({ ...open, ok: true }).word).toBe('PASSED');
    expect(runOutcome({ ...open, ok: true }).sentence).toBe('1 inconclusive');
  });

  it('without thresholds claims nothing', () => {
    const unjudged = resultWith({ ...stages.failover, thresholds: [] });
    expect(runOutcome(unjudged).word).toBe('DONE');
    expect(render('text', unjudged)).toContain('no threshold');
    expect(render('text', unjudged)).not.toMatch(/\bpass/i);
  });

  it('fails when the result is not ok, even if no stage says why', () => {
    expect(runOutcome({ ...passing, ok: false }).word).toBe('FAILED');
  });
});

describe('text', () => {
  it('ends with the verdict and the command that reproduces it', () => {
    const lines = render('text', result).trimEnd().split('\n');
    expect(lines.at(-1)).toBe('reproduce: tenfold run tic-tac-toe.yaml --seed 1 --replications 5');
    expect(lines.at(-3)).toBe('FAILED  1 of 3 stages failed, 1 inconclusive');
  });

  it('counts no users where requests arrive from outside', () => {
    const row = (users: number): string =>
      render('text', resultWith({ ...stages.failover, users }))
        .split('\n')
        .find((line) => line.includes('✓'))!;
    expect(row(1_234)).toMatch(/ 1,234 /);
    expect(row(0)).toMatch(/ – /);
    expect(row(0)).not.toMatch(/ 0 /);
  });

  it('says no data where there is none', () => {
    const empty = resultWith({
      ...stages.failing,
      latencyMs: noLatency,
      series: [],
      components: [],
      hotspots: [],
      operations: {},
    });
    const text = render('text', empty);
    expect(text).toContain('p99 – ');
    expect(text).toContain('(– no request succeeded)');
    expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  it('says of a fault what did not happen in the window', () => {
    const lost = {
      ...stages.failover.failovers[0]!,
      detectedAfterSeconds: null,
      decidedAfterSeconds: null,
      promotedAfterSeconds: null,
      recoveredAfterSeconds: null,
    };
    const text = render('text', resultWith({ ...stages.failover, failovers: [lost] }));
    expect(text).toContain('not detected · not recovered by the end of the window');
    expect(text).not.toContain('promoted: the new leader');
  });

  it('tells no recovery from want of anything to compare with', () => {
    const early = { ...stages.failover.failovers[0]!, hasBaseline: false, recoveredAfterSeconds: null };
    const text = render('text', resultWith({ ...stages.failover, failovers: [early] }));
    expect(text).toContain('RTO unknown, as too little of the run was before it');
    expect(text).not.toContain('not recovered');
  });

  it('does not tell to the hundredth, nor before its cause, what is known to the second', () => {
    const failover = {
      ...stages.failover.failovers[0]!,
      atSeconds: 0.44,
      firstFailureAfterSeconds: 0,
      firstGoodAfterSeconds: 4.56,
      promotedAfterSeconds: null,
      recoveredAfterSeconds: 5.56,
      timeline: [{ atSeconds: 5.44, what: 'gw is up again' }],
    };
    const text = render('text', resultWith({ ...stages.failover, failovers: [failover] }));
    expect(text).toContain('about +1 s  ● first request fails');
    expect(text).toMatch(/ \+5\.00 s.*gw is up again\n.*about \+5 s.*first request succeeds again\n/);
  });

  it('tells the moments of a failover in order', () => {
    const text = render('text', passing);
    const order = [
      '● fault',
      '● first request fails',
      '● detected',
      'calls an election',
      '● promoted',
      'accepts its first write',
      '● recovered',
      'comes back',
    ];
    const places = order.map((word) => text.indexOf(word));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
  });

  it('shows a result without stages without stumbling', () => {
    expect(render('text', resultWith())).toContain('no stages');
  });

  it('reports a broken invariant as a bug of Tenfold', () => {
    const violation = { stage: stages.failover.name, message: 'busy 5 of 4 tokens' };
    expect(render('text', passing, { violation })).toContain('busy 5 of 4 tokens');
    expect(render('junit', passing, { violation })).toContain('<error message="busy 5 of 4 tokens" type="invariant"/>');
    expect(render('github', passing, { violation })).toMatch(
      /^::error title=two tiers with a standby%3A a bug in Tenfold::/,
    );
  });
});

describe('json', () => {
  it('is the result and nothing else', () => {
    const parsed = JSON.parse(render('json', result));
    const { extra, ...app } = result.stages[1]!.components[1]!;
    expect(parsed.stages[1].components[1]).toEqual({ ...app, ...extra });
    const strip = (it: StageResult): object => ({ ...it, components: [] });
    expect({ ...parsed, stages: parsed.stages.map(strip) }).toEqual({ ...result, stages: result.stages.map(strip) });
  });

  it('has its keys in one order, whatever order the result has them in', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, it]) => [key, shuffled(it)]),
      );
    };
    expect(render('json', shuffled(result) as typeof result)).toBe(render('json', result));
  });

  it('begins each stage and component with the documented keys', () => {
    const { stages: all, ...top } = JSON.parse(render('json', result));
    expect(Object.keys(top)).toEqual(['schema', 'tenfold', 'scenario', 'seed', 'replications', 'ok', 'replay']);
    expect(Object.keys(all[0]).slice(0, 16)).toEqual([
      'name',
      'users',
      'simulatedSeconds',
      'events',
      'requests',
      'offeredPerSecond',
      'goodputPerSecond',
      'availability',
      'latencyMs',
      'operations',
      'components',
      'hotspots',
      'failovers',
      'costPerMonth',
      'thresholds',
      'intervals',
    ]);
    expect(Object.keys(all[1].components[2]).slice(0, 10)).toEqual([
      'name',
      'type',
      'instances',
      'utilization',
      'queueMean',
      'queueMax',
      'waitMs',
      'serviceMs',
      'arrivals',
      'errors',
    ]);
    expect(all[1].components[2].replicationLagMs).toBe(3.2);
  });

  it('never lets what a type adds replace a figure, and turns no number into text', () => {
    const component = { ...stages.failing.components[0]!, extra: { utilization: -1, z: 1, a: Number.NaN } };
    const parsed = JSON.parse(render('json', resultWith({ ...stages.failing, components: [component] }))).stages[0]
      .components[0];
    expect(parsed.utilization).toBe(component.utilization);
    expect(Object.keys(parsed).slice(-2)).toEqual(['a', 'z']);
    expect(parsed.a).toBeNull();
  });
});

describe('junit', () => {
  it('has a suite for each stage, a case for each threshold, and the invariant', () => {
    const xml = render('junit', result);
    expect(xml.match(/<testsuite /g)).toHaveLength(3);
    expect(xml.match(/<testcase /g)).toHaveLength(4 + 3 + 2 + 3);
    expect(xml.match(/name="runs without violated invariant"/g)).toHaveLength(3);
    expect(xml.match(/<failure /g)).toHaveLength(4);
    expect(xml).toContain('type="no data"');
    expect(xml).toContain('type="inconclusive"');
    expect(xml).not.toMatch(/timestamp|time=/);
  });
});

describe('github', () => {
  it('stays within what GitHub keeps, and says how many it left out', () => {
    const many = resultWith({
      ...stages.failing,
      thresholds: Array.from({ length: 25 }, () => stages.failing.thresholds[0]!),
    });
    const errors = render('github', many)
      .split('\n')
      .filter((line) => line.startsWith('::error '));
    expect(errors).toHaveLength(10);
    expect(errors.at(-1)).toContain('16 annotations more');
  });

  it('ends with the summary, however many stages held', () => {
    const many = resultWith(...Array.from({ length: 15 }, () => stages.failover));
    const lines = render('github', many).trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toContain('PASSED: 15 of 15 stages passed');
  });
});
