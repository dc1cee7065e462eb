/** Nanoseconds per draw and per statistic, as the kernel uses them. Run by random.mjs. */
import { Counter, derive } from '../sim/random/counter.ts';
import type { Distribution } from '../sim/random/distribution.ts';
import { Stream } from '../sim/random/keys.ts';
import { Sampler } from '../sim/random/sampler.ts';
import { KeyPopularity } from '../sim/random/zipf.ts';
import { CoarseHistogram } from '../sim/statistics/coarse-histogram.ts';
import { Histogram } from '../sim/statistics/histogram.ts';
import { Levels } from '../sim/statistics/level.ts';

const TIMES = 2_000_000;
const ROUNDS = 5;

/** Best of several rounds, so that a busy machine disturbs less. `work` returns something, lest it be optimised away. */
function measure(name: string, work: (times: number) => number): void {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    work(TIMES);
    best = Math.min(best, performance.now() - start);
  }
  console.log(`${name.padEnd(24)}${((best / TIMES) * 1e6).toFixed(1).padStart(8)} ns`);
}

const counter = new Counter();
const child = new Int32Array(2);
measure('counter, 2 words', (times) => {
  let all = 0;
  for (let i = 0; i < times; i++) {
    counter.start(i, 7, 3);
    all ^= counter.word0 ^ counter.word1;
  }
  return all;
});
measure('derive', (times) => {
  let all = 0;
  for (let i = 0; i < times; i++) {
    derive(i, 7, 3, 4, child);
    all ^= child[0] ^ child[1];
  }
  return all;
});

const stream = new Stream('1', 'bench');
measure('stream', (times) => {
  let all = 0;
  for (let i = 0; i < times; i++) all ^= stream.nextInt32();
  return all;
});
measure('stream below 10', (times) => {
  let all = 0;
  for (let i = 0; i < times; i++) all += stream.below(10);
  return all;
});

const distributions: Distribution[] = [
  { kind: 'constant', value: 5 },
  { kind: 'exponential', mean: 5 },
  { kind: 'uniform', low: 1, high: 5 },
  { kind: 'lognormal', mu: 1, sigma: 1 },
  { kind: 'pareto', scale: 1, shape: 2.5 },
  { kind: 'gamma', shape: 4, scale: 2 },
  {
    kind: 'hyperexponential',
    branches: [
      { weight: 0.9, mean: 1 },
      { weight: 0.1, mean: 50 },
    ],
  },
  {
    kind: 'empirical',
    points: [
      { p: 0, value: 1 },
      { p: 0.5, value: 3 },
      { p: 1, value: 20 },
    ],
  },
  { kind: 'shifted', by: 3, of: { kind: 'exponential', mean: 5 } },
];
const sampler = new Sampler();
for (const distribution of distributions) {
  const id = sampler.add(distribution);
  measure(distribution.kind, (times) => {
    let sum = 0;
    for (let i = 0; i < times; i++) {
      sampler.sample(id, i, 7, 3);
      sum += sampler.out[0];
    }
    return sum;
  });
}

const keys = new KeyPopularity(0.99, 100_000);
measure('zipf of 100,000', (times) => {
  let sum = 0;
  for (let i = 0; i < times; i++) sum += keys.pick(i, 7, 3);
  return sum;
});

const histogram = new Histogram();
measure('histogram record', (times) => {
  for (let i = 0; i < times; i++) histogram.record((Math.imul(i, 0x9e3779b1) >>> 4) + 1000);
  return histogram.count;
});
const coarse = new CoarseHistogram();
measure('coarse record', (times) => {
  for (let i = 0; i < times; i++) coarse.record(i >>> 16, (Math.imul(i, 0x9e3779b1) >>> 4) + 1000);
  return coarse.count(0, 10);
});
const clock = new Float64Array(1);
const levels = new Levels(100, clock);
measure('level change', (times) => {
  for (let i = 0; i < times; i++) {
    clock[0] += 1000;
    levels.change(i % 100, i & 1024 ? 1 : -1);
  }
  return levels.area(3);
});
