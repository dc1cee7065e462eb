/** The replay page: the built template with a recording in it. One file that opens anywhere and asks nothing of anybody. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ExitCode, Failure } from '../exit.ts';
import { reason } from '../files/reason.ts';

/** Stands beside the bundle of the command, made by the same build. */
const templateFile = fileURLToPath(new URL('./replay-template.html', import.meta.url));

/** Where the recording goes; it stands in the template exactly once. */
const place = '<!--recording-->';

/** Throws a Failure when this installation has no template; to be called before a long run. */
export function readTemplate(): string {
  let template: string;
  try {
    template = readFileSync(templateFile, 'utf8');
  } catch (error) {
    throw new Failure(ExitCode.file, `the template of the replay page could not be read: ${reason(error)}`);
  }
  return template;
}

/** The most recordings that one page shows: one, or two side by side. */
const ids = ['recording', 'recording-beside'];
export const mostRecordings = ids.length;

/** A recording is ASCII without `<`, so whatever a scenario's names are, it cannot end its element. */
export function replayPage(template: string, recordings: readonly string[]): string {
  const at = template.indexOf(place);
  if (at < 0) throw new Error(`the template of the replay page has no ${place}`);
  const elements = recordings.map((text, i) => `<script type="application/json" id="${ids[i]}">\n${text}</script>`);
  return template.slice(0, at) + elements.join('\n') + template.slice(at + place.length);
}
