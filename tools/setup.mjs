/**
 * Makes a fresh clone ready: installs from the lock file when node_modules is missing or stale, builds dist/ when the
 * sources changed. Run before `npm start` and `npm test`; takes a fraction of a second when there is nothing to do.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function say(text) {
  process.stderr.write(`tenfold: ${text}\n`);
}

function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

/** Node's version must be able to run what is built; a clear word here beats a syntax error later. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(`needs Node 20.19 or newer; this is ${process.versions.node}`);
  process.exit(1);
}

/**
 * Compares the lock file with npm's own record of what it installed: every package that is not optional must be there
 * in the locked version.
 */
function isInstalled() {
  const record = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.devOptional || present[path]?.version === entry.version,
  );
}

function install() {
  const start = performance.now();
  say('installing dependencies from package-lock.json (npm ci)');
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command, ...before] = npm;
  const options = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync(command, [...before, ...options], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr], // stdout belongs to the command that comes after
    shell: process.platform === 'win32' && npm.length === 1,
  });
  if (status !== 0) {
    say(`npm ci failed${error ? `: ${error.message}` : ` with exit code ${status}`}; nothing was built`);
    process.exit(1);
  }
  say(`installed in ${seconds(start)}`);
}

async function buildIfStale() {
  const { build, isFresh } = await import('./build.mjs');
  if (isFresh()) return;
  const start = performance.now();
  try {
    await build();
  } catch (error) {
    say(`the build failed${error.errors ? '' : `: ${error.message}`}`);
    process.exit(1);
  }
  say(`built dist/ in ${seconds(start)}`);
}

checkNode();
if (!isInstalled()) install();
await buildIfStale();
