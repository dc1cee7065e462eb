/**
 * The hand-written C++ of yardstick.cpp beside a workload: compiled where there is a compiler, run right after
 * Tenfold on the same machine, so that their ratio comes from one run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Spread, spreadOf } from './figures.ts';

const RUNS = 5;
/** Requests of each run: about half a second. */
const REQUESTS: Record<string, number> = { W1: 4_000_000, W2: 1_000_000 };

export interface Compiled {
  /** Requests per CPU second of the named workload; null where the program does not know it. */
  measure: (workload: string) => Spread | null;
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
    measure: (workload) =>
      workload in REQUESTS ? spreadOf(Array.from({ length: RUNS }, () => run(program, workload))) : null,
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function run(program: string, workload: string): number {
  const { status, stdout } = spawnSync(program, [workload, String(REQUESTS[workload])], { encoding: 'utf8' });
  const speed = Number(stdout?.split(' ')[0]);
  if (status !== 0 || !(speed > 0)) throw new Error(`the C++ program failed on ${workload}`);
  return speed;
}
