/**
 * Runs a scenario under other versions of Node, hence other versions of V8, and compares the bytes of its JSON report.
 *
 * `npm run engines`, or `npm run engines -- scenarios/cache.yaml --duration 5s`: arguments are those of `tenfold run`.
 * npx fetches the other versions, so this needs a registry and is not part of the tests.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const versions = ['22', '24'];
const given = process.argv.slice(2);
/** All samplers that go through ln, exp and pow, and all mechanisms of the benchmark. */
const args = given.length > 0 ? given : ['bench/w3.yaml', '--duration', '20s'];
const run = [join(root, 'dist/cli.js'), 'run', ...args, '--reporter', 'json'];

/** The report of one engine: Node's version, and the bytes. A failed threshold (99) is no concern of this check. */
function reportOf(command, before) {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'inherit'] };
  const { stdout: version } = spawnSync(command, [...before, '--version'], options);
  const { status, stdout, error } = spawnSync(command, [...before, ...run], options);
  if (status !== 0 && status !== 99) {
    throw new Error(`${[command, ...before].join(' ')} ended with ${error?.message ?? status}`);
  }
  return { version: version.trim(), stdout };
}

function tell({ version, stdout }, verdict) {
  const digest = createHash('sha256').update(stdout).digest('hex').slice(0, 16);
  console.log(`${version.padEnd(12)}${String(stdout.length).padStart(8)} bytes  ${digest}  ${verdict}`);
}

const own = reportOf(process.execPath, []);
tell(own, 'this one');
for (const version of versions) {
  const other = reportOf('npx', ['--yes', `--package=node@${version}`, '--', 'node']);
  const isSame = other.stdout === own.stdout;
  tell(other, isSame ? 'the same bytes' : 'DIFFERENT');
  if (!isSame) process.exitCode = 1;
}
