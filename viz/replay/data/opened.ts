/**
 * A file that somebody opens beside the recording on show: a replay page, or a recording as text. A page is searched for
 * its recording as the text that it is; nothing of it is ever parsed as markup, and none of it runs.
 */
import { decodeRecording } from '../../../sim/recording/decode.ts';
import type { DecodedRecording, Recording, StageRecording } from '../../../sim/recording/format.ts';

/** Pages are a few megabytes; what is much larger is no page, and would only fill the memory. */
export const LARGEST_FILE = 64 * 2 ** 20;

/** Begins the data element of a recording in a page. */
const OPENING = /<script type="application\/json" id="recording">/;
const CLOSING = '</script>';

/** What a file's text holds. Its problems name the file. Never throws. */
export function openedRecording(text: string, file: string): DecodedRecording {
  const { recording, problems } = decodeRecording(recordingTextIn(text));
  const named = problems.map((problem) => `${file}: ${problem}`);
  if (recording === null) return { recording: null, problems: named };
  if (recording.stages.length > 0) return { recording, problems: named };
  return { recording: null, problems: [...named, `${file}: there is no stage in it that could be shown.`] };
}

/** The recording within a page, to the end of the text where the page is cut off; any other text as it is. */
function recordingTextIn(text: string): string {
  const opening = OPENING.exec(text);
  if (opening === null) return text;
  const from = opening.index + opening[0].length;
  const to = text.indexOf(CLOSING, from);
  return text.slice(from, to < 0 ? undefined : to);
}

/** The stage of another recording that belongs beside one: of the same name, else at the same place, else its last. */
export function partnerOf(stage: StageRecording, index: number, other: Recording): number {
  const sameName = other.stages.findIndex(({ result }) => result.name === stage.result.name);
  return sameName >= 0 ? sameName : Math.min(index, other.stages.length - 1);
}
