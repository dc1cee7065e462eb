/**
 * Terminal outputs in the README, made by running the commands above them, so that they are what one really sees.
 *
 * A fenced block after a comment `<!-- output -->` begins with the command, `$ tenfold run FILE …`; what follows is replaced
 * by its brief report, without the lines that only identify the run. FILE is a shipped scenario, or the YAML block
 * of the page.
 */
import { existsSync, readFileSync } from 'node:fs';
import { render } from '../../reports/index.ts';
import { simulate } from '../../sim/index.ts';

const BLOCK = /(<!-- output -->\n\n```\n\$ (tenfold run [^\n]*)\n)(?:[\s\S]*?\n)?(```\n)/g;

/** The page with its outputs made anew. */
export function withOutputs(page: string): string {
  return page.replace(
    BLOCK,
    (_block, head: string, command: string, tail: string) => `${head}${outputOf(command, page)}\n${tail}`,
  );
}

function outputOf(command: string, page: string): string {
  const [, , name, ...rest] = command.split(' ');
  const set = rest.filter((_word, index) => rest[index - 1] === '--set');
  const result = simulate(textOf(name, page), { set, file: name });
  const lines = render('text', result, { verbosity: 'brief' }).trimEnd().split('\n');
  return lines
    .slice(3)
    .filter((line) => !line.startsWith('reproduce:'))
    .join('\n')
    .trimEnd();
}

function textOf(name: string, page: string): string {
  const shipped = new URL(`../../scenarios/${name}.yaml`, import.meta.url);
  if (existsSync(shipped)) return readFileSync(shipped, 'utf8');
  const block = /```yaml\n(name:[\s\S]*?)```/.exec(page);
  if (block === null) throw new Error(`no scenario ${name}, and no YAML block that begins with name:`);
  return block[1];
}

const FILE = /(<!-- file: (\S+) -->\n\n```ts\n)(?:[\s\S]*?\n)?(```\n)/g;

/** The page with the files it shows copied in anew: the code block after `<!-- file: docs/examples/x.ts -->`. */
export function withFiles(page: string): string {
  const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').trimEnd();
  return page.replace(FILE, (_block, head: string, path: string, tail: string) => `${head}${read(path)}\n${tail}`);
}
