/** The bar on top of the page: what is shown, what it is compared with, the theme and the help. */
import type { Recording } from '../../../sim/recording/format.ts';
import type { Beside } from '../data/fragment.ts';
import { button, h, write } from '../dom.ts';
import { fileButton } from './open.ts';

export interface HeaderEvents {
  compare(beside: Beside | null): void;
  /** A file that was chosen, to stand beside the recording. */
  open(file: File): void;
  theme(): void;
  help(): void;
}

/** What the header is about. */
export interface HeaderState {
  recording: Recording;
  other: Recording | null;
  /** Inside another page: no name of ours, and nothing is opened from here. */
  embedded: boolean;
}

/** The header; `show` says what is compared, `showMoment` which moment it is: on paper, where no clock is. */
export function headerBar({ recording, other, embedded }: HeaderState, events: HeaderEvents) {
  const compare = h(
    'select',
    { 'aria-label': 'Compare with' },
    h('option', { value: '' }, 'Compare …'),
    ...(other === null
      ? optionsOf(recording, false)
      : [
          h('optgroup', { label: 'This recording' }, ...optionsOf(recording, false)),
          h('optgroup', { label: `Beside it: ${other.scenario.name}` }, ...optionsOf(other, true)),
        ]),
  );
  compare.addEventListener('change', () => events.compare(besideOf(compare.value)));
  const moment = h('span', { class: 'on-paper' });
  const element = h(
    'header',
    { class: 'bar' },
    !embedded && h('span', { class: 'mark' }, 'Tenfold'),
    h('span', { class: 'title grow' }, recording.scenario.name),
    moment,
    (other !== null || recording.stages.length > 1) && compare,
    !embedded && fileButton((file) => events.open(file)),
    button('Theme: dark or light', () => events.theme(), { class: 'quiet' }, 'Theme'),
    button('Help: keys, and how to read this', () => events.help(), { class: 'quiet' }, 'Help'),
  );
  return {
    element,
    show(beside: Beside | null) {
      compare.value = beside === null ? '' : valueOf(beside);
    },
    showMoment: (text: string) => write(moment, text),
  };
}

function optionsOf(recording: Recording, other: boolean): HTMLOptionElement[] {
  return recording.stages.map((stage, index) =>
    h('option', { value: valueOf({ stage: index, other }) }, `${index + 1}. ${stage.result.name}`),
  );
}

const valueOf = ({ stage, other }: Beside) => `${other ? 'beside' : 'with'} ${stage}`;

function besideOf(value: string): Beside | null {
  const [of, stage] = value.split(' ');
  return stage === undefined ? null : { stage: Number(stage), other: of === 'beside' };
}
