/** Whatever a path may turn out to be: answered at once, with one line, never with a stack trace or a hanging process. */
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf, scratch, small, tenfold } from './tenfold.ts';

const utf16 = (text: string, mark: boolean) => Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');

describe('what is not a file', () => {
  it('a directory', async () => {
    const { code, stderr } = await tenfold(['run', scratch()]);
    expect(stderr).toContain('is a directory');
    expect(code).toBe(5);
  });

  it('a pipe that nobody writes to', async () => {
    const pipe = join(scratch(), 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    const { code, stderr } = await tenfold(['run', pipe]);
    expect(stderr).toContain('is a pipe');
    expect(code).toBe(5);
  });

  it('a device without end', async () => {
    const { code, stderr } = await tenfold(['run', '/dev/zero']);
    expect(stderr).toContain('is a device');
    expect(code).toBe(5);
  });

  it.each([
    ['run', '-'],
    ['run', '-', 'cache'],
    ['run', 'cache', '-'],
    ['run', '--quiet', '-'],
    ['validate', '-'],
    ['replay', '-'],
  ])('standard input: %s %s %s', async (...args) => {
    const { code, stdout, stderr } = await tenfold(args);
    expect(stderr).toContain('not read from standard input');
    expect([code, stdout]).toEqual([2, '']);
  });

  it('a link in a circle', async () => {
    const path = join(scratch(), 'loop.yaml');
    symlinkSync(path, path);
    const { code, stderr } = await tenfold(['validate', path]);
    expect(stderr).toContain('too many symbolic links');
    expect(code).toBe(5);
  });
});

describe('what is not the text of a scenario', () => {
  it('more than 1 MiB is refused by its size', async () => {
    const { code, stderr } = await tenfold(['run', fileOf(new Uint8Array((1 << 20) + 1).fill(35))]);
    expect(stderr).toContain('larger than 1 MiB');
    expect(code).toBe(2);
  });

  it('1 MiB exactly is read', async () => {
    const { code } = await tenfold(['validate', fileOf(`${small}#${' '.repeat((1 << 20) - small.length - 1)}`)]);
    expect(code).toBe(0);
  });

  it.each([
    ['with its mark', utf16(small, true)],
    ['without', utf16(small, false)],
    ['the other way round', utf16(small, true).swap16()],
  ])('UTF-16 %s', async (_, bytes) => {
    const { code, stderr } = await tenfold(['run', fileOf(bytes)]);
    expect(stderr).toMatch(/^small\.yaml:1:1.*UTF-16/);
    expect(stderr).toContain('UTF-8');
    expect(code).toBe(2);
  });

  it('invalid UTF-8, with the place of the first bad byte', async () => {
    const text = Buffer.concat([Buffer.from('name: Größe\r\nteaches: caf'), Buffer.from([0xe9]), Buffer.from('\n')]);
    const { code, stderr } = await tenfold(['run', fileOf(text)]);
    expect(stderr).toMatch(/^small\.yaml:2:13.*UTF-8/);
    expect(code).toBe(2);
  });

  it('a byte order mark and Windows line ends are accepted', async () => {
    const { code, stderr } = await tenfold(['validate', fileOf(`\ufeff${small.replaceAll('\n', '\r\n')}`)]);
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('hostile names', () => {
  it('of a file reach the terminal as text', async () => {
    const { code, stderr } = await tenfold(['run', '/nowhere/\u001b[31m\n::error::x\u202e.yaml']);
    expect(code).toBe(5);
    expect(stderr).toContain('\\x1b[31m\\n::error::x\\u202e.yaml');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
