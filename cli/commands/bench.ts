/**
 * `tenfold bench`: the speed benchmark. It runs in a process of its own, so that nothing the command line has loaded or
 * warmed up stands in its figures.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ExitCode, Failure } from '../exit.ts';

/** Runs the benchmark with `args` handed on; its exit code is ours. Throws a Failure (5) where it is not installed. */
export async function bench(args: readonly string[]): Promise<number> {
  const program = fileURLToPath(new URL('./bench.js', import.meta.url));
  if (!existsSync(program)) throw new Failure(ExitCode.file, 'the benchmark is not part of this installation');
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to the child as well; it decides how to end.
  const ignore = () => {};
  const pass = () => child.kill('SIGTERM');
  process.on('SIGINT', ignore).on('SIGTERM', pass);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) =>
        resolve(code ?? (signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated)),
      );
    });
  } finally {
    process.removeListener('SIGINT', ignore).removeListener('SIGTERM', pass);
  }
}
