/** A recording's text → what it says. Reads what is good of a broken one, and says what is not. */
import { RECORDING_VERSION, type DecodedRecording, type Recording, type StageRecording } from './format.ts';
import { isRecording, valueOf } from './lines.ts';
import { unpack } from './packing.ts';
import { readRequests, type WrittenRequests } from './written-requests.ts';

/** What the first line says. */
interface Header extends Omit<Recording, 'version' | 'stages'> {
  recording: number;
  stages: string[];
}

/**
 * Reads a recording, as the text of a page's data element or of a file.
 *
 * Never throws: a recording that is cut off gives its whole stages and a problem; one of a newer version gives none.
 */
export function decodeRecording(text: string): DecodedRecording {
  const trimmed = text.trimStart();
  if (!isRecording(trimmed)) return nothing('This is no recording of a Tenfold run.');
  const lines = trimmed.split('\n');
  const header = valueOf(lines[0]) as Header | undefined;
  if (header === undefined)
    return nothing('The recording is damaged or cut off at its very beginning; nothing can be shown.');
  if (header.recording > RECORDING_VERSION) {
    return nothing(
      `The recording was made by a newer Tenfold (${header.tenfold}, format ${header.recording}); this page reads formats up to ${RECORDING_VERSION}. Record it again, or open it with that version.`,
    );
  }
  const { recording: version, stages: names, ...rest } = header;
  const { stages, problems } = readStages(lines, names);
  return { recording: { version, ...rest, stages }, problems };
}

const nothing = (problem: string): DecodedRecording => ({ recording: null, problems: [problem] });

/** Each stage is two lines: its result and its data. The last line of all says that nothing is missing. */
function readStages(
  lines: readonly string[],
  names: readonly string[],
): { stages: StageRecording[]; problems: string[] } {
  const stages: StageRecording[] = [];
  const problems: string[] = [];
  let result: StageRecording['result'] | null = null;
  let isWhole = false;
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line === '') continue;
    const value = valueOf(line);
    if (!isObject(value)) {
      const isLast = lines.slice(i + 1).every((later) => later === '');
      if (!isLast)
        problems.push(
          `A part of the recording is damaged${result === null ? '' : ` (stage “${result.name}”)`} and left out.`,
        );
      result = null;
    } else if ('end' in value) isWhole = true;
    else if ('result' in value) result = value.result as StageRecording['result'];
    else if (result !== null) {
      const stage = readStage(result, value);
      if (typeof stage === 'string') problems.push(stage);
      else stages.push(stage);
      result = null;
    }
  }
  if (!isWhole) problems.push(`The recording is cut off: ${stages.length} of ${names.length} stages could be read.`);
  else if (stages.length < names.length && problems.length === 0)
    problems.push(`${names.length - stages.length} of ${names.length} stages were not recorded.`);
  return { stages, problems };
}

/** A stage, or a sentence about why there is none. */
function readStage(result: StageRecording['result'], written: object): StageRecording | string {
  if ('tooLarge' in written)
    return `Stage “${result.name}” is not in the recording: even the coarsest would be larger than its cap.`;
  try {
    const data = unpack(written) as Omit<StageRecording, 'result' | 'requests'> & { requests: WrittenRequests };
    return { result, ...data, requests: readRequests(data.requests) };
  } catch {
    return `Stage “${result.name}” is damaged and left out.`;
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
