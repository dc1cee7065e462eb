/**
 * Finds a Chromium for the tests: the one that $CHROMIUM_PATH names, one of the system, or the one inside the npm
 * package @sparticuz/chromium, unpacked once into the project's cache. That one brings the libraries and the font that
 * a bare Linux (x64) lacks; it needs nothing but the C library.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

/** A browser to start, and what its process must find in its environment. */
export interface Found {
  path: string;
  env: Record<string, string>;
}

const cache = fileURLToPath(new URL('../../.cache/browser', import.meta.url));

const systemNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

const macPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The first that exists, in the order above. Throws an error that says what to install when there is none. */
export async function findChromium(): Promise<Found> {
  const named = process.env.CHROMIUM_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH is ${named}, and there is no such file`);
    return { path: named, env: {} };
  }
  const path = onSystem();
  if (path) return { path, env: {} };
  if (process.platform === 'linux' && process.arch === 'x64') return packaged();
  throw new Error(
    `no Chromium was found on this ${process.platform}-${process.arch}: install Chrome or Chromium, or set CHROMIUM_PATH`,
  );
}

function onSystem(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin'].filter((folder) => folder !== '');
  const candidates = systemNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...(process.platform === 'darwin' ? macPaths : [])].find((path) => existsSync(path));
}

/** The package's Chromium. Unpacked under another name and renamed, since several runs, and threads of one, may meet here. */
async function packaged(): Promise<Found> {
  const home = join(cache, `chromium-${packageVersion()}`);
  if (!existsSync(home)) {
    const making = `${home}.${process.pid}.${threadId}`;
    mkdirSync(making, { recursive: true });
    await unpack(making);
    try {
      renameSync(making, home);
    } catch {
      rmSync(making, { recursive: true, force: true }); // another run was faster
    }
  }
  const libraries = join(home, 'al2023', 'lib');
  return {
    path: join(home, 'chromium'),
    env: {
      LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
      FONTCONFIG_FILE: writeFontList(home),
    },
  };
}

function packageVersion(): string {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const folder = main.slice(
    0,
    main.lastIndexOf(join('@sparticuz', 'chromium')) + join('@sparticuz', 'chromium').length,
  );
  return (createRequire(import.meta.url)(join(folder, 'package.json')) as { version: string }).version;
}

/** The package unpacks into os.tmpdir(), and its libraries only where it believes to be on Amazon's Linux. */
async function unpack(into: string): Promise<void> {
  const before = { ...process.env };
  process.env.TMPDIR = into;
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x';
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    await chromium.executablePath();
  } finally {
    for (const name of ['TMPDIR', 'AWS_LAMBDA_JS_RUNTIME', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

/** The package's own list names only folders of Amazon's. Fonts of the system come first, where there are any. */
function writeFontList(home: string): string {
  const path = join(home, 'fonts.conf');
  if (existsSync(path)) return path;
  const folders = ['/usr/share/fonts', '/usr/local/share/fonts', join(home, 'fonts', 'fonts')];
  const lines = folders.map((folder) => `<dir>${folder}</dir>`).join('');
  const temporary = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    temporary,
    `<?xml version="1.0"?><fontconfig>${lines}<cachedir>${join(home, 'font-cache')}</cachedir></fontconfig>\n`,
  );
  renameSync(temporary, path);
  return path;
}
