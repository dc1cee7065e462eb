/** The start of the page: reads the recording that the page carries, and shows it, or says what is wrong with it. */
import { decodeRecording } from '../../sim/recording/decode.ts';
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
  mount(root, recording, { address: true, problems });
}

start();
