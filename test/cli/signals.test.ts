/** Ctrl-C and `kill`: answered at once, with what there is so far, marked partial and never passing. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { firstGood } from '../pace.ts';
import { type Ended, endless, expecting, fileOf, start } from './tenfold.ts';

/** Run before the command: a dot on a fourth stream for every word that the main thread has heard from a worker. */
const telling = `import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
const on = Worker.prototype.on;
Worker.prototype.on = function (name, hear) {
  if (name !== 'message') return on.call(this, name, hear);
  return on.call(this, name, (message) => { hear(message); writeSync(3, '.'); });
};`;

/** Words of progress come ten a second; by the second one a run is well under way, whatever the machine is doing. */
const ENOUGH = 2;

/** The same without a simulator: a worker that computes, and an end of the process when a signal comes. */
const bare = `const { Worker } = require('node:worker_threads');
const worker = new Worker('for (;;);', { eval: true });
process.once('SIGINT', () => void worker.terminate());
worker.on('online', () => require('node:fs').writeSync(3, '..'));`;

/** Waits until the process has told enough, sends the signal; answers how long its end took, in milliseconds. */
async function timeToEnd(child: ChildProcess, ended: Promise<unknown>, signal: NodeJS.Signals): Promise<number> {
  const words = child.stdio[3] as Readable;
  let heard = 0;
  await Promise.race([
    ended,
    new Promise<void>((resolve) => {
      words.on('data', (data: Buffer) => (heard += data.length) >= ENOUGH && resolve());
    }),
  ]);
  const sent = performance.now();
  child.kill(signal);
  await ended;
  return performance.now() - sent;
}

/** Sends a signal to an endless run once it is under way; answers how it ended and how long that took. */
async function interrupt(signal: NodeJS.Signals, args: readonly string[] = []): Promise<Ended & { tookMs: number }> {
  const path = fileOf(expecting('p(50) < 10s'));
  const before = ['--import', `data:text/javascript,${encodeURIComponent(telling)}`];
  const { child, ended } = start(['run', path, ...endless, '--reporter', 'json', ...args], {}, before);
  const tookMs = await timeToEnd(child, ended, signal);
  return { ...(await ended), tookMs };
}

async function interruptBare(): Promise<number> {
  const child = spawn(process.execPath, ['-e', bare], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  return timeToEnd(child, new Promise((resolve) => child.on('close', resolve)), 'SIGINT');
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
    const { value, limit } = await firstGood(async () => {
      const { tookMs } = await interrupt('SIGINT');
      // The bare one takes 12 ms on a quiet machine; where both are delayed, the larger program is delayed more often.
      return { value: tookMs, limit: Math.max(100, 20 * (await interruptBare())) };
    });
    console.log(
      `an interrupted run ends in ${value.toFixed(0)} ms; at the machine's pace ${limit.toFixed(0)} ms are good`,
    );
    expect(value).toBeLessThanOrEqual(limit);
  });

  it('leaves with several replications too', async () => {
    const { code, stdout } = await interrupt('SIGINT', ['--replications', '4', '--workers', '2']);
    expect(code).toBe(130);
    expect(JSON.parse(stdout).ok).toBe(false);
  });
});
