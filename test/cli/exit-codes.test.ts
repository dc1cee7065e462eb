/** What a script may rely on: the exit code, where the words go, and that nothing is simulated before all is checked. */
import { describe, expect, it } from 'vitest';
import { estimate, parseScenario } from '../../sim/index.ts';
import { expecting, fileOf, small, tenfold } from './tenfold.ts';

const stackTrace = /\n\s+at .+:\d+/;

describe('exit 0', () => {
  it('for a run without thresholds, with the report on stdout and nothing on stderr', async () => {
    const { code, stdout, stderr } = await tenfold(['run', fileOf(small), '--reporter', 'json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ schema: 1, ok: true, seed: '1', scenario: { name: 'Small', file: 'small.yaml' } });
    expect(result.stages).toHaveLength(1);
  });

  it('for a threshold that holds', async () => {
    const { code } = await tenfold(['run', fileOf(expecting('p(50) < 10s')), '--quiet']);
    expect(code).toBe(0);
  });

  it.each([['--help'], ['--version'], ['run', '--help'], ['list'], ['schema'], ['completion']])(
    'for %s',
    async (...args) => {
      const { code, stdout, stderr } = await tenfold(args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout.length).toBeGreaterThan(4);
    },
  );

  it('for a scenario that only has to be checked', async () => {
    const { code, stdout } = await tenfold(['validate', fileOf(small)]);
    expect(code).toBe(0);
    expect(stdout).toContain('small.yaml');
    expect(stdout).toContain('events');
  });
});

describe('exit 2, bad usage', () => {
  it.each([
    [['rum', 'x.yaml'], 'Did you mean run?'],
    [['run'], 'Not enough'],
    [['run', 'FILE', '--sed', '3'], 'sed'],
    [['run', 'FILE', '--seed', '1', '--seed', '2'], '--seed may be given only once'],
    [['run', 'FILE', '--workers', '0'], '--workers takes a whole number'],
    [['run', 'FILE', '--replications', '1e3'], '--replications takes a whole number'],
    [['run', 'FILE', '--reporter', 'jason'], 'there is no reporter "jason"'],
    [['run', 'FILE', '--reporter', 'json='], 'lacks the name of a file'],
    [['run', 'FILE', '--reporter', 'json', '--reporter', 'text'], 'standard output to itself'],
    [['run', 'FILE', '--reporter', 'json=same', '--reporter', 'text=same'], 'two reports'],
    [['run', 'FILE', '--stage', 'No such'], 'has no stage "No such"'],
  ])('%j', async (args, words) => {
    const path = fileOf(small);
    const { code, stdout, stderr } = await tenfold(args.map((arg) => (arg === 'FILE' ? path : arg)));
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(stackTrace);
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe('exit 2, a scenario that is not valid', () => {
  it.each([
    ['run', small.replace('duration', 'duraton'), /^small\.yaml:2:\d+.*duraton/m],
    ['run', small.replace('entry: app', 'entry: ap'), /^small\.yaml:7:\d+/m],
    ['run', small.replace('exponential: 5ms', 'exponential: 5'), /^small\.yaml:\d+:\d+/m],
    ['run', '', /small\.yaml.*empty/],
    ['validate', small.replace('duration', 'duraton'), /^small\.yaml:2:\d+.*duraton/m],
  ])('%s names file, line and column', async (command, text, words) => {
    const { code, stdout, stderr } = await tenfold([command, fileOf(text)]);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(stackTrace);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('before anything else is simulated', async () => {
    const { code, stdout } = await tenfold(['run', fileOf(small), fileOf('name: 1\n'), '--reporter', 'json']);
    expect([code, stdout]).toEqual([2, '']);
  });
});

describe('exit 4', () => {
  it('refuses by the estimate what would need more events than allowed', async () => {
    const { code, stderr, stdout } = await tenfold([
      'run',
      fileOf(small),
      '--event-limit',
      '100',
      '--reporter',
      'json',
    ]);
    expect(code).toBe(4);
    expect(stderr).toMatch(/limit.*--event-limit/);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, stages: [] });
  });

  it('names an estimate that is above the limit, however little', async () => {
    const { scenario } = parseScenario(small, 'small.yaml');
    const limit = Math.ceil(estimate(scenario!).stages[0].events) - 1;
    const { stderr } = await tenfold(['run', fileOf(small), '--event-limit', String(limit)]);
    const [, about, most] = /about (\S+) events are more than the limit of (\S+) \(/.exec(stderr)!;
    expect(Number(most)).toBe(limit);
    expect(Number(about)).toBeGreaterThan(limit);
  });

  it('gives the report so far when memory runs out, never passing', async () => {
    const args = ['run', fileOf(small), '--duration', '5000000s', '--memory-limit-mib', '20', '--reporter', 'json'];
    const { code, stderr, stdout } = await tenfold(args);
    expect(code).toBe(4);
    expect(stderr).toContain('20 MiB');
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, stages: [{ partial: true }] });
  });
});

describe('exit 5', () => {
  it('for a file that is not there', async () => {
    const { code, stderr, stdout } = await tenfold(['run', 'no/such.yaml']);
    expect(stderr).toBe('tenfold: no/such.yaml could not be read: no such file or directory\n');
    expect([code, stdout]).toEqual([5, '']);
  });
});

describe('exit 99', () => {
  it('for a threshold that fails', async () => {
    const { code, stdout } = await tenfold(['run', fileOf(expecting('p(50) < 1us')), '--reporter', 'json']);
    expect(code).toBe(99);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, stages: [{ thresholds: [{ ok: false, verdict: 'fail' }] }] });
  });

  it('comes after a graver code: a limit in another file', async () => {
    const { code } = await tenfold(['run', fileOf(expecting('p(50) < 1us')), 'no-such.yaml']);
    expect(code).toBe(5);
  });
});
