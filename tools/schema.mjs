/** Writes the JSON Schema of scenario files to schema/, where editors find it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const schema = execFileSync(process.execPath, [join(root, 'dist/cli.js'), 'schema'], { encoding: 'utf8' });
mkdirSync(join(root, 'schema'), { recursive: true });
writeFileSync(join(root, 'schema/scenario.schema.json'), schema);
