/** A recording's text → what it says. Reads what is good of a broken one, and says what is not. */
import type { DecodedRecording } from './format.ts';

/**
 * Reads a recording, as the text of a page's data element or of a file.
 *
 * Never throws: a recording that is cut off gives its whole stages and a problem; one of a newer version gives none.
 */
export function decodeRecording(_text: string): DecodedRecording {
  return { recording: null, problems: ['this version of Tenfold cannot read recordings yet'] };
}
