/** What a fault did, on one strip: fault, first failure, detection, promotion, recovery; and its price. */
import type { Failover } from '../../../sim/result.ts';
import { plural, secondsText, whole } from '../../../reports/format.ts';
import { momentsOf } from '../../../reports/failover-story.ts';
import { button, h, s } from '../dom.ts';
import { momentText } from '../time/moments.ts';

interface Step {
  name: string;
  after: number;
  kind: 'fault' | 'failure' | 'detected' | 'promoted' | 'recovered' | 'failback';
}

/** The measured steps of a failover, in order of time. */
export function stepsOf(failover: Failover): Step[] {
  const steps: { name: string; after: number | null; kind: Step['kind'] }[] = [
    { name: 'fault', after: 0, kind: 'fault' },
    { name: 'first failure', after: failover.firstFailureAfterSeconds, kind: 'failure' },
    { name: 'detected', after: failover.detectedAfterSeconds, kind: 'detected' },
    { name: 'decided', after: failover.decidedAfterSeconds, kind: 'promoted' },
    { name: 'promoted', after: failover.promotedAfterSeconds, kind: 'promoted' },
    { name: 'recovered', after: failover.recoveredAfterSeconds, kind: 'recovered' },
    { name: 'failback', after: failover.failback?.doneAfterSeconds ?? null, kind: 'failback' },
  ];
  return steps.filter((it): it is Step => it.after !== null).sort((a, b) => a.after - b.after);
}

/**
 * Rows for the labels, so that two steps at nearly the same time do not write over each other. From its row the stem of
 * a label goes down across all lower ones, so it stands lower than whatever has not ended before it.
 */
export function labelRows(places: readonly number[], widths: readonly number[]): number[] {
  const ends: number[] = [];
  return places.map((place, index) => {
    let row = ends.length;
    while (row > 0 && ends[row - 1] <= place - 4) row--;
    ends[row] = place + widths[index];
    return row;
  });
}

/** Of a fault before which there was too little of the run nobody can say when service was as good again. */
const openText = ({ hasBaseline }: Failover): string => (hasBaseline === false ? 'unknown' : 'not recovered');

/** One failover in a room of `room` pixels; `onSeek` goes to a moment of the stage. */
export function failoverStrip(
  failover: Failover,
  stageEnd: number,
  room: number,
  onSeek: (time: number) => void,
): HTMLElement {
  const width = Math.max(280, room);
  const steps = stepsOf(failover);
  const last = steps[steps.length - 1].after;
  const isOpen = failover.recoveredAfterSeconds === null;
  const until = Math.max(0.001, isOpen ? Math.max(last, stageEnd - failover.atSeconds) : last * 1.08);
  const x = (after: number) => 8 + (after / until) * (width - 130);
  const rows = labelRows(
    steps.map(({ after }) => x(after)),
    steps.map(({ name }) => name.length * 7 + 60),
  );
  const repaired = failover.recoveredAfterSeconds ?? until;
  const y = 12 + 18 * (Math.max(...rows) + 1);
  const svg = s(
    'svg',
    { viewBox: `0 0 ${width} ${y + 24}`, 'aria-hidden': true },
    s('rect', { class: 'strip-rail', x: x(0), y: y - 5, width: width - x(0), height: 10, rx: 5 }),
    s('rect', {
      class: isOpen ? 'strip-broken open' : 'strip-broken',
      x: x(0),
      y: y - 5,
      width: x(repaired) - x(0),
      height: 10,
      rx: 5,
    }),
    ...steps.flatMap((step, index) => stepMarks(step, x(step.after), y, rows[index])),
  );
  const figures = [
    ['RTO', isOpen ? openText(failover) : secondsText(failover.recoveredAfterSeconds)],
    ['RPO', secondsText(failover.rpoSeconds)],
    ['requests failed', whole(failover.requestsFailed)],
    ['acknowledged writes lost', whole(failover.acknowledgedWritesLost)],
    ['stale reads', whole(failover.staleReads)],
    ...(failover.conflicts > 0 ? [['conflicts', whole(failover.conflicts)]] : []),
    ...(failover.duplicates > 0 ? [['done twice', whole(failover.duplicates)]] : []),
    ...(failover.writesDiscarded > 0 ? [['discarded on return', whole(failover.writesDiscarded)]] : []),
    ...(failover.failback
      ? [['without writes in the failback', secondsText(failover.failback.unavailableSeconds)]]
      : []),
    ...(failover.metastable
      ? [['metastable', `after ${secondsText(failover.metastable.afterSeconds)} still down`]]
      : []),
  ];
  return h(
    'article',
    { class: 'failover card' },
    h(
      'div',
      { class: 'bar' },
      h('h3', { class: 'grow' }, `${failover.fault}, at ${momentText(failover.atSeconds, stageEnd)}`),
      button('Go there', () => onSeek(failover.atSeconds - 1), {}, 'Go there'),
    ),
    h('div', { class: 'strip' }, svg),
    h('dl', { class: 'facts' }, ...figures.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
    story(failover),
  );
}

function stepMarks(step: Step, x: number, y: number, row: number): SVGElement[] {
  const top = 12 + 18 * row;
  return [
    s('line', { class: 'strip-stem', x1: x, x2: x, y1: top - 8, y2: y + 8 }),
    s(
      'text',
      { class: 'strip-name', x: x + 5, y: top },
      `${step.name} ${step.after === 0 ? '' : `+${secondsText(step.after)}`}`,
    ),
  ];
}

function story(failover: Failover): HTMLElement {
  const moments = momentsOf(failover);
  return h(
    'details',
    {},
    h('summary', {}, `What happened, in order (${plural(moments.length, 'moment')})`),
    h(
      'table',
      { 'aria-label': 'What happened' },
      h(
        'thead',
        {},
        h('tr', {}, h('th', { scope: 'col', class: 'value' }, 'after'), h('th', { scope: 'col' }, 'what')),
      ),
      h(
        'tbody',
        {},
        ...moments.map(({ afterSeconds, what }) =>
          h('tr', {}, h('td', { class: 'value' }, secondsText(afterSeconds)), h('td', {}, what)),
        ),
      ),
    ),
  );
}
