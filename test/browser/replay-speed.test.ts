/**
 * A real run on the page: its figures are those of the report; and how fast it is: the first picture, frames while it plays,
 * and the way to any moment. The figures are printed.
 * A machine that is busy with other things is given a second and a third chance.
 */
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeRecording } from '../../sim/recording/decode.ts';
import { availability, duration, plain, rate, whole } from '../../reports/format.ts';
import type { StageResult } from '../../sim/result.ts';
import { loadSimulator } from '../scenarios/simulator.ts';
import { useBrowser } from './harness.ts';
import { pageOf } from './replay-page.ts';

const browser = useBrowser();
/** Two stages of the progression that are full of traffic: a hundred thousand people, a cache, replicas, twenty servers. */
const STAGES = ['100K users, more servers', '100K users, a cache'];
const recorded: { text: string; address: string; stages: StageResult[] } = { text: '', address: '', stages: [] };

beforeAll(async () => {
  const { Run, parseScenario } = await loadSimulator();
  const text = readFileSync(new URL('../../scenarios/progression.yaml', import.meta.url), 'utf8');
  const { scenario } = parseScenario(text, 'progression.yaml', { duration: '45s' });
  const run = new Run(scenario as NonNullable<typeof scenario>, { record: true, stages: STAGES });
  while (run.advance(1_000_000));
  recorded.stages = run.result().stages;
  recorded.text = run.recording();
  recorded.address = pageOf(recorded.text, 'speed');
}, 240_000);

/** Up to three tries of a measurement; the best of them counts, since the machine may have other things to do. */
async function bestOf(measure: () => Promise<number>, isGood: (value: number) => boolean): Promise<number> {
  const values: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    values.push(await measure());
    if (isGood(values[attempt])) return values[attempt];
  }
  return values.find(isGood) ?? values[values.length - 1];
}

/** Median time between two frames over some seconds of playing. */
async function medianFrame(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((done) => {
        const times: number[] = [];
        const frame = (now: number) => {
          times.push(now);
          if (now - times[0] < 3000) return requestAnimationFrame(frame);
          const gaps = times.slice(1).map((time, index) => time - times[index]);
          return done(gaps.sort((a, b) => a - b)[gaps.length >> 1]);
        };
        requestAnimationFrame(frame);
      }),
  );
}

describe('the page of a big stage', () => {
  it('holds what was recorded', () => {
    const { recording, problems } = decodeRecording(recorded.text);
    expect([recording?.stages.map(({ result }) => result.name), problems]).toEqual([STAGES, []]);
    const bytes = statSync(fileURLToPath(recorded.address)).size;
    console.log(`replay: ${whole(bytes)} bytes, of which the recording ${whole(recorded.text.length)}`);
    expect(bytes).toBeLessThan(6e6);
  });

  it.each([0, 1])('has the figures of the report: stage %d', async (index) => {
    const { page, errors } = await browser.open();
    await page.goto(`${recorded.address}#stage=${index + 1}&t=3`);
    const shown = (name: string) => page.locator(`[data-figure="${name}"]`).first().textContent();
    const { latencyMs, components, ...stage } = recorded.stages[index];
    expect(await shown('latency p50')).toBe(duration(latencyMs.p50));
    expect(await shown('latency p99')).toBe(duration(latencyMs.p99));
    expect(await shown('goodput per second')).toBe(rate(stage.goodputPerSecond));
    expect(await shown('availability, %')).toBe(availability(stage.availability));
    for (const { name, waitMs, queueMean } of components) {
      await page.getByRole('button', { name: new RegExp(`^${name}, `) }).click();
      await page.getByRole('region', { name, exact: true }).waitFor();
      expect([name, await shown('waiting'), await shown('time waiting')]).toEqual([
        name,
        plain(queueMean),
        duration(waitMs),
      ]);
    }
    expect(errors).toEqual([]);
  });

  it('shows its first picture in 1.5 s', async () => {
    const first = await bestOf(
      async () => {
        const { page } = await browser.open();
        await page.goto(recorded.address);
        expect(await page.locator('.node').count()).toBeGreaterThan(3);
        // The script draws before the browser paints for the first time: what is painted first is the picture.
        return page.evaluate(
          () =>
            new Promise<number>((done) => {
              const read = () => {
                const [entry] = performance.getEntriesByName('first-contentful-paint');
                if (entry) done(entry.startTime);
                else setTimeout(read, 20);
              };
              read();
            }),
        );
      },
      (ms) => ms < 1500,
    );
    console.log(`replay: first picture after ${Math.round(first)} ms`);
    expect(first).toBeLessThan(1500);
  });

  it.each([
    ['one stage', '#stage=2&t=1'],
    ['two stages side by side', '#stage=2&t=1&with=1'],
  ])('plays at 50 frames a second: %s', async (name, fragment) => {
    const { page } = await browser.open({ width: 1280, height: 720 });
    await page.goto(recorded.address + fragment);
    await page.locator('.node').first().waitFor();
    await page.keyboard.press('-');
    const gap = await bestOf(
      async () => {
        await page.keyboard.press('Home');
        await page.getByRole('button', { name: 'Play', exact: true }).click();
        const median = await medianFrame(page);
        const pause = page.getByRole('button', { name: 'Pause' });
        if ((await pause.count()) > 0) await pause.click();
        return median;
      },
      (ms) => ms <= 20,
    );
    console.log(`replay: ${name}: ${(1000 / gap).toFixed(1)} frames a second (median)`);
    expect(1000 / gap).toBeGreaterThanOrEqual(50);
  });

  it('goes to any moment in 100 ms', async () => {
    const { page } = await browser.open();
    await page.goto(`${recorded.address}#stage=2&t=1`);
    await page.locator('.node').first().waitFor();
    const median = await bestOf(
      () =>
        page.evaluate(async () => {
          const range = document.querySelector('.scrub input') as HTMLInputElement;
          const [from, to] = [Number(range.min), Number(range.max)];
          const painted = () =>
            new Promise<void>((done) => {
              requestAnimationFrame(() => setTimeout(done));
            });
          const times: number[] = [];
          for (let index = 0; index < 30; index++) {
            await painted();
            const before = performance.now();
            range.value = String(from + ((index * 0.618) % 1) * (to - from));
            range.dispatchEvent(new Event('input'));
            await painted();
            times.push(performance.now() - before);
          }
          return times.sort((a, b) => a - b)[27];
        }),
      (ms) => ms < 100,
    );
    console.log(`replay: seek and paint in ${median.toFixed(0)} ms (nine of ten)`);
    expect(median).toBeLessThan(100);
  });
});
