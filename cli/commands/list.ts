/** `tenfold list`: the scenarios that come with Tenfold, and what each teaches. */
import { ExitCode, Failure } from '../exit.ts';
import { loadScenario } from '../files/load.ts';
import { shippedNames, shippedPath } from '../files/shipped.ts';
import { printable } from '../terminal/printable.ts';
import { print } from '../terminal/streams.ts';
import { wrap } from '../terminal/wrap.ts';

/** Prints name and lesson of every shipped scenario. */
export async function list(): Promise<ExitCode> {
  const names = shippedNames();
  const width = Math.max(0, ...names.map((name) => name.length)) + 2;
  const rows = names.map((name) => {
    const lines = wrap(lesson(name), Math.max(40, Math.min(process.stdout.columns ?? 100, 120) - width));
    return lines.map((line, index) => `${(index === 0 ? name : '').padEnd(width)}${line}\n`).join('');
  });
  await print(`${rows.join('')}\nRun one with: tenfold run NAME\n`);
  return ExitCode.ok;
}

/** The first sentence of what it teaches, or its title. A broken file does not hide the others. */
function lesson(name: string): string {
  try {
    const { scenario } = loadScenario(shippedPath(name));
    const text = scenario.teaches || scenario.name;
    return printable(/^[\s\S]*?[.!?](?=\s|$)/.exec(text)?.[0].replace(/\s+/g, ' ') ?? text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return '(not a valid scenario; tenfold validate says why)';
  }
}
