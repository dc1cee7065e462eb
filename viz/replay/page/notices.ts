/** What is wrong with a recording, said above everything else; what came of opening a file can be put away again. */
import { button, h } from '../dom.ts';

/** The board; empty it takes no room. */
export function noticeBoard() {
  const fixed = h('div', {});
  const later = h('div', {});
  return {
    element: h('div', { class: 'notices' }, fixed, later),
    /** About the recording of the page itself. */
    show(problems: readonly string[]) {
      fixed.replaceChildren(...problems.map((text) => h('p', { class: 'notice', role: 'alert' }, text)));
    },
    /** About a file that was opened, in place of what was said of the one before. */
    add(problems: readonly string[]) {
      later.replaceChildren(
        ...problems.map((text) => {
          const notice = h('p', { class: 'notice', role: 'alert' }, h('span', {}, text));
          notice.append(button('Put this message away', () => notice.remove(), { class: 'quiet' }, 'Close'));
          return notice;
        }),
      );
    },
  };
}
