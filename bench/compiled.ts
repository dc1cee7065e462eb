/**
 * The hand-written C++ of yardstick.cpp beside a workload: compiled where there is a compiler, run right after
 * Tenfold on the same machine, so that their ratio comes from one run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CompiledSpeed, spreadOf } from './figures.ts';

const RUNS = 5;
/** What is run beside each workload: the arguments of the program, the second of which is requests, and what system that is, where it is another one. */
const BESIDE: Record<string, { args: (string | number)[]; system?: string }> = {
  W1: { args: ['W1', 4_000_000] },
  W2: { args: ['W2', 1_000_000] },
  // It takes a million requests a second, with open arrivals, so that it keeps some thousands of requests in place of a million users.
  million: { args: ['W2', 2_000_000, 357], system: 'W2 with 3,570 app servers' },
};

export interface Compiled {
  /** Requests per CPU second of the named workload; null where the program does not know it. */
  measure: (workload: string) => CompiledSpeed | null;
  remove: () => void;
}

/** Compiles the program into a folder of its own. A string says why there is none. */
export function compile(): Compiled | string {
  const source = fileURLToPath(new URL('../bench/yardstick.cpp', import.meta.url));
  if (!existsSync(source)) return 'its source is not part of this installation';
  const compiler = process.env['CXX'] || 'c++';
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-bench-'));
  const program = join(folder, 'yardstick');
  const { status, error } = spawnSync(compiler, ['-O3', '-std=c++17', '-o', program, source], { stdio: 'ignore' });
  if (status !== 0) {
    rmSync(folder, { recursive: true });
    return error === undefined ? `${compiler} did not compile it` : `there is no compiler (${compiler})`;
  }
  return {
    measure: (workload) => {
      if (!(workload in BESIDE)) return null;
      const { args, system } = BESIDE[workload];
      const spread = spreadOf(Array.from({ length: RUNS }, () => run(program, args)));
      return { ...spread, ...(system !== undefined && { system }) };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function run(program: string, args: readonly (string | number)[]): number {
  const { status, stdout } = spawnSync(program, args.map(String), { encoding: 'utf8' });
  const speed = Number(stdout?.split(' ')[0]);
  if (status !== 0 || !(speed > 0)) throw new Error(`the C++ program failed on ${args.join(' ')}`);
  return speed;
}
