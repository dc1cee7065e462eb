/** The two ways to open another recording beside the one on show: a button, and dropping a file anywhere on the page. */
import type { DecodedRecording } from '../../../sim/recording/format.ts';
import { LARGEST_FILE, openedRecording } from '../data/opened.ts';
import { button, h } from '../dom.ts';

/** A button that asks for a file. */
export function fileButton(onFile: (file: File) => void): HTMLElement {
  const input = h('input', { type: 'file', accept: '.html,.htm,.txt,text/html', class: 'hidden-text', tabindex: -1 });
  input.setAttribute('aria-label', 'A replay page to open beside this one');
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) onFile(file);
    input.value = ''; // the same file may be chosen again
  });
  const label = 'Open another replay page beside this one; or drop it here';
  return h(
    'span',
    { class: 'open' },
    button(label, () => input.click(), { class: 'quiet' }, 'Open …'),
    input,
  );
}

/** Listens for files that are dragged over the page, and shows where they may be dropped. */
export function dropZone(onFile: (file: File) => void, signal: AbortSignal): HTMLElement {
  const zone = h(
    'div',
    { class: 'drop', hidden: true, 'aria-hidden': true },
    h('p', {}, 'Drop to see it beside this one'),
  );
  const hasFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
  document.addEventListener(
    'dragover',
    (event) => {
      if (!hasFile(event)) return;
      event.preventDefault(); // else the browser would leave the page for the file
      zone.hidden = false;
    },
    { signal },
  );
  document.addEventListener(
    'dragleave',
    (event) => {
      if (event.relatedTarget === null) zone.hidden = true;
    },
    { signal },
  );
  document.addEventListener(
    'drop',
    (event) => {
      zone.hidden = true;
      if (!hasFile(event)) return;
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file) onFile(file);
    },
    { signal },
  );
  return zone;
}

/** What is in a file, or a sentence about why there is nothing. Never rejects. */
export async function readRecording(file: File): Promise<DecodedRecording> {
  if (file.size > LARGEST_FILE) return refused(file, 'it is larger than any replay page (64 MiB at most).');
  try {
    return openedRecording(await file.text(), file.name);
  } catch {
    return refused(file, 'it could not be read.');
  }
}

const refused = (file: File, why: string): DecodedRecording => ({
  recording: null,
  problems: [`${file.name}: ${why}`],
});
