/** The files that the server gives out: read once, named here, so that no path of a request ever reaches the disk. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ExitCode, Failure } from '../exit.ts';

export interface ServedFile {
  type: string;
  body: Buffer;
}

/** The whole list. */
const types: Record<string, string> = {
  'index.html': 'text/html; charset=utf-8',
  'playground.js': 'text/javascript; charset=utf-8',
  'worker.js': 'text/javascript; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'scenarios.json': 'application/json; charset=utf-8',
};

/** By the path of a request: `/`, `/worker.js`, … Throws a Failure (5) when the build lacks one. */
export function playgroundFiles(): Map<string, ServedFile> {
  const files = new Map<string, ServedFile>();
  for (const [name, type] of Object.entries(types)) {
    const path = fileURLToPath(new URL(`./playground/${name}`, import.meta.url)); // beside the bundle, in dist/
    try {
      files.set(`/${name}`, { type, body: readFileSync(path) });
    } catch {
      throw new Failure(ExitCode.file, `the playground is not built: ${name} is missing (npm run build makes it)`);
    }
  }
  return files.set('/', files.get('/index.html')!);
}
