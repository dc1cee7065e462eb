/** Runs the built command as a user does, in a process of its own, and a scenario small enough to do so often. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { rmSync } from 'node:fs';

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** The environment of a test: no colour wishes, no CI marks from outside. */
const plainEnvironment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !['NO_COLOR', 'FORCE_COLOR', 'CI', 'TENFOLD_DEBUG'].includes(name)),
);

/** A run under way, for tests that send signals. `before`: options of Node, which get a fourth stream to write to. */
export function start(
  args: readonly string[],
  env: Record<string, string> = {},
  before: readonly string[] = [],
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [...before, program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', before.length > 0 ? 'pipe' : 'ignore'],
    env: { ...plainEnvironment, ...env },
  });
  return { child, ended: endOf(child) };
}

/** A whole run. */
export function tenfold(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return start(args, env).ended;
}

/** A line of the shell in which `tenfold` is the command; for pipes and redirections. */
export function shell(line: string): Promise<Ended> {
  const script = `tenfold() { "${process.execPath}" "${program}" "$@"; }\n${line}`;
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'], env: plainEnvironment });
  return endOf(child);
}

function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** A directory that goes away with the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A file in a new scratch directory; answers its path. */
export function fileOf(content: string | Uint8Array, name = 'small.yaml'): string {
  const path = join(scratch(), name);
  writeFileSync(path, content);
  return path;
}

/** One server at half its capacity. Ten simulated seconds take a few milliseconds. */
export const small = `name: Small
run: { duration: 10s, warmup: 1s, seed: 1 }
clients:
  people:
    arrivals: { poisson: 100/s }
    does: look
    entry: app
components:
  app:
    type: server
    machine: { cores: 1, memory: 1GiB, price: 5/month }
    runtime: { threads: 10 }
    operations:
      look: [ { cpu: { exponential: 5ms } } ]
`;

/** `small` with thresholds on its latency. */
export function expecting(latency: string): string {
  return `${small}thresholds: { latency: '${latency}' }\n`;
}

/** More simulated time than a test has: for interrupts. Under the default limit on events. */
export const endless = ['--duration', '5000000s'];
