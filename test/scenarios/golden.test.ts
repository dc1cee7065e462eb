/**
 * Golden runs: the history and the key figures of every shipped scenario are those of the file in golden/. After a
 * change that is meant, `npm run golden:update` writes them anew; the diff shows what the change did.
 *
 * The same runs show that conservation and Little's law hold exactly in every stage of every shipped scenario. The laws
 * that need the inside are checked by every run at its end, which then throws; those of the JSON here.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { brokenLaws } from '../properties/laws.ts';
import { firstDifference, type GoldenRecord, recordOf, type StageRecord, write } from './record.ts';
import { commandOf, parse, runStage, shipped, shorten, type Shipped } from './shipped.ts';
import { loadSimulator } from './simulator.ts';

const folder = fileURLToPath(new URL('golden/', import.meta.url));

/** A tenth of a second or two for each stage, a second where faults need it. */
const MOST = { events: 200_000, withFaults: 2_000_000 };

let simulator: Awaited<ReturnType<typeof loadSimulator>>;
beforeAll(async () => {
  simulator = await loadSimulator();
});

function goldenOf({ name }: Shipped): GoldenRecord | null {
  const path = `${folder}${name}.json`;
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as GoldenRecord) : null;
}

/** A law that does not hold, and how to see it. */
type Broken = (string | string[])[];

/** Runs all stages, with the settings of the golden file as long as the scenario is the same. */
function runAll(item: Shipped, golden: GoldenRecord | null, broken: Broken[] = []): GoldenRecord {
  const scenario = parse(simulator, item);
  const isSame = golden?.hash === scenario.hash;
  const stages = scenario.stages.map(({ name }): StageRecord => {
    const known = isSame ? golden.stages.find((each) => each.name === name) : undefined;
    const changes = known?.changes ?? shorten(simulator, scenario, name, MOST);
    const result = runStage(simulator, parse(simulator, item, changes), name);
    const laws = brokenLaws(result);
    if (result.stages[0].requests.offered === 0) laws.push('there are no requests');
    if (laws.length > 0) broken.push([commandOf(item, name, changes), laws]);
    return recordOf(result.stages[0], changes);
  });
  return { hash: scenario.hash, stages };
}

/** What a person needs to know when a run departs from its file. */
function explain(item: Shipped, golden: GoldenRecord | null, now: GoldenRecord): string {
  const update = '`npm run golden:update` accepts it.';
  if (golden === null) return `${item.path} has no golden file. ${update}`;
  if (golden.hash !== now.hash) return `${item.path} itself has changed. ${update}`;
  for (const stage of now.stages) {
    const before = golden.stages.find(({ name }) => name === stage.name);
    const difference = before === undefined ? 'it is new' : firstDifference(before, stage);
    if (difference === null) continue;
    return `${item.path}, stage "${stage.name}": ${difference}.\nReplay: ${commandOf(item, stage.name, stage.changes)}\n${update}`;
  }
  return `the golden file of ${item.path} is written in another way. ${update}`;
}

describe('golden runs, in which every law holds', () => {
  it.each(shipped.map((item) => [item.path, item] as const))('%s', async (_path, item) => {
    const golden = goldenOf(item);
    const broken: Broken[] = [];
    const now = runAll(item, golden, broken);
    expect(broken).toEqual([]);
    await expect(write(now), explain(item, golden, now)).toMatchFileSnapshot(`golden/${item.name}.json`);
  });

  it('have a scenario each', () => {
    const names = shipped.map(({ name }) => `${name}.json`);
    expect(readdirSync(folder).filter((file) => !names.includes(file))).toEqual([]);
  });
});

describe('a departure is explained', () => {
  const item = shipped.find(({ name }) => name === 'w1')!;

  it('by the first interval that differs, and the command that replays it', () => {
    const now = runAll(item, goldenOf(item));
    const golden = structuredClone(now);
    const [stage] = golden.stages;
    stage.checkpoints[2] = stage.checkpoints[2].replace(/^(\S+ ){3}\S+/, (line) => line.replace(/\S+$/, 'none'));
    const from = (35 * stage.seconds) / 256;
    const to = (36 * stage.seconds) / 256;
    const text = explain(item, golden, now);
    expect(text).toContain('first differs in interval 36 of 256');
    expect(text).toContain(`between ${from.toFixed(3)} s and ${to.toFixed(3)} s`);
    expect(text).toMatch(
      /npm start -- run bench\/w1\.yaml --stage 'W1, one queue' --duration \d+ms --set run\.warmup=/,
    );
  });

  it('by the figures, when only they differ', () => {
    const now = runAll(item, goldenOf(item));
    const golden = structuredClone(now);
    golden.stages[0].requests.failed++;
    expect(explain(item, golden, now)).toContain('the history is the same, the figures made of it differ');
  });
});
