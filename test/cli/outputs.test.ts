/** Reports in files: whole or not at all, and never in the place of something else. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstGood } from '../pace.ts';
import { fileOf, scratch, shell, small, tenfold } from './tenfold.ts';

/** How long a command takes, in milliseconds. */
async function timed(args: readonly string[]): Promise<number> {
  const start = performance.now();
  await tenfold(args);
  return performance.now() - start;
}

describe('the line that reproduces a run', () => {
  const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)!;

  it('names the file as it was named', async () => {
    const path = fileOf(small);
    const { stdout } = await tenfold(['run', path]);
    expect(lastLine(stdout)).toBe(`reproduce: tenfold run ${path}`);
  });

  it('names a shipped scenario by its name alone', async () => {
    const { stdout } = await tenfold(['run', 'cache', '--stage', 'no cache', '--duration', '21s']);
    expect(lastLine(stdout)).toBe("reproduce: tenfold run cache.yaml --stage 'no cache' --duration 21s");
  });
});

describe('a report in a file', () => {
  it('holds what standard output would, and leaves the text report to the reader', async () => {
    const path = fileOf(small);
    const out = join(dirname(path), 'out.json');
    const [toFile, toStdout] = await Promise.all([
      tenfold(['run', path, '--reporter', `json=${out}`]),
      tenfold(['run', path, '--reporter', 'json']),
    ]);
    expect(readFileSync(out, 'utf8')).toBe(toStdout.stdout);
    expect(toFile.stdout).toContain('Small');
    expect(readdirSync(dirname(path)).sort()).toEqual(['out.json', 'small.yaml']);
  });

  it('of every kind, in one run, quietly', async () => {
    const folder = scratch();
    const kinds = ['text', 'json', 'markdown', 'junit', 'github'];
    const reporters = kinds.flatMap((kind) => ['--reporter', `${kind}=${join(folder, kind)}`]);
    const { code, stdout, stderr } = await tenfold(['run', fileOf(small), '--quiet', ...reporters]);
    expect([code, stdout, stderr]).toEqual([0, '', '']);
    expect(readdirSync(folder).sort()).toEqual([...kinds].sort());
  });

  it('replaces an earlier one, keeps its mode, and a link stays a link', async () => {
    const path = fileOf(small);
    const folder = scratch();
    const [real, link] = [join(folder, 'real.json'), join(folder, 'link.json')];
    writeFileSync(real, 'old');
    chmodSync(real, 0o600);
    symlinkSync('real.json', link);
    await tenfold(['run', path, '--quiet', '--reporter', `json=${link}`]);
    expect(JSON.parse(readFileSync(real, 'utf8')).schema).toBe(1);
    expect(lstatSync(real).mode & 0o777).toBe(0o600);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('may be a device', async () => {
    const { code, stdout } = await shell(
      `tenfold run '${fileOf(small)}' --quiet --reporter json=/dev/stdout | head -2`,
    );
    expect(stdout).toBe('{\n  "schema": 1,\n');
    expect(code).toBe(0);
  });
});

describe('a place that cannot take a report is found before the run', () => {
  /** Minutes of work, which would show. */
  const never = ['--duration', '5000000s'];

  it.each([
    ['a directory', (folder: string) => folder, 'it is a directory'],
    ['a folder that is not there', (folder: string) => join(folder, 'no/out.json'), 'no such file or directory'],
    ['a file as a folder', (folder: string) => join(folder, 'readonly/x'), 'not a directory'],
    ['a read-only file', (folder: string) => join(folder, 'readonly'), 'read-only'],
  ])('%s', async (_, place, words) => {
    const folder = scratch();
    writeFileSync(join(folder, 'readonly'), 'kept', { mode: 0o444 });
    const args = ['run', fileOf(small), ...never, '--reporter', `json=${place(folder)}`];
    const { value, limit } = await firstGood(async () => ({
      value: await timed(args),
      limit: 20 * (await timed(['validate', fileOf(small)])),
    }));
    expect(value).toBeLessThanOrEqual(limit);
    const { code, stderr, stdout } = await tenfold(args);
    expect(stderr).toContain(words);
    expect([code, stdout]).toEqual([5, '']);
    expect(readFileSync(join(folder, 'readonly'), 'utf8')).toBe('kept');
  });

  it.each([
    ['by its name', (path: string) => path],
    ['by a link', (path: string) => join(dirname(path), 'link.yaml')],
    ['by a detour', (path: string) => join(dirname(path), 'folder/../small.yaml')],
  ])('the scenario itself, %s', async (_, place) => {
    const path = fileOf(small);
    symlinkSync(path, join(dirname(path), 'link.yaml'));
    mkdirSync(join(dirname(path), 'folder'));
    const { code, stderr } = await tenfold(['run', path, '--reporter', `json=${place(path)}`]);
    expect(stderr).toContain('the scenario itself');
    expect(code).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(small);
  });

  it('and a bad scenario leaves an earlier report as it was', async () => {
    const path = fileOf('name: [\n');
    const out = join(dirname(path), 'out.json');
    writeFileSync(out, 'earlier');
    const { code } = await tenfold(['run', path, '--reporter', `json=${out}`]);
    expect(code).toBe(2);
    expect(readFileSync(out, 'utf8')).toBe('earlier');
    expect(readdirSync(dirname(path)).sort()).toEqual(['out.json', 'small.yaml']);
  });
});

describe('several scenarios', () => {
  it('are one JSON array, and one XML document', async () => {
    const xml = join(scratch(), 'junit.xml');
    const args = ['run', fileOf(small), fileOf(small.replace('Small', 'Other'))];
    const { stdout } = await tenfold([...args, '--reporter', 'json', '--reporter', `junit=${xml}`]);
    expect(JSON.parse(stdout).map((result: { scenario: { name: string } }) => result.scenario.name)).toEqual([
      'Small',
      'Other',
    ]);
    expect(readFileSync(xml, 'utf8').match(/<testsuites/g)).toHaveLength(1);
  });
});

it('a full disk is reported, not swallowed', async () => {
  if (!existsSync('/dev/full')) return;
  const { code, stderr } = await shell(`tenfold run '${fileOf(small)}' --reporter json > /dev/full`);
  expect(stderr).toContain('no space left');
  expect(code).toBe(5);
});
