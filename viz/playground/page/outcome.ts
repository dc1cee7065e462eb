/** What came of the stage: the verdict, what exactly was simulated, and the figures, beside those without the changes. */
import {
  availabilityText,
  duration,
  money,
  percent,
  plural,
  rate,
  secondsText,
  short,
} from '../../../reports/format.ts';
import { outcomeOf, reasonOf, type Outcome } from '../../../reports/outcome.ts';
import type { StageResult } from '../../../sim/index.ts';
import { h } from '../../replay/dom.ts';
import { signIcon, signOf } from './chapters.ts';
import { refill } from './refill.ts';
import { isChanged, isWhole, stageOf, type Shown, type State } from './state.ts';

const words: Record<Outcome, [text: string, kind: string]> = {
  pass: ['It holds', 'ok'],
  held: ['It holds, against expectation', 'ok'],
  fail: ['It breaks', 'bad'],
  breaks: ['It breaks, as the lesson wants', 'bad'],
  inconclusive: ['Too uncertain to say', 'busy'],
  partial: ['Ended early', 'busy'],
  unjudged: ['No threshold to judge by', 'idle'],
};

interface Actions {
  whole(): void;
  stop(): void;
}

export function outcome(actions: Actions) {
  const headline = h('div', { class: 'headline-box' });
  const status = h('p', { class: 'extent soft small', role: 'status' });
  const bar = h('div', {
    class: 'progress',
    role: 'progressbar',
    'aria-label': 'Simulating',
    'aria-valuemin': 0,
    'aria-valuemax': 100,
  });
  const figures = h('dl', { class: 'tiles' });
  const refusal = h('div', { class: 'refusal', role: 'alert' });
  const element = h('section', { class: 'outcome', 'aria-label': 'Outcome' }, headline, bar, refusal, figures, status);
  let drawn: unknown[] = [];

  const draw = (state: State) => {
    drawProgress(bar, state.progress);
    const seen = [
      state.shown,
      state.before,
      state.outline,
      state.stage,
      state.refusal,
      state.progress === null,
      isChanged(state),
    ];
    if (seen.every((one, index) => one === drawn[index]) && drawn.length > 0) return;
    drawn = seen;
    refill(headline, ...headlineOf(state));
    drawRefusal(refusal, state);
    element.classList.toggle('stale', state.shown !== null && (state.progress !== null || state.refusal !== null));
    refill(figures, ...(state.shown ? tiles(state.shown, beforeOf(state)) : []));
    refill(status, ...extentText(state, actions));
  };
  return { element, draw };
}

function drawProgress(bar: HTMLElement, share: number | null): void {
  bar.hidden = share === null;
  if (share === null) return;
  bar.style.setProperty('--share', String(share));
  bar.setAttribute('aria-valuenow', String(Math.round(share * 100)));
}

function headlineOf(state: State): HTMLElement[] {
  const { shown } = state;
  const stage = stageOf(state);
  if (stage === null)
    return [h('h1', {}, state.problems.length > 0 ? 'This scenario has errors' : 'Reading the scenario …')];
  const [text, kind] = verdictOf(shown);
  const chip = h('span', { class: `chip ${kind}` }, signIcon(signOf(shown)), text);
  const reason = shown && isWhole(shown) ? reasonOf(shown.stage) : '';
  return [
    h('div', { class: 'title-row' }, h('h1', {}, stage.name), chip),
    h('p', { class: 'teaches' }, isChanged(state) ? '' : stage.teaches),
    h('p', { class: 'reason' }, reason),
  ];
}

function verdictOf(shown: Shown | null): [text: string, kind: string] {
  if (!shown) return ['Simulating …', 'idle'];
  return isWhole(shown) ? words[outcomeOf(shown.stage)] : ['A first look, no verdict', 'idle'];
}

/** What the figures are compared with: the same span of the same stage, without the changes. */
function beforeOf(state: State): StageResult | null {
  const { shown, before } = state;
  if (!shown || !before || !isChanged(state)) return null;
  return shown.extent.windowSeconds === before.extent.windowSeconds ? before.stage : null;
}

function tiles({ stage }: Shown, before: StageResult | null): HTMLElement[] {
  const tile = (name: string, figure: (it: StageResult) => string, note = '') => {
    const [now, then] = [figure(stage), before ? figure(before) : ''];
    const was = before && then !== now ? h('dd', { class: 'was' }, `was ${then}`) : null;
    return h('div', {}, h('dt', {}, name), h('dd', {}, now), was ?? h('dd', { class: 'was' }, note));
  };
  return [
    tile('median latency', (it) => duration(it.latencyMs.p50)),
    tile('p99 latency', (it) => duration(it.latencyMs.p99)),
    tile('availability', (it) => availabilityText(it.availability)),
    tile('goodput', (it) => `${rate(it.goodputPerSecond)}/s`, `of ${rate(stage.demandPerSecond)}/s wanted`),
    tile('busiest', (it) => hottestOf(it), stage.verdict.hottest?.resource ?? ''),
    tile('cost a month', (it) => money(it.costPerMonth)),
  ];
}

function hottestOf({ verdict: { hottest } }: StageResult): string {
  return hottest ? `${hottest.component} ${percent(hottest.utilization)} %` : '–';
}

/** Says exactly what was simulated; offers the rest where it was left out. */
function extentText(state: State, actions: Actions): (Node | string)[] {
  const { shown } = state;
  if (!shown) return [];
  const { stage, extent, tookMs } = shown;
  const { windowSeconds, wholeSeconds, warmupSeconds, goesOn, faultsLater, wholeEvents } = extent;
  const all = isWhole(shown);
  const what = all
    ? `All ${secondsText(wholeSeconds)}`
    : `The first ${secondsText(windowSeconds)} of ${secondsText(wholeSeconds)}`;
  const parts = [
    `${what} simulated, after ${secondsText(warmupSeconds)} of warm-up, request by request: `,
    `${plural(stage.requests.offered, 'request')}, ${short(stage.events)} events in ${duration(Math.round(tookMs))}. `,
  ];
  if (faultsLater.length > 0) parts.push(`Not reached: ${faultsLater.join(', ')}. `);
  if (state.progress !== null) {
    return [...parts, goesOn ? 'The whole stage is being simulated now. ' : '', action('Stop', actions.stop)];
  }
  return all ? parts : [...parts, action(`Simulate all of it (${short(wholeEvents)} events)`, actions.whole)];
}

function action(text: string, act: () => void): HTMLElement {
  const button = h('button', { type: 'button', class: 'quiet inline', 'data-key': text }, text);
  button.addEventListener('click', act);
  return button;
}

function drawRefusal(element: HTMLElement, { refusal }: State): void {
  element.hidden = refusal === null;
  if (refusal === null) return element.replaceChildren();
  const items = refusal.problems
    .slice(0, 5)
    .map(({ message, hint }) => h('li', {}, hint ? `${message} (${hint})` : message));
  element.replaceChildren(h('strong', {}, `Not simulated: ${refusal.message}.`), h('ul', {}, ...items));
}
