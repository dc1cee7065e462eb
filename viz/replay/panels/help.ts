/** The help: every key, and how the picture is to be read. */
import { button, h } from '../dom.ts';
import { KEY_HELP } from '../keys.ts';

/** A dialog that is opened with `showModal`. */
export function helpDialog(): HTMLDialogElement {
  const dialog = h('dialog', { 'aria-label': 'Help' });
  dialog.append(
    h(
      'div',
      { class: 'bar' },
      h('h2', { class: 'grow' }, 'Keys'),
      button('Close', () => dialog.close(), { class: 'quiet' }, 'Close'),
    ),
    h(
      'dl',
      {},
      ...KEY_HELP.flatMap(([keys, does]) => [
        h('dt', {}, ...keys.flatMap((key, index) => [index > 0 && ' ', h('kbd', {}, key)])),
        h('dd', {}, does),
      ]),
    ),
    h('h2', { class: 'second' }, 'How to read the picture'),
    h(
      'p',
      { class: 'small' },
      'Each card is a component, each square in it one instance; the square fills with the load of its busiest resource, ' +
        'and behind the last one stands how many more are up than have squares. ' +
        'A star is a primary or a leader, a dashed square is not there, a cross is one that died. People stand in line ' +
        'before what is too slow for them. Dots are requests on their way and answers on their way back; what was lost ' +
        'lies beneath the clients, or on top of them. On a card, a triangle says that it is busy (from 70 % on) or an instance is down, a ' +
        'circle that it is next to full (from 92 % on) or requests fail, a cross that none is left; the panel says in words which.',
    ),
  );
  return dialog;
}
