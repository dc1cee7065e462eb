/** The stages as chapters: a bar to walk through, and the heading of the one that is open. */
import type { Recording, StageRecording } from '../../../sim/recording/format.ts';
import { h } from '../dom.ts';
import { signOf } from './signs.ts';
import { judgementOf } from './verdict.ts';

/** With more stages than this, only the open one has room for its name. */
const MANY = 9;

/** The bar of chapters; `onOpen` is told the index. */
export function chapterBar(recording: Recording, onOpen: (stage: number) => void) {
  const buttons = recording.stages.map((stage, index) => {
    const { sign, words } = judgementOf(stage.result);
    const name = `${index + 1}. ${stage.result.name}: ${words}`;
    const button = h(
      'button',
      { type: 'button', title: name },
      h(
        'span',
        { class: 'label' },
        signOf(sign),
        h('b', { 'aria-hidden': true }, String(index + 1)),
        h('span', { class: 'name', 'aria-hidden': true }, stage.result.name),
      ),
      h('span', { class: 'hidden-text' }, name),
    );
    button.addEventListener('click', () => onOpen(index));
    return button;
  });
  const element = h(
    'nav',
    { class: 'chapters', 'aria-label': 'Stages' },
    h('ol', { class: buttons.length > MANY ? 'many' : '' }, ...buttons.map((button) => h('li', {}, button))),
  );
  return {
    element,
    show(stage: number) {
      buttons.forEach((button, index) => {
        if (index === stage) {
          button.setAttribute('aria-current', 'true');
          button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        } else button.removeAttribute('aria-current');
      });
    },
  };
}

/** Where a stage stands, for its heading. */
export interface Standing {
  /** Its place among the stages, from 0, and how many there are. */
  index: number;
  count: number;
  level: 'h1' | 'h2';
  /** What it is called where two are compared. */
  letter: string | null;
  /** The recording that it is of, where it is not plain. */
  of: string | null;
}

/** Heading of a chapter: its name, what it teaches, whether it held, why it broke. */
export function headline(stage: StageRecording, { index, count, level, letter, of }: Standing): HTMLElement {
  const { result } = stage;
  const { sign, words, reason } = judgementOf(result);
  const heading = h(level, { class: 'stage-name' }, result.name);
  const number = [count > 1 ? `Stage ${index + 1} of ${count}` : '', of ?? ''].filter((it) => it !== '').join(' of ');
  const badge = letter !== null && h('span', { class: 'letter', 'aria-hidden': true }, letter);
  const top = h('div', { class: 'top' }, badge, heading, h('span', { class: `chip ${sign}` }, signOf(sign), words));
  if (number !== '') top.append(h('p', { class: 'soft small standing' }, number));
  const text = h('div', { class: 'headline' }, top);
  if (result.teaches) text.append(h('p', { class: 'teaches' }, result.teaches));
  if (reason.text) text.append(h('p', { class: 'broke' }, h('strong', {}, `${reason.label}: `), reason.text));
  return text;
}
