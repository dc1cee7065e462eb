/** Replicated databases, of which the core finds the copy for a call and reads there, against TypeScript alone. */
import { describe, expect, it, vi } from 'vitest';
import { Memory } from '../../sim/engine/memory.ts';
import { parseScenario, Run } from '../../sim/index.ts';
import { Apply } from '../../sim/actors/storage/database/apply.ts';
import { Replicated } from '../../sim/actors/storage/database/replicated.ts';
import { Serving } from '../../sim/actors/storage/database/serving.ts';
import { Shipping } from '../../sim/actors/storage/database/shipping.ts';
import { expectSame, readersAndWriters, resultOf } from './both-engines.ts';

/** Copies that are behind: as much is written as is read, of few keys, and to apply it takes its time. */
const scenario = (database: string, more = ''): string => `
${readersAndWriters('page: 60%, post: 40%', 'zipf: 0.9, of: 300', 17)}
  cache: { type: cache, capacity: 60, time: 10us }
  db:
    type: database
    machine: { cores: 4 }
    read: { cpu: { exponential: 300us } }
    write: { cpu: { exponential: 300us } }
${database}
${more}
`;

const copies = (reads: string, more = ''): string => `
    replicas: 2
    reads: ${reads}
    replication: { mode: asynchronous, apply: { cpu: { exponential: 300us } } }
${more}`;

const database = (text: string): Record<string, number> => {
  const { components } = JSON.parse(resultOf(text, false)).stages[0];
  return components.find(({ name }: { name: string }) => name === 'db').extra;
};

describe('the core reads as TypeScript does', () => {
  it.each(['primary', 'replicas', 'any'])('where reads go to %s', (reads) => {
    expectSame(scenario(copies(reads)));
  });

  it('from copies that miss what was acknowledged', () => {
    const text = scenario(copies('replicas'));
    const figures = database(text);
    expect(figures.staleReads).toBeGreaterThan(20);
    expect(figures.reads).toBeGreaterThan(figures.staleReads * 2);
    expectSame(text);
  });

  it('of one replica, of one copy, and of shards of each', () => {
    expectSame(scenario(copies('replicas').replace('replicas: 2', 'replicas: 1')));
    expectSame(scenario('    shards: 5'));
    expectSame(scenario(copies('any', '    shards: 5')));
  });

  it('that have applied nothing, and of which nothing is written', () => {
    expectSame(scenario(copies('replicas')).replaceAll('page: 60%, post: 40%', 'page: 100%'));
  });

  it('synchronously replicated, and half so', () => {
    expectSame(scenario(copies('any').replace('asynchronous', 'synchronous')));
    expectSame(scenario(copies('any').replace('mode: asynchronous', 'mode: semi-synchronous, acks: 1')));
  });

  it('where callers try again, and leave a copy alone that failed them', () => {
    // Calls that are not tried again keep away from it, too.
    const retried = scenario(copies('replicas'))
      .replace('{ read: db }', '{ read: db, timeout: 3ms, retry: { attempts: 3 } }')
      .replace('page: 60%', 'page: 40%, look: 20%')
      .replace('      post:', '      look: [ { read: db } ]\n      post:');
    expectSame(retried);
    expectSame(`${retried}faults: { a copy: { crash: 'db#2', how: kill, at: 500ms } }\n`);
    expectSame(`${scenario(copies('any'))}faults: { the first: { crash: 'db#1', how: kill, at: 500ms } }\n`);
  });

  it('in two places, where each caller has copies that are near', () => {
    const text = scenario(
      copies('any', '    in: [ east, west ]'),
      'regions: { east: { latency: { west: 20ms } }, west: {} }',
    );
    expectSame(text.replace('instances: 3', 'instances: 4\n    in: [ east, west ]'));
  });

  it('where tables no longer fit into the memory that both share', () => {
    const text = scenario(copies('any', '    shards: 2'));
    const shared = resultOf(text, false);
    const ints = vi.spyOn(Memory.prototype, 'ints').mockImplementation((length) => new Int32Array(length));
    expect(resultOf(text, false)).toBe(shared);
    expect(ints).toHaveBeenCalled();
  });

  it('in a run that is recorded, and in stages and repetitions one after another', () => {
    const text = `${scenario(copies('any'))}stages: [ { name: first }, { name: second, components: { db: { shards: 3 } } } ]\n`;
    const told = [false, true].map((plain) => {
      const { scenario: parsed } = parseScenario(`name: a test\n${text}`, 'scenario.yaml');
      const run = new Run(parsed!, { plain, record: true, replications: 2 });
      while (run.advance(1_000_000));
      return JSON.stringify(run.result()) + run.recording();
    });
    expect(told[0]).toBe(told[1]);
  });

  it('follow by several workers, or by none', () => {
    expectSame(scenario(copies('replicas').replace('apply: { cpu', 'apply: { parallel: 3, cpu')));
    expectSame(scenario(copies('replicas').replace('{ exponential: 300us } } }', '0ms } }')));
  });

  it('follow through cuts, losses, slow links and deaths, their own and of whom they follow', () => {
    const text = scenario(copies('any', '    shards: 2'));
    const faults = [
      "cut: { partition: [ [ 'db#1' ], [ 'db#2' ] ], at: 500ms, for: 300ms }",
      "copy: { crash: 'db#2', how: kill, at: 500ms, for: 200ms }",
      "power: { crash: 'db#3', how: power, at: 500ms, for: 200ms }",
      "pause: { crash: 'db#2', how: pause, at: 500ms, for: 200ms }",
      "first: { crash: 'db#1', how: kill, at: 500ms, for: 200ms }",
    ];
    for (const fault of faults) expectSame(`${text}faults: { ${fault} }\n`);
    expectSame(`${text}links: { db -> db: { delay: { exponential: 3ms }, loss: 5% } }\n`);
  });

  it('are written more keys than are looked at before some are forgotten, and than tables had room for', () => {
    const text = scenario(copies('replicas')).replace('zipf: 0.9, of: 300', 'zipf: 0.2, of: 50k');
    expectSame(text.replace('duration: 2s', 'duration: 5s').replace('page: 60%, post: 40%', 'page: 30%, post: 70%'));
  });

  it('are written without a word to the component, unless it must look after its tables', () => {
    const commit = vi.spyOn(Serving.prototype, 'commit');
    const acknowledge = vi.spyOn(Serving.prototype, 'acknowledge');
    const { writes } = database(scenario(copies('any')));
    expect(writes).toBeGreaterThan(1000);
    expect(commit.mock.calls.length).toBeLessThan(writes / 5);
    expect(acknowledge.mock.calls.length).toBeLessThan(writes / 20);
  });

  it('follow without a word to the component', () => {
    const finished = vi.spyOn(Apply.prototype, 'finished');
    const received = vi.spyOn(Shipping.prototype, 'received');
    const { writes } = database(scenario(copies('any')));
    expect(finished).not.toHaveBeenCalled();
    // Of what arrives only the first of a tenth of a second, which sets a timer.
    expect(received.mock.calls.length).toBeLessThan(60);
    expect(received.mock.calls.length).toBeGreaterThan(10);
    expect(writes).toBeGreaterThan(1000);
    resultOf(scenario(copies('any')), true);
    expect(finished.mock.calls.length).toBeGreaterThan(2000);
  });

  it('without a word to the component, where nothing is out of the ordinary', () => {
    const route = vi.spyOn(Replicated.prototype, 'route');
    const step = vi.spyOn(Replicated.prototype, 'step');
    const text = scenario(copies('any')).replaceAll('page: 60%, post: 40%', 'page: 100%');
    resultOf(text, false);
    expect(route).not.toHaveBeenCalled();
    expect(step).not.toHaveBeenCalled();
    resultOf(text, true);
    expect(route).toHaveBeenCalled();
    expect(step).toHaveBeenCalled();
  });
});
