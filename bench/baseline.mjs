/**
 * The speed relative to the yardstick, as it was: `npm run bench:baseline` writes it into baseline.json, `--check`
 * ends with 1 when it has fallen by more than a quarter since, or by what `--fall` says.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';

/** Measurements before a fall is believed. A baseline is the median of as many. */
const TRIES = 3;
const names = ['W1', 'W2'];

const { values: options } = parseArgs({
  options: { check: { type: 'boolean', default: false }, fall: { type: 'string', default: '0.25' } },
});

const file = new URL('baseline.json', import.meta.url);
const texts = names.map((name) => readFileSync(new URL(`${name.toLowerCase()}.yaml`, import.meta.url), 'utf8'));
const run = await bundle('ratio.ts');
const measure = () => run(...texts);
const show = (ratios) => names.map((name, i) => `${name} ${ratios[i].toFixed(3)}`).join(', ');

function write() {
  const all = Array.from({ length: TRIES }, measure);
  const median = (i) => all.map((ratios) => ratios[i]).sort((a, b) => a - b)[TRIES >> 1];
  const entries = names.map((name, i) => [name, Number(median(i).toFixed(3))]);
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
  for (const ratios of all) console.log(show(ratios));
}

function check() {
  const baseline = JSON.parse(readFileSync(file, 'utf8'));
  const least = names.map((name) => baseline[name] * (1 - Number(options.fall)));
  const best = names.map(() => 0);
  for (let i = 0; i < TRIES; i++) {
    measure().forEach((ratio, k) => (best[k] = Math.max(best[k], ratio)));
    if (best.every((ratio, k) => ratio >= least[k])) return console.log(`${show(best)}: as fast as it was`);
  }
  console.log(`${show(best)}: slower than ${show(least)}, which is what bench/baseline.json asks for`);
  process.exitCode = 1;
}

if (options.check) check();
else write();
