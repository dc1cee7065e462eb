/** The benchmark as a whole, on a small part of its work: the shape of its JSON, and figures that theory knows. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { spreadOf } from '../../bench/figures.ts';
import { describe as blockOf } from '../../bench/report.ts';
import { yardstick } from '../../bench/yardstick.ts';
import freshDist from '../../tools/fresh-dist.ts';

const program = fileURLToPath(new URL('../../dist/bench.js', import.meta.url));

function run(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('tenfold bench --quick --reporter json', () => {
  beforeAll(freshDist);

  const positive = { median: expect.any(Number), min: expect.any(Number), max: expect.any(Number) };

  let all: Record<string, any> = {};

  it('prints the figures of W1, W2 and W3, and the exact mean of W2', async () => {
    const { code, stdout, stderr } = await run(['--quick', '--reporter', 'json']);
    expect([code, stderr]).toEqual([0, '']);
    all = JSON.parse(stdout);
    expect(Object.keys(all)).toEqual(['W1', 'W2', 'W3']);
    for (const figures of Object.values<any>(all)) {
      expect(figures).toMatchObject({
        slices: 5,
        spread: { requestsPerCpuSecond: positive, eventsPerCpuSecond: positive },
        yardstick: { eventsPerCpuSecond: positive, ratio: positive },
      });
      const { min, median, max } = figures.spread.requestsPerCpuSecond;
      expect(figures.requestsPerCpuSecond).toBe(median);
      expect(min).toBeGreaterThan(0);
      expect(min).toBeLessThanOrEqual(median);
      expect(median).toBeLessThanOrEqual(max);
      expect(figures.eventsPerCpuSecond).toBeGreaterThan(figures.requestsPerCpuSecond);
      expect(figures.peakMemoryMb).toBeGreaterThan(20);
      expect(figures.peakMemoryMb).toBeLessThan(1000);
      expect(figures.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    }
    expect(all.W2.latencyMs.mean / 16.57).toBeGreaterThan(0.98);
    expect(all.W2.latencyMs.mean / 16.57).toBeLessThan(1.02);
    expect(all.W2.exact.ok).toBe(true);
  });

  it('prints a block for each workload for people', () => {
    const text = Object.entries(all)
      .map(([name, figures]) => blockOf(name, `${name}, what it is`, figures))
      .join('\n');
    for (const part of ['W1  what it is', 'W2  what it is', 'W3  what it is', 'exactly', 'mean 16.57 ms']) {
      expect(text).toContain(part);
    }
  });
});

describe('the parts', () => {
  it('the yardstick simulates an M/M/1 queue: 50 ms at 80 of 100 a second', () => {
    expect(yardstick(300_000)).toBeGreaterThan(0.047);
    expect(yardstick(300_000)).toBeLessThan(0.053);
  });

  it.each([
    [[3, 1, 2], { median: 2, min: 1, max: 3 }],
    [[4, 1, 2, 3], { median: 2.5, min: 1, max: 4 }],
    [[10, 9], { median: 9.5, min: 9, max: 10 }],
  ])('the spread of %j', (values, spread) => {
    expect(spreadOf(values)).toEqual(spread);
  });
});
