/**
 * A real Chromium for tests: one browser per test file, every page in a context of its own. Each page is watched: its
 * errors, its dialogs and every address it asks for are kept, so that a test can claim that there were none.
 *
 * ```ts
 * const browser = useBrowser();
 * it('…', async () => { const { page, errors } = await browser.open({ width: 390, height: 844 }); … });
 * ```
 */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { findChromium } from './chromium.ts';

/** A page and what was seen of it. */
export interface Visit {
  page: Page;
  /** Uncaught errors, errors on the console (a blocked request or a broken rule of the CSP is one), and dialogs. */
  errors: string[];
  /** Every address that the page asked for, blob: and data: left out. */
  requests: string[];
}

export interface Look {
  width?: number;
  height?: number;
  scheme?: 'light' | 'dark';
  /** Everything else that a context can be told. Unless it says so nothing moves: to draw that takes all of a small machine. */
  context?: BrowserContextOptions;
}

/** For what must come on the slowest of machines; every wait ends when it has come. */
const PATIENCE_MS = 120_000;

/** Not the package's own arguments: those switch off the web's security and put everything into one process. */
const args = [
  '--no-sandbox', // inside a container there is none to be had
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Chromium. Throws an error that says what is missing when it cannot. */
export async function launch(): Promise<Browser> {
  const { path, env } = await findChromium();
  try {
    return await chromium.launch({
      executablePath: path,
      args,
      env: { ...process.env, ...env } as never,
      timeout: PATIENCE_MS,
    });
  } catch (error) {
    throw new Error(whyNot(path, (error as Error).message));
  }
}

function whyNot(path: string, message: string): string {
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(message)?.[1];
  const reason = library
    ? `the shared library ${library} is missing; install it, or unset CHROMIUM_PATH to use the packaged browser`
    : message.split('\n').slice(0, 12).join('\n');
  return `Chromium (${path}) does not start: ${reason}`;
}

/** One browser for the tests of this file. Contexts close with their test, the browser with the file. */
export function useBrowser(): { open(look?: Look): Promise<Visit> } {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    async open({ width = 1280, height = 720, scheme = 'light', context: more = {} } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
        reducedMotion: 'reduce',
        ...more,
      });
      context.setDefaultTimeout(PATIENCE_MS);
      onTestFinished(() => context.close());
      return watch(await context.newPage());
    },
  };
}

function watch(page: Page): Visit {
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => errors.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url())) requests.push(request.url());
  });
  return { page, errors, requests };
}

/** Serious and critical findings of axe-core, one line each. Works under any CSP, since it is not a script of the page. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource());
  const { violations } = await page.evaluate(() => (globalThis as never as AxeWindow).axe.run(document));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}`));
}

interface AxeWindow {
  axe: {
    run(root: Document): Promise<{
      violations: { id: string; help: string; impact: string | null; nodes: { target: string[] }[] }[];
    }>;
  };
}

function axeSource(): string {
  return (createRequire(import.meta.url)('axe-core') as { source: string }).source;
}

/** Takes a picture for a person to look at, in the project's cache, never in the repository. Answers its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = fileURLToPath(new URL(`../../.cache/screenshots/${name}.png`, import.meta.url));
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path });
  return path;
}
