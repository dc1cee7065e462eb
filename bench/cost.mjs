/**
 * Measures how the cost of a request grows with pending events, components and requests, and writes the table into
 * docs/speed.md: `npm run bench:cost`, with 100 million requests `npm run bench:cost -- --long`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { bundle } from './bundle.mjs';

const series = [
  { name: 'pending', title: 'pending events', sizes: [1e2, 1e4, 1e6] },
  { name: 'components', title: 'components', sizes: [10, 100, 1_000, 10_000] },
  {
    name: 'requests',
    title: 'requests in the run',
    sizes: [1e5, 1e6, 1e7, ...(process.argv.includes('--long') ? [1e8] : [])],
  },
];

const page = new URL('../docs/speed.md', import.meta.url);
const [begin, end] = ['<!-- cost: begin, npm run bench:cost -->', '<!-- cost: end -->'];
/** Processes a size, of which the median counts: a short one depends on what its machine does just then. Long ones run once. */
const PROCESSES = 7;
const LONG = 1e7;
const whole = (value) => Math.round(value).toLocaleString('en-US');

const run = await bundle('cost.ts');
function medianOf(name, size) {
  const speeds = Array.from({ length: size < LONG ? PROCESSES : 1 }, () => run(name, String(size)));
  return speeds.sort((a, b) => a - b)[speeds.length >> 1];
}

const lines = ['| | size | requests per CPU-second | the best of the series ÷ this |', '|---|--:|--:|--:|'];
for (const { name, title, sizes } of series) {
  const speeds = sizes.map((size) => medianOf(name, size));
  sizes.forEach((size, i) => {
    const factor = Math.max(...speeds) / speeds[i];
    lines.push(`| ${i === 0 ? title : ''} | ${whole(size)} | ${whole(speeds[i])} | ${factor.toFixed(1)} |`);
  });
}
const load = `Load average of the machine after the runs: ${loadavg()[0].toFixed(1)}.`;
const table = `${begin}\n${lines.join('\n')}\n\n${load}\n${end}`;
const text = readFileSync(page, 'utf8');
writeFileSync(page, text.slice(0, text.indexOf(begin)) + table + text.slice(text.indexOf(end) + end.length));
console.log(table);
