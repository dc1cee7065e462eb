/** Standard output as a pipe: emptied to its end, dropped quietly when the reader goes, and never coloured by itself. */
import { describe, expect, it } from 'vitest';
import { fileOf, shell, small, tenfold } from './tenfold.ts';

/** Enough stages that the report does not fit into a pipe's 64 KiB. */
const many = `${small}stages:\n${Array.from({ length: 40 }, (_, k) => `  - { name: stage ${k}, run: { duration: 1s, warmup: 0s } }\n`).join('')}`;

const escape = '\u001b';

describe('a pipe', () => {
  it('whose reader goes away ends quietly', async () => {
    const line = `tenfold run '${fileOf(many)}' --reporter json | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await shell(line);
    expect(stdout).toBe('{\n0\n');
    expect(stderr).toBe('');
  });

  it('gets all of a long report, however slowly it is read', async () => {
    const { stdout } = await shell(`tenfold run '${fileOf(many)}' --reporter json | (sleep 1; cat)`);
    expect(stdout.length).toBeGreaterThan(1 << 16);
    expect(JSON.parse(stdout).stages).toHaveLength(40);
  });

  it('that is closed from the start does no harm', async () => {
    const { stderr } = await shell(`tenfold run '${fileOf(small)}' --reporter json | true`);
    expect(stderr).toBe('');
  });
});

describe('colour', () => {
  it('is not for pipes, on either stream', async () => {
    const { stdout, stderr } = await tenfold(['run', fileOf(small)]);
    expect(stdout + stderr).not.toContain(escape);
  });

  it('can be asked for, and NO_COLOR wins', async () => {
    const forced = await tenfold(['run', fileOf(small)], { FORCE_COLOR: '1' });
    expect(forced.stdout).toContain(escape);
    const both = await tenfold(['run', fileOf(small)], { FORCE_COLOR: '1', NO_COLOR: '1' });
    expect(both.stdout).not.toContain(escape);
  });

  it('is never part of JSON', async () => {
    const { stdout } = await tenfold(['run', fileOf(small), '--reporter', 'json'], { FORCE_COLOR: '1' });
    expect(stdout).not.toContain(escape);
  });
});
