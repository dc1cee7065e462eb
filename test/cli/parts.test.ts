/** The pieces of the command line that need no process: exit codes, seeds, pace, words. */
import { describe, expect, it } from 'vitest';
import { exitCodeOf, explain, replayCommand } from '../../cli/commands/outcome.ts';
import { type RunOptions, readRunOptions } from '../../cli/commands/run-options.ts';
import { ExitCode, worst } from '../../cli/exit.ts';
import { firstDifference } from '../../cli/simulation/doublecheck.ts';
import { nextSlice } from '../../cli/simulation/pace.ts';
import { assemble, replicationSeed, tasksOf } from '../../cli/simulation/plan.ts';
import type { RunResult, Scenario, StageResult } from '../../cli/simulator.ts';
import { shellWord } from '../../cli/terminal/printable.ts';
import { Tally } from '../../cli/terminal/progress.ts';
import { wantsColor } from '../../cli/terminal/streams.ts';
import { suggestion } from '../../cli/terminal/suggest.ts';
import { wrap } from '../../cli/terminal/wrap.ts';

/** Only the fields that the command line looks at. */
function stage(name: string, more: Partial<StageResult> = {}): StageResult {
  return {
    name,
    warmupSeconds: 0,
    simulatedSeconds: 256,
    thresholds: [],
    checkpoints: [],
    partial: false,
    ...more,
  } as StageResult;
}

function result(...stages: StageResult[]): RunResult {
  return { schema: 1, seed: '1', ok: true, stages, replications: 1 } as unknown as RunResult;
}

const options = (raw = {}): RunOptions => readRunOptions(raw);
const threshold = (verdict: 'pass' | 'fail' | 'inconclusive') =>
  ({
    thresholds: [{ threshold: 't', observed: 1, observedText: '1', ok: verdict === 'pass', verdict }],
  }) as Partial<StageResult>;

describe('exit codes', () => {
  it.each([
    [[], 0],
    [[0, 99], 99],
    [[99, 5], 5],
    [[4, 130, 99], 130],
    [[143, 70], 70],
  ] as [ExitCode[], number][])('the worst of %j is %i', (codes, expected) => {
    expect(worst(codes)).toBe(expected);
  });

  it('come from thresholds when nothing else ended the run', () => {
    expect(exitCodeOf(result(stage('a', threshold('pass'))), null, options())).toBe(0);
    expect(exitCodeOf(result(stage('a', threshold('pass')), stage('b', threshold('fail'))), null, options())).toBe(99);
  });

  it('of an inconclusive threshold depend on what was asked', () => {
    const undecided = result(stage('a', threshold('inconclusive')));
    expect(exitCodeOf(undecided, null, options())).toBe(99);
    expect(exitCodeOf(undecided, null, options({ 'allow-inconclusive': true }))).toBe(0);
    const failed = result(stage('a', threshold('fail')));
    expect(exitCodeOf(failed, null, options({ 'allow-inconclusive': true }))).toBe(99);
  });

  it('of a bug, a limit and an invalid scenario come before thresholds', () => {
    const failed = result(stage('a', threshold('fail')));
    expect(exitCodeOf(failed, { kind: 'bug', message: '', stack: '' }, options())).toBe(ExitCode.bug);
    expect(exitCodeOf(failed, { kind: 'limit', message: '', result: null }, options())).toBe(ExitCode.limit);
    expect(exitCodeOf(failed, { kind: 'invalid', message: '' }, options())).toBe(ExitCode.usage);
  });
});

describe('a bug', () => {
  it('is told with stage, seed and the command that shows it again', () => {
    const chosen = options({ set: ['components.app.instances=3'], seed: '7', stage: ['a', 'b c'] });
    const bug = { kind: 'bug' as const, message: 'clock went back', stack: 'at secret' };
    const text = explain(bug, 'b c', 'dir/x y.yaml', chosen, result()).join('\n');
    expect(text).toContain('clock went back');
    expect(text).toContain(
      "tenfold run 'dir/x y.yaml' --stage 'b c' --seed 7 --set components.app.instances=3 --check",
    );
    expect(text).not.toContain('secret');
  });
});

describe('the command that repeats a run', () => {
  it('names what changes figures and nothing else', () => {
    expect(replayCommand('x.yaml', options({ workers: '2', quiet: true, reporter: ['json=o'] }))).toBe(
      'tenfold run x.yaml',
    );
    const all = options({ duration: '10s', replications: '5', seed: '3' });
    expect(replayCommand('x.yaml', all)).toBe('tenfold run x.yaml --seed 3 --duration 10s --replications 5');
  });

  it.each([
    ['plain-1.5/x', 'plain-1.5/x'],
    ['', "''"],
    ["it's", "'it'\\''s'"],
    ['$(rm)', "'$(rm)'"],
  ])('quotes %j', (word, quoted) => {
    expect(shellWord(word)).toBe(quoted);
  });
});

describe('replications', () => {
  it('count a numeric seed up and name any other', () => {
    expect([0, 1, 2].map((k) => replicationSeed('7', k))).toEqual(['7', '8', '9']);
    expect([0, 1].map((k) => replicationSeed('blue', k))).toEqual(['blue', 'blue/1']);
  });

  const scenario = {
    name: 'n',
    file: 'n.yaml',
    hash: 'h',
    stages: [
      { name: 'a', run: { seed: '1' } },
      { name: 'b', run: { seed: '5' } },
    ],
  } as unknown as Scenario;
  const plan = { stages: ['a', 'b'], replications: 2, check: false, doublecheck: false, record: false, eventLimit: 10 };

  it('are tasks stage by stage, each with its own seed', () => {
    const tasks = tasksOf(scenario, plan);
    const seeds = tasks.map((task) => task.scenario.stages.find(({ name }) => name === task.stage)!.run.seed);
    expect(tasks.map(({ stage }) => stage)).toEqual(['a', 'a', 'b', 'b']);
    expect(seeds).toEqual(['1', '2', '5', '6']);
  });

  it('of which some are missing make the stage partial and the run not ok', () => {
    const done = { kind: 'done' as const, result: result(stage('a')) };
    const whole = assemble(scenario, { ...plan, replications: 1, stages: ['a'] }, [done]);
    expect(whole).toMatchObject({ ok: true, stages: [{ partial: false }] });
    const part = assemble(scenario, { ...plan, stages: ['a'] }, [done, { kind: 'stopped', result: null }]);
    expect(part).toMatchObject({ ok: false, stages: [{ partial: true }] });
    const none = assemble(scenario, { ...plan, stages: ['a'] }, [null, null]);
    expect(none).toMatchObject({ ok: false, stages: [] });
  });
});

describe('--doublecheck', () => {
  const history = (...checkpoints: string[]) => result(stage('a', { checkpoints, fingerprint: checkpoints.at(-1) }));

  it('finds nothing between equal runs', () => {
    expect(firstDifference(history('1', '2', '3', '4'), history('1', '2', '3', '4'))).toBeNull();
  });

  it('names the first interval that differs, in simulated time', () => {
    const words = firstDifference(history('1', '2', '3', '4'), history('1', 'x', '3', 'y'));
    expect(words).toMatch(/stage "a".*interval 2 of 4, between 64\.000 s and 128\.000 s/);
  });

  it('notices figures that differ under one history', () => {
    const other = history('1');
    other.stages[0].goodputPerSecond = 3;
    expect(firstDifference(history('1'), other)).toContain('figures do not');
  });
});

describe('slices', () => {
  it('grow and shrink towards 10 ms, by at most a factor of two and four', () => {
    expect(nextSlice(1000, 10)).toBe(1000);
    expect(nextSlice(1000, 1)).toBe(2000);
    expect(nextSlice(1000, 1000)).toBe(250);
    expect(nextSlice(64, 1000)).toBe(64);
  });
});

describe('progress', () => {
  it('weighs tasks by their events', () => {
    const tally = new Tally([99, 299]);
    const half = { stage: 'a', simulatedSeconds: 5, totalSeconds: 10, events: 50 };
    tally.update(0, { ...half, simulatedSeconds: 10 });
    expect(tally.fraction).toBeCloseTo(0.25);
    tally.update(1, half);
    expect(tally.fraction).toBeCloseTo(0.625);
  });

  it('survives estimates that are none', () => {
    const tally = new Tally([Number.NaN]);
    tally.update(0, { stage: 'a', simulatedSeconds: 5, totalSeconds: 10, events: 50 });
    expect(tally.fraction).toBeCloseTo(0.5);
  });
});

describe('words', () => {
  it('suggest the nearest, or tell what there is', () => {
    expect(suggestion('100 user', ['100 users', 'a bigger box'])).toBe('; did you mean "100 users"?');
    expect(suggestion('zzz', ['one', 'two'])).toBe('; there are "one", "two"');
    expect(suggestion('zzz', [])).toBe('');
  });

  it('wrap between words', () => {
    expect(wrap('aa bb  cc\ndddddd', 5)).toEqual(['aa bb', 'cc', 'dddddd']);
  });
});

describe('colour', () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{}, {}, false],
    [{}, { FORCE_COLOR: '1' }, true],
    [{ isTTY: true }, { FORCE_COLOR: '0' }, false],
  ])('on %j with %j: %s', (stream, env, expected) => {
    expect(wantsColor(stream, env)).toBe(expected);
  });
});

describe('options', () => {
  it('print the text report unless something else is on standard output', () => {
    expect(options().reporters).toEqual([{ kind: 'text', file: null }]);
    expect(options({ reporter: ['json'] }).reporters).toEqual([{ kind: 'json', file: null }]);
    expect(options({ reporter: ['json=a=b'] }).reporters).toEqual([
      { kind: 'text', file: null },
      { kind: 'json', file: 'a=b' },
    ]);
    expect(options({ reporter: ['json=o'], quiet: true }).reporters).toEqual([{ kind: 'json', file: 'o' }]);
  });

  it.each([
    ['1e6', 1_000_000],
    ['1.5e10', 15_000_000_000],
    ['250', 250],
  ])('take %s as a limit of events', (text, limit) => {
    expect(options({ 'event-limit': text }).eventLimit).toBe(limit);
  });

  it.each(['0e5', '1.5e0', '1e20', 'e6', '1e-3'])('refuse %s as a limit of events', (text) => {
    expect(() => options({ 'event-limit': text })).toThrow('--event-limit takes a whole number');
  });

  it.each(['0', '-1', '1.5', '0x10', '', ' 3', '1e3'])('refuse %j as a number of replications', (replications) => {
    expect(() => options({ replications })).toThrow('whole number');
  });
});
