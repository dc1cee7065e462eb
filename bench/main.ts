/**
 * `tenfold bench`: how many requests and events a second of CPU time simulates, for three workloads, each in a process
 * of its own, and beside them the same in C++. `--million` measures the shipped scenario of that name as well. Exit code 70 when a simulated mean is not what theory says: speed of a wrong simulator means nothing.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compile } from './compiled.ts';
import type { Figures } from './figures.ts';
import { measure } from './measure.ts';
import { describe } from './report.ts';
import { million, type Workload, workloads } from './workloads.ts';

const program = fileURLToPath(import.meta.url);

const titleOf = ({ file }: Workload): string => {
  const text = readFileSync(fileURLToPath(new URL(`../bench/${file}`, import.meta.url)), 'utf8');
  return /^name: (.*)$/m.exec(text)?.[1] ?? '';
};

/** Measures a workload in a new process. Rejects when that process fails. */
function inOwnProcess({ name }: Workload, quick: boolean): Promise<Figures> {
  const args = ['--expose-gc', program, '--only', name, ...(quick ? ['--quick'] : [])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = () => {
    child.kill();
    process.kill(process.pid, 'SIGTERM');
  };
  process.once('SIGTERM', stop);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.removeListener('SIGTERM', stop);
      if (code === 0) resolve(JSON.parse(output) as Figures);
      else reject(new Error(`the measurement of ${name} ended with ${code ?? 'a signal'}`));
    });
  });
}

async function measureAll(chosen: readonly Workload[], isJson: boolean, quick: boolean): Promise<void> {
  const all: Record<string, Figures> = {};
  const compiled = quick ? 'it is not part of a quick run' : compile();
  for (const workload of chosen) {
    const figures = await inOwnProcess(workload, quick);
    if (typeof compiled === 'object') figures.compiled = compiled.measure(workload.name);
    all[workload.name] = figures;
    if (!isJson) process.stdout.write(`${describe(workload.name, titleOf(workload), figures)}\n`);
    if (figures.exact?.ok === false) {
      process.stderr.write(`tenfold: the mean latency of ${workload.name} is wrong\n`);
      process.exitCode = 70;
    }
  }
  if (isJson) process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  else if (typeof compiled === 'string') process.stdout.write(`No comparison with C++: ${compiled}.\n`);
  if (typeof compiled === 'object') compiled.remove();
}

const { values } = parseArgs({
  options: {
    reporter: { type: 'string', default: 'text' },
    /** A small part of the work, for tests. */
    quick: { type: 'boolean', default: false },
    /** A million users as well. */
    million: { type: 'boolean', default: false },
    /** Measure one workload here, in this process, and print its figures as JSON. */
    only: { type: 'string' },
  },
});
const only = [...workloads, million].find(({ name }) => name === values.only);
const chosen = values.million ? [...workloads, million] : workloads;
if (only === undefined) await measureAll(chosen, values.reporter === 'json', values.quick);
else process.stdout.write(JSON.stringify(measure(only, values.quick)));
