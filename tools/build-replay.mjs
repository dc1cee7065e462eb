/**
 * Makes the template of the replay page: script, style and page in one file that asks nothing of anybody. The place of
 * the recording is marked by one comment; the command writes a data element there.
 *
 * The policy in the page allows this script and this style, by their hashes, and nothing else: whatever a recording may
 * contain, the browser runs none of it.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the recording goes. It stands in the template exactly once. */
const PLACE = '<!--recording-->';

/** The file of the template, for `dist/`. */
export async function replayFiles(root, dist) {
  const { build } = await import('esbuild');
  const bundle = (entry, loader) =>
    build({
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      write: false,
      minify: true,
      format: 'iife',
      platform: 'browser',
      target: ['chrome111', 'firefox114', 'safari16.4'],
      charset: 'utf8',
      legalComments: 'none',
      logLevel: 'warning',
      ...loader,
    });
  const [script, style] = await Promise.all([
    bundle('viz/replay/main.ts', {}),
    bundle('viz/replay/style.css', { loader: { '.css': 'css' } }),
  ]);
  const page = templateOf(
    readFileSync(join(root, 'viz/replay/index.html'), 'utf8'),
    script.outputFiles[0].text.trim(),
    style.outputFiles[0].text.trim(),
  );
  return [{ path: join(dist, 'replay-template.html'), contents: page }];
}

/** Throws when script or style would end their element early, or when the place of the recording is not there once. */
function templateOf(html, script, style) {
  if (/<\/script|<!--/i.test(script)) throw new Error('the script of the replay page would end its own element');
  if (/<\/style/i.test(style)) throw new Error('the style of the replay page would end its own element');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const page = html
    .replace('<!--policy-->', () => `<meta http-equiv="Content-Security-Policy" content="${policy}">`)
    .replace('<!--style-->', () => `<style>${style}</style>`)
    .replace('<!--script-->', () => `<script>${script}</script>`);
  if (page.split(PLACE).length !== 2) throw new Error(`the replay page must contain ${PLACE} once`);
  return page;
}

function hashOf(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
