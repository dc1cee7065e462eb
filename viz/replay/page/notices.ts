/** What is wrong with a recording, said above everything else; each message can be put away. */
import { button, h } from '../dom.ts';

/** The board; empty it takes no room. */
export function noticeBoard() {
  const own = h('div', {});
  const later = h('div', {});
  const element = h('div', { class: 'notices', tabindex: -1 }, own, later);
  const noticeOf = (text: string) => {
    const notice = h('p', { class: 'notice', role: 'alert' }, h('span', {}, text));
    const close = () => {
      notice.remove();
      element.focus(); // else the keyboard would begin at the top of the page again
    };
    notice.append(button('Put this message away', close, { class: 'quiet' }, 'Close'));
    return notice;
  };
  return {
    element,
    /** About the recording of the page itself. */
    show(problems: readonly string[]) {
      own.replaceChildren(...problems.map(noticeOf));
    },
    /** About a file that was opened, in place of what was said of the one before. */
    add(problems: readonly string[]) {
      later.replaceChildren(...problems.map(noticeOf));
    },
  };
}
