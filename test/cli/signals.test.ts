/** Ctrl-C and `kill`: answered at once, with what there is so far, marked partial and never passing. */
import { describe, expect, it } from 'vitest';
import { type Ended, endless, expecting, fileOf, start } from './tenfold.ts';

/** Sends a signal to an endless run once it is under way; answers how it ended and how long that took. */
async function interrupt(signal: NodeJS.Signals, args: readonly string[] = []): Promise<Ended & { tookMs: number }> {
  const path = fileOf(expecting('p(50) < 10s'));
  const { child, ended } = start(['run', path, ...endless, '--reporter', 'json', ...args]);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const sent = performance.now();
  child.kill(signal);
  const end = await ended;
  return { ...end, tookMs: performance.now() - sent };
}

describe('an interrupted run', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('answers %s with exit %i and a partial result', async (signal, expected) => {
    const { code, stdout, stderr } = await interrupt(signal);
    expect(code).toBe(expected);
    expect(stderr).toContain('partial');
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, stages: [{ partial: true }] });
  });

  it('takes less than 100 ms, the end of the process included', async () => {
    // The best of three: a busy machine may delay one answer, a slow program delays all.
    const tries = [await interrupt('SIGINT'), await interrupt('SIGINT'), await interrupt('SIGINT')];
    expect(Math.min(...tries.map(({ tookMs }) => tookMs))).toBeLessThan(100);
  });

  it('leaves with several replications too', async () => {
    const { code, stdout } = await interrupt('SIGINT', ['--replications', '4', '--workers', '2']);
    expect(code).toBe(130);
    expect(JSON.parse(stdout).ok).toBe(false);
  });
});
