/** The tools of the property test can fail themselves: laws that find what is wrong, and a shrinker that keeps it. */
import { beforeAll, describe, expect, it } from 'vitest';
import buildWhenStale from '../../tools/fresh-dist.ts';
import type { StageResult } from '../../sim/result.ts';
import { type Door, openDoor } from './door.ts';
import { architecture } from './generator/architecture.ts';
import type { Value } from './generator/draw.ts';
import { brokenLaws } from './laws.ts';
import { shrink } from './shrink.ts';
import { toFile } from './trial.ts';

let door: Door;
beforeAll(async () => {
  buildWhenStale();
  door = await openDoor();
});

const text = `
name: a plain one
run: { duration: 3s, warmup: 0s }
clients: { users: { users: 10, think: 20ms, does: ask, entry: app } }
components: { app: { type: server, machine: { cores: 1, price: 10/month }, operations: { ask: [{ cpu: { exponential: 2ms } }] } } }
`;

describe('the laws of a result', () => {
  it('hold', () => {
    expect(brokenLaws(door.simulate(text))).toEqual([]);
  });

  it.each<[string, (stage: StageResult) => unknown]>([
    ['a request that came to no end', (stage) => stage.requests.offered++],
    ['an operation that counts apart', (stage) => stage.operations.ask.completed++],
    ['a latency too many', (stage) => stage.latencyMs.count++],
    ['percentiles that fall', (stage) => (stage.latencyMs.p50 = stage.latencyMs.max! * 2)],
    ['a number that is none', (stage) => (stage.components[0].queueMean = Number.NaN)],
    ['an infinite number', (stage) => (stage.latencyAllMs.mean = Number.POSITIVE_INFINITY)],
    ['something that JSON cannot say', (stage) => (stage.latencyMs.p99 = undefined as never)],
    ['more than all of the time', (stage) => (stage.hotspots[0].shareOfP99 += 0.5)],
    ['an availability above 1', (stage) => (stage.availability = 1.001)],
    ['a core busier than it can be', (stage) => (stage.components[0].resources[0].utilizationBusiest = 1.00001)],
    ['a group busier than its busiest', (stage) => (stage.components[0].resources[0].utilization += 0.01)],
    ['a negative figure', (stage) => (stage.components[0].extra.staleReads = -1)],
    ['a ratio above 1', (stage) => (stage.components[0].extra.hitRatio = 2)],
    ['a rate that is not that of the requests', (stage) => (stage.goodputPerSecond *= 1.01)],
    ['money from nowhere', (stage) => (stage.costPerMonth += 1)],
  ])('find %s', (_what, change) => {
    const result = door.simulate(text);
    change(result.stages[0]);
    expect(brokenLaws(result)).not.toEqual([]);
  });
});

describe('random architectures', () => {
  it('are the same for the same numbers, and differ otherwise', () => {
    const files = (seed: number): string[] => Array.from({ length: 20 }, (_, i) => toFile(architecture(seed, i)));
    expect(files(5)).toEqual(files(5));
    expect(new Set([...files(5), ...files(6)]).size).toBe(40);
  });
});

describe('the shrinker', () => {
  const steps: Value = [{ cpu: { exponential: '5ms' } }, { repeat: 3, steps: [{ read: 'db' }] }];
  const tree: Value = { keep: { a: 1 }, steps, n: 40, other: { x: 'y' } };
  const has = (value: Value, wanted: string): boolean => JSON.stringify(value).includes(wanted);

  it('finds the least tree for which it holds', () => {
    expect(shrink(tree, (each) => has(each, '"read":"db"'))).toEqual({ steps: [{ read: 'db' }] });
  });

  it('makes numbers and distributions simple, and leaves alone what it is told to', () => {
    const needs = (each: Value): boolean => has(each, '"n":') && has(each, '"cpu":');
    expect(shrink(tree, needs, ['keep'])).toEqual({ keep: { a: 1 }, steps: [{ cpu: '1000us' }], n: 1 });
  });

  it('gives up after so many tries', () => {
    let tries = 0;
    shrink(tree, () => (tries++, false), [], 5);
    expect(tries).toBeLessThanOrEqual(5);
  });
});
