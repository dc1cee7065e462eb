/** Runs every shipped scenario twice side by side and compares. A failed threshold is no concern of this check. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scenarios = readdirSync(join(root, 'scenarios'))
  .filter((name) => name.endsWith('.yaml'))
  .sort();
let differing = 0;

for (const name of scenarios) {
  const args = [join(root, 'dist/cli.js'), 'run', join('scenarios', name), '--doublecheck', '--quiet'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const isSame = status === 0 || status === 99;
  if (!isSame) differing++;
  process.stdout.write(`${isSame ? 'same     ' : `exit ${status} `} ${name}\n${isSame ? '' : stderr}`);
}
process.exitCode = differing > 0 ? 1 : 0;
