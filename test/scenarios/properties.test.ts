/**
 * What a history may not depend on, on one stage of every shipped scenario: how often and in which slices it is run,
 * the order of the keys in its file, a component that nobody talks to, and the structure of the event list.
 */
import { dump, load } from 'js-yaml';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Changes, commandOf, parse, runStage, shipped, shorten, type Shipped } from './shipped.ts';
import { loadSimulator, loadSimulatorWithPlainHeap, type RunResult, type StageResult } from './simulator.ts';

interface Case {
  item: Shipped;
  stage: string;
  changes: Changes;
  result: RunResult;
}

/** Each case is run half a dozen times. */
const MOST = { events: 30_000, withFaults: 120_000 };

const cases: Case[] = [];
let simulator: Awaited<ReturnType<typeof loadSimulator>>;
let withPlainHeap: Awaited<ReturnType<typeof loadSimulator>>;

beforeAll(async () => {
  [simulator, withPlainHeap] = await Promise.all([loadSimulator(), loadSimulatorWithPlainHeap()]);
  for (const [index, item] of shipped.entries()) {
    const scenario = parse(simulator, item);
    // Every file another of its stages: the first of one, the last of the next but one …
    const { name } = scenario.stages[(scenario.stages.length - 1 + index) % scenario.stages.length];
    const changes = shorten(simulator, scenario, name, MOST);
    cases.push({ item, stage: name, changes, result: runStage(simulator, parse(simulator, item, changes), name) });
  }
});

const bytes = (result: RunResult): string => JSON.stringify(result, null, 1);

/** Runs every case again in some other way and compares; a difference names the case and the command that runs it. */
function expectSame(
  again: (each: Case) => RunResult,
  comparable: (result: RunResult, each: Case) => string = bytes,
): void {
  for (const each of cases) {
    const what = `${each.item.path}, stage "${each.stage}": ${commandOf(each.item, each.stage, each.changes)}`;
    expect(comparable(again(each), each), what).toBe(comparable(each.result, each));
  }
}

/** A generator for shuffling; any will do. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** The same maps with their keys in another order, all the way down. Lists keep theirs: it means something. */
function shuffled(value: unknown, draw: () => number): unknown {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, draw));
  if (typeof value !== 'object' || value === null) return value;
  const keyed = Object.entries(value).map(([key, each]) => ({ key, each, at: draw() }));
  keyed.sort((a, b) => a.at - b.at);
  return Object.fromEntries(keyed.map(({ key, each }) => [key, shuffled(each, draw)]));
}

/** The case with its file rewritten. */
function rewritten({ item, stage, changes }: Case, change: (root: any) => unknown): RunResult {
  const text = dump(change(load(item.text)));
  return runStage(simulator, parse(simulator, { ...item, text }, changes), stage);
}

describe('the same bytes', () => {
  it('when run again, in other slices', () => {
    expectSame(({ item, stage, changes }) => runStage(simulator, parse(simulator, item, changes), stage, 1009));
  });

  it.each([1, 2])('with the keys of the file in another order (%i)', (seed) => {
    const draw = uniform(seed);
    expectSame((each) => rewritten(each, (root) => shuffled(root, draw)));
  });

  it('by TypeScript alone, without the core', () => {
    expectSame(({ item, stage, changes }) =>
      runStage(simulator, parse(simulator, item, changes), stage, 100_000, true),
    );
  });

  it('with a plain binary heap for an event list', () => {
    expectSame(({ item, stage, changes }) =>
      runStage(withPlainHeap, parse(withPlainHeap, item, changes), stage, 100_000, true),
    );
  });

  it('but not with another seed', () => {
    const times = (seed: string): number[] =>
      cases.map(({ item, stage, changes }) => {
        const { scenario } = simulator.parseScenario(item.text, item.path, { ...changes, seed });
        const run = new simulator.Run(scenario!, { stages: [stage] });
        run.advance(5000);
        return run.progress.simulatedSeconds;
      });
    const [one, other] = [times('1'), times('other')];
    expect(one.filter((time, i) => time === other[i])).toEqual([]);
  });
});

describe('a component that nobody talks to', () => {
  const idle = ['a-idle', 'zz-idle'];

  /** All that is told of the others. Fingerprints and hash cover the idle ones too. */
  function ofTheOthers(result: RunResult): string {
    const stages = result.stages.map((stage): Partial<StageResult> => {
      const { fingerprint: _fingerprint, checkpoints: _checkpoints, ...rest } = stage;
      return { ...rest, components: stage.components.filter(({ name }) => !idle.includes(name)) };
    });
    return JSON.stringify({ ...result, scenario: null, stages }, null, 1);
  }

  it('changes no figure of the others', () => {
    expectSame(
      (each) =>
        rewritten(each, (root) => {
          for (const name of idle) {
            root.components[name] = { type: 'server', operations: { nothing: [{ cpu: '1ms' }] } };
          }
          return root;
        }),
      ofTheOthers,
    );
  });
});
