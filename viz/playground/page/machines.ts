/** All instances in one row of cells, filled by their load. A click takes the power from one at the moment on show. */
import { percent, secondsText } from '../../../reports/format.ts';
import { h } from '../../replay/dom.ts';
import { refill } from './refill.ts';
import { stageOf, type State } from './state.ts';

/** More instances than this are not killed one by one. */
const mostCells = 20;

interface Actions {
  kill(target: string): void;
  revive(target: string): void;
}

export function machines(actions: Actions) {
  const list = h('ul', { class: 'machines' });
  const title = h(
    'p',
    { class: 'small soft', id: 'kill-title' },
    'Click an instance to cut its power at the moment on show:',
  );
  const element = h('section', { class: 'kill', 'aria-labelledby': 'kill-title' }, title, list);
  let drawn: unknown[] = [];

  const draw = (state: State) => {
    const stage = stageOf(state);
    const seen = [stage, state.shown, state.kills];
    if (seen.every((one, index) => one === drawn[index]) && drawn.length > 0) return;
    drawn = seen;
    element.hidden = stage === null;
    refill(list, ...(stage?.components ?? []).map(({ name, instances }) => row(name, instances, state, actions)));
  };
  return { element, draw };
}

function row(name: string, instances: number, state: State, actions: Actions): HTMLElement {
  const measured = state.shown?.stage.components.find((one) => one.name === name);
  const shown = Math.min(instances, mostCells);
  const targets = instances === 1 ? [name] : Array.from({ length: shown }, (_, index) => `${name}#${index + 1}`);
  const rest = instances > shown ? h('span', { class: 'small soft' }, `+ ${instances - shown}`) : null;
  const load = measured?.utilization ?? 0;
  const title = measured ? `${measured.bottleneck} ${percent(load)} % busy` : name;
  const cells = targets.map((target) => cell(target, load, state, actions));
  return h('li', {}, h('strong', { title }, name), ...cells, rest);
}

function cell(target: string, load: number, state: State, actions: Actions): HTMLElement {
  const kill = state.kills.find((one) => one.target === target);
  const said = kill
    ? `${target} loses power at ${secondsText(kill.atSeconds)}; bring it back`
    : `Take the power from ${target} now`;
  const heat = load >= 0.95 ? 'bad' : load >= 0.8 ? 'busy' : 'ok';
  const pressed = String(kill !== undefined);
  const names = { 'aria-pressed': pressed, 'aria-label': said, title: said, 'data-key': target };
  const button = h('button', { type: 'button', class: `cell ${heat}`, ...names });
  button.style.setProperty('--load', String(Math.min(1, load)));
  button.addEventListener('click', () => (kill ? actions.revive(target) : actions.kill(target)));
  return button;
}
