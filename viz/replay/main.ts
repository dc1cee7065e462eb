/** The start of the page: reads the recording that the page carries, and shows it, or says what is wrong with it. */
import { decodeRecording } from '../../sim/recording/decode.ts';
import type { DecodedRecording } from '../../sim/recording/format.ts';
import { h } from './dom.ts';
import { mount } from './view.ts';

function start(): void {
  const root = document.getElementById('app');
  if (!root) return;
  const text = document.getElementById('recording')?.textContent ?? '';
  const { recording, problems } = decodeRecording(text);
  if (recording === null) {
    root.classList.add('tf', 'tf-page');
    root.append(
      h(
        'main',
        { class: 'frame' },
        h('h1', {}, 'Tenfold replay'),
        ...problems.map((it) => h('p', { class: 'notice', role: 'alert' }, it)),
      ),
    );
    return;
  }
  document.title = `${recording.scenario.name}: a replay by Tenfold`;
  const beside = besideIt();
  mount(root, recording, { address: true, problems: [...problems, ...beside.problems], beside: beside.recording });
}

/** The second recording of a page that compares two; of an ordinary page none, and no word about it. */
function besideIt(): DecodedRecording {
  const text = document.getElementById('recording-beside')?.textContent;
  if (text == null) return { recording: null, problems: [] };
  const { recording, problems } = decodeRecording(text);
  const isEmpty = recording === null || recording.stages.length === 0;
  return { recording: isEmpty ? null : recording, problems: problems.map((it) => `The one beside it: ${it}`) };
}

// The program stands before the recording, so that a file which is cut off has lost the end of its data and not this.
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
else start();
