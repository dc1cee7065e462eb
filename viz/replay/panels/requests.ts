/** The sample of requests: a list to pick from (slowest, failed, by time) and the waterfall of the one that is picked. */
import type { RequestRecording, StageRecording } from '../../../sim/recording/format.ts';
import { duration, plural, whole } from '../../../reports/format.ts';
import { button, h, write } from '../dom.ts';
import { clockOf } from '../time/moments.ts';
import { outcomeText, waterfall } from './waterfall.ts';
import { signOf } from './signs.ts';

export type Order = 'slowest' | 'failed' | 'by time';

/** Indices of the stage's requests in an order. */
export function ordered(requests: readonly RequestRecording[], order: Order): number[] {
  const indices = requests.map((_, index) => index);
  const chosen = order === 'failed' ? indices.filter((index) => requests[index].outcome !== 'completed') : indices;
  const key = (index: number) => (order === 'slowest' ? -requests[index].latencyMs : requests[index].start);
  return chosen.sort((a, b) => key(a) - key(b) || a - b);
}

/** How many rows the list shows; the sample may be larger. */
const MOST_ROWS = 60;
/** And how many of them are printed: see the style sheet. */
const ON_PAPER = 12;

export interface RequestsPanel {
  element: HTMLElement;
  select(index: number | null): void;
}

/** The section; `onPick` is told the index within the stage's sample. */
export function requestsPanel(stage: StageRecording, onPick: (index: number | null) => void): RequestsPanel {
  const at = clockOf(stage.slices);
  const list = h('ul', { class: 'list' });
  const printed = h('p', { class: 'on-paper soft small pad' });
  const fall = h('div', { class: 'waterfall card', tabindex: -1 });
  let order: Order = 'slowest';
  let picked: number | null = null;
  const filters = (['slowest', 'failed', 'by time'] as const).map((name) => ({
    name,
    element: button(name, () => {
      order = name;
      fill();
      if (picked === null) select(null);
    }),
  }));
  const fill = () => {
    for (const { name, element } of filters) element.setAttribute('aria-pressed', String(name === order));
    const indices = ordered(stage.requests, order);
    const rows = indices.slice(0, MOST_ROWS).map((index) => row(stage.requests[index], index));
    const none = order === 'failed' ? 'None of the requests that were followed failed.' : 'No request was followed.';
    printed.hidden = rows.length <= ON_PAPER;
    write(
      printed,
      `The first ${ON_PAPER} of ${plural(indices.length, 'request')}; there are more of them in the replay.`,
    );
    list.replaceChildren(...(rows.length > 0 ? rows : [h('li', { class: 'none pad' }, none)]));
    mark();
  };
  const row = (request: RequestRecording, index: number) => {
    const sign = request.outcome === 'completed' ? 'ok' : 'bad';
    const element = h(
      'button',
      { type: 'button', 'data-request': index },
      signOf(sign),
      h('span', {}, `${request.operation} at ${at(request.start)}`),
      h('b', { class: 'num' }, duration(request.latencyMs)),
      h('span'),
      h('span', { class: 'soft small' }, `${outcomeText(request)}, ${plural(request.attempts, 'attempt')}`),
    );
    element.addEventListener('click', () => onPick(picked === index ? null : index));
    return h('li', {}, element);
  };
  const mark = () => {
    for (const element of list.querySelectorAll('button')) {
      element.setAttribute('aria-pressed', String(Number(element.getAttribute('data-request')) === picked));
    }
  };
  const select = (index: number | null) => {
    picked = index;
    mark();
    // Until somebody picks one, the first of the list says what there is to see.
    const shown = index ?? ordered(stage.requests, order)[0] ?? ordered(stage.requests, 'slowest')[0];
    fall.replaceChildren(
      shown === undefined
        ? h('p', { class: 'none' }, 'No request was followed.')
        : waterfall(stage, stage.requests[shown], (fall.clientWidth || 760) - 34),
    );
  };
  const followed = `${whole(stage.requestsFollowed)} of ${whole(stage.requestsEnded)} requests were followed hop by hop; ${whole(stage.requests.length)} of them are kept: the slowest, the failed, and some ordinary ones.`;
  const element = h(
    'section',
    { class: 'section', 'aria-label': 'Requests' },
    h('h2', {}, 'One request'),
    h('p', { class: 'soft small after' }, followed),
    h(
      'div',
      { class: 'requests' },
      h(
        'div',
        { class: 'card clip' },
        h('div', { class: 'filter' }, ...filters.map((it) => it.element)),
        list,
        printed,
      ),
      fall,
    ),
  );
  fill();
  select(null);
  return { element, select };
}
