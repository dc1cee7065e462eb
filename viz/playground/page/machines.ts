/** The components with their instances as cells. A click on a cell takes the power from it at the chosen moment. */
import { percent, plural, rate, secondsText, duration } from '../../../reports/format.ts';
import type { ComponentResult } from '../../../sim/index.ts';
import { h } from '../../replay/dom.ts';
import type { Kill } from '../worker/messages.ts';
import { refill } from './refill.ts';
import { stageOf, type State } from './state.ts';

/** More instances than this are killed by the dozen, not one by one. */
const mostCells = 24;

interface Actions {
  kill(kill: Kill): void;
  revive(target: string): void;
}

export function machines(actions: Actions) {
  const list = h('ul', { class: 'machines' });
  const hint = h('p', { class: 'small soft' });
  const element = h('section', { 'aria-label': 'Components' }, h('h2', {}, 'Components'), hint, list);
  let drawn: unknown[] = [];

  const draw = (state: State) => {
    const stage = stageOf(state);
    const seen = [stage, state.shown, state.kills, state.moment];
    if (seen.every((one, index) => one === drawn[index]) && drawn.length > 0) return;
    drawn = seen;
    hint.textContent = `Click an instance to take its power away at ${secondsText(state.moment)}; click it again to undo. The cursor of the charts sets the moment.`;
    refill(
      list,
      ...(stage?.components ?? []).map(({ name, type, instances }) => {
        const measured = state.shown?.stage.components.find((one) => one.name === name) ?? null;
        const head = h(
          'div',
          { class: 'machine-head' },
          h('strong', {}, name),
          h('span', { class: 'soft small' }, type),
        );
        return h(
          'li',
          { class: 'card machine' },
          head,
          cells(name, instances, measured, state, actions),
          facts(measured),
        );
      }),
    );
  };
  return { element, draw };
}

function cells(
  name: string,
  instances: number,
  measured: ComponentResult | null,
  state: State,
  actions: Actions,
): HTMLElement {
  const single = instances === 1;
  const shown = Math.min(instances, mostCells);
  const targets = single ? [name] : Array.from({ length: shown }, (_, index) => `${name}#${index + 1}`);
  const load = measured?.utilization ?? 0;
  const buttons = targets.map((target) => cell(target, load, state, actions));
  const rest = instances > shown ? h('span', { class: 'small soft' }, `+ ${instances - shown}`) : null;
  return h('div', { class: 'cells' }, ...buttons, rest);
}

function cell(target: string, load: number, state: State, actions: Actions): HTMLElement {
  const kill = state.kills.find((one) => one.target === target);
  const said = kill
    ? `${target} loses power at ${secondsText(kill.atSeconds)}; bring it back`
    : `Take the power from ${target} at ${secondsText(state.moment)}`;
  const heat = load >= 0.95 ? 'bad' : load >= 0.8 ? 'busy' : 'ok';
  const button = h('button', {
    type: 'button',
    class: `cell ${heat}`,
    'aria-pressed': String(kill !== undefined),
    'aria-label': said,
    title: said,
    'data-key': target,
  });
  button.style.setProperty('--load', String(Math.min(1, load)));
  button.addEventListener('click', () => {
    if (kill) actions.revive(target);
    else actions.kill({ target, atSeconds: state.moment, forSeconds: null });
  });
  return button;
}

function facts(measured: ComponentResult | null): HTMLElement {
  if (!measured) return h('p', { class: 'small soft' }, ' ');
  const { bottleneck, utilization, queueMean, arrivals, sojournMs, errors } = measured;
  const busy = `${bottleneck} ${percent(utilization)} % busy`;
  const queue = queueMean >= 0.05 ? `, ${rate(queueMean)} waiting` : '';
  const errorText = errors > 0 ? `, ${plural(errors, 'error')}` : '';
  return h(
    'p',
    { class: 'small' },
    `${busy}${queue}`,
    h('br'),
    h('span', { class: 'soft' }, `${rate(arrivals)} arrivals, p99 ${duration(sojournMs.p99)}${errorText}`),
  );
}
