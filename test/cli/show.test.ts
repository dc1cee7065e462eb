/** `tenfold show`: the story of a scenario, and a stage of it to go on from. */
import { describe, expect, it } from 'vitest';
import { fileOf, tenfold } from './tenfold.ts';

const scenario = `
name: two servers
clients: { users: { arrivals: { poisson: 50/s }, does: ask, entry: server } }
run: { duration: 5s, warmup: 0s }
components: { server: { type: server, operations: { ask: [ { cpu: 1ms } ] } } }
stages:
  - { name: one, teaches: 'That one is enough.' }
  - { name: both, components: { server: { instances: 2 } } }
`;

describe('show', () => {
  it('tells what each stage teaches and changes', async () => {
    const { code, stdout } = await tenfold(['show', fileOf(scenario)]);
    expect(stdout).toContain('  one\n      That one is enough.\n  both\n      - components.server.instances: 2\n');
    expect(code).toBe(0);
  });

  it('prints a stage that runs alone as it does among the others', async () => {
    const path = fileOf(scenario);
    const { stdout: alone } = await tenfold(['show', path, '--stage', 'both']);
    const stages = async (file: string) =>
      JSON.parse((await tenfold(['run', file, '--quiet', '--reporter', 'json'])).stdout).stages;
    const { verdict, ...whole } = (await stages(path))[1];
    const { verdict: own, ...only } = (await stages(fileOf(alone)))[0];
    expect(only).toEqual(whole);
    expect([own.broke, verdict.change]).toEqual(['', 'components.server.instances: 2']);
  });

  it('or all that holds in it', async () => {
    const { stdout } = await tenfold(['show', fileOf(scenario), '--stage', 'both', '--defaults']);
    expect(stdout).toContain('  durationNs: 5000000000\n');
  });

  it.each([
    [['--stage', 'tow'], 'has no stage "tow"; there are "one", "both"'],
    [['--defaults'], '--defaults is about one stage; name it with --stage'],
  ])('says what is wrong with %j', async (options, words) => {
    const { code, stderr, stdout } = await tenfold(['show', fileOf(scenario), ...options]);
    expect(stderr).toContain(words);
    expect([code, stdout]).toEqual([2, '']);
  });
});
