/** `run --replay` and `replay`: one page that carries its recording. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeRecording } from '../../sim/recording/decode.ts';
import { scratch, tenfold } from './tenfold.ts';

const scenario = (name: string): string => `name: ${JSON.stringify(name)}
run: { duration: 10s, warmup: 2s, seed: 3 }
clients: { users: { arrivals: { poisson: 50/s }, does: ask, entry: app } }
components: { app: { type: server, operations: { ask: [ { cpu: { exponential: 4ms } } ] } } }
thresholds: { latency: mean < 1s }
stages: [ { name: one }, { name: two, clients: { users: { arrivals: { poisson: 80/s } } } } ]
`;

function prepared(name = 'A small run'): { folder: string; file: string; page: string } {
  const folder = scratch();
  const file = join(folder, 'small.yaml');
  writeFileSync(file, scenario(name));
  return { folder, file, page: join(folder, 'out.html') };
}

/** What a browser would find in the page's data element. */
function recordingIn(page: string): string {
  const found = [...page.matchAll(/<script type="application\/json" id="recording">([\s\S]*?)<\/script>/g)];
  expect(found.length).toBe(1);
  return found[0][1];
}

describe('run --replay', () => {
  it('writes a page whose figures are those of the report, stages in order', async () => {
    const { file, page } = prepared();
    const { code, stdout, stderr } = await tenfold([
      'run',
      file,
      '--replay',
      page,
      '--reporter',
      'json',
      '--workers',
      '2',
    ]);
    expect(stderr).toContain(`Replay: ${page}`);
    expect(code).toBe(0);
    const html = readFileSync(page, 'utf8');
    expect(html).not.toContain('<!--recording-->');
    const { recording, problems } = decodeRecording(recordingIn(html));
    expect(problems).toEqual([]);
    const report = JSON.parse(stdout) as { stages: { name: string; latencyMs: unknown; requests: unknown }[] };
    expect(recording!.stages.map(({ result }) => result.name)).toEqual(['one', 'two']);
    recording!.stages.forEach(({ result }, i) => {
      expect(result.requests).toEqual(report.stages[i].requests);
      expect(result.latencyMs).toEqual(report.stages[i].latencyMs);
    });
  });

  it('writes the same bytes again, with any number of workers, and the same report as without', async () => {
    const { file, page, folder } = prepared();
    const other = join(folder, 'other.html');
    const options = ['--reporter', 'json'];
    const one = await tenfold(['run', file, '--replay', page, '--workers', '1', ...options]);
    const two = await tenfold(['run', file, '--replay', other, '--workers', '2', '--replications', '1', ...options]);
    const plain = await tenfold(['run', file, ...options]);
    expect(readFileSync(other).equals(readFileSync(page))).toBe(true);
    expect([two.stdout, one.stdout]).toEqual([plain.stdout, plain.stdout]);
  });

  it('shows names as text, whatever they are', async () => {
    const name = '</script><img src=x onerror=alert(1)><!-- ';
    const { file, page } = prepared(name);
    await tenfold(['run', file, '--replay', page, '--quiet']);
    const html = readFileSync(page, 'utf8');
    expect(html).not.toContain('<img src=x');
    expect(decodeRecording(recordingIn(html)).recording!.scenario.name).toBe(name);
  });

  it('refuses before the run what cannot be written, or three scenarios', async () => {
    const { file, folder, page } = prepared();
    expect((await tenfold(['run', file, '--replay', folder])).code).toBe(5);
    expect((await tenfold(['run', file, '--replay', join(folder, 'no', 'such.html')])).code).toBe(5);
    expect((await tenfold(['run', file, '--replay', file])).code).toBe(2);
    expect((await tenfold(['run', file, file, file, '--replay', page])).code).toBe(2);
    expect((await tenfold(['run', file, '--open'])).code).toBe(2);
    expect((await tenfold(['run', file, '--replay', page, '--reporter', `json=${page}`])).code).toBe(2);
    expect(existsSync(page)).toBe(false);
  });
});

describe('replay', () => {
  it('writes the page where it is told to', async () => {
    const { file, page } = prepared();
    const { code, stderr, stdout } = await tenfold(['replay', file, '-o', page, '--stage', 'two']);
    expect(code).toBe(0);
    expect(stdout).toContain('two');
    expect(stderr).toContain('file://');
    const { recording } = decodeRecording(recordingIn(readFileSync(page, 'utf8')));
    expect(recording!.stages.map(({ result }) => result.name)).toEqual(['two']);
  });

  it('writes one page of two scenarios, the second beside the first', async () => {
    const { file, page, folder } = prepared();
    const other = join(folder, 'other.yaml');
    writeFileSync(other, scenario('Another one'));
    const { code } = await tenfold(['replay', file, other, '-o', page, '--stage', 'two', '--quiet']);
    expect(code).toBe(0);
    const html = readFileSync(page, 'utf8');
    expect(decodeRecording(recordingIn(html)).recording!.scenario.name).toBe('A small run');
    const beside = /<script type="application\/json" id="recording-beside">([\s\S]*?)<\/script>/.exec(html);
    const { recording, problems } = decodeRecording(beside?.[1] ?? '');
    expect(problems).toEqual([]);
    expect(recording!.scenario.name).toBe('Another one');
    expect(recording!.stages.map(({ result }) => result.name)).toEqual(['two']);
  });

  it('needs a file, and takes one name of a page', async () => {
    const { file, page } = prepared();
    expect((await tenfold(['replay', file, '-o', page, '-o', page])).code).toBe(2);
    expect((await tenfold(['replay'])).code).toBe(2);
  });
});
