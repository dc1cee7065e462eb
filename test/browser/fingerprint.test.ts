/**
 * The same scenario and seed give the same fingerprint here and in a browser's worker: V8 in Node against V8 in
 * Chromium, and against SpiderMonkey where a Firefox is installed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type * as Simulator from '../../sim/index.ts';
import { serveFingerprintPage, type Wanted } from './fingerprint-page.ts';
import { useBrowser } from './harness.ts';

const { parseScenario, Run } = (await import(new URL('../../dist/index.js', import.meta.url).href)) as typeof Simulator;

const folder = new URL('../../scenarios/', import.meta.url);

/** Of every shipped scenario the first stage and its last small one, and a failover. */
const wanted: Wanted[] = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => {
    // Half a million requests are enough of a million a second.
    const text = readFileSync(new URL(file, folder), 'utf8').replace(
      'duration: 4s, warmup: 1s',
      'duration: 400ms, warmup: 100ms',
    );
    const count = parseScenario(text, file).scenario!.stages.length;
    const stages = file === 'progression.yaml' ? [0, 7, 10] : [0, count - 1];
    return [...new Set(stages)].map((stage) => ({ file, text, stage }));
  });

/** Simulated once, compared with each browser. */
const expected = wanted.map(({ file, text, stage }) => {
  const scenario = parseScenario(text, file).scenario!;
  const run = new Run(scenario, { stages: [scenario.stages[stage].name] });
  while (run.advance(1_000_000));
  return run.result().stages[0].fingerprint;
});

const browser = useBrowser();

it('Chromium', async () => {
  const { url, reported, close } = await serveFingerprintPage(wanted);
  onTestFinished(close);
  const { page } = await browser.open();
  await page.goto(url);
  expect(await reported).toEqual(expected);
  expect(new Set(expected).size).toBe(expected.length);
});

const firefox = ['firefox-esr', 'firefox']
  .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((it) => join(it, name)))
  .find((path) => existsSync(path));

if (!firefox) console.log('No Firefox is installed here; its fingerprints are not compared.');

it.skipIf(!firefox)('Firefox', async () => {
  const { url, reported, close } = await serveFingerprintPage(wanted);
  const profile = mkdtempSync(join(tmpdir(), 'tenfold-firefox-'));
  const child = spawn(firefox!, ['--headless', '--no-remote', '--profile', profile, url], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill();
    close();
    rmSync(profile, { recursive: true, force: true });
  });
  expect(await reported).toEqual(expected);
});
