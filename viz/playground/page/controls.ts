/**
 * The controls of a stage: sliders, choices and switches made from its settings. They are built once for a stage and
 * then only told their values, so that a slider keeps the hand that is on it.
 */
import { h, put, write } from '../../replay/dom.ts';
import type { Knob } from '../scenario/knobs.ts';
import type { Path, Value } from '../scenario/tree.ts';
import { fileValueOf, isChanged, stageOf, type State, valueOf } from './state.ts';

interface Actions {
  change(path: Path, value: Value, fileValue: Value): void;
  reset(): void;
}

/** One control, and how to tell it its value. */
interface Control {
  element: HTMLElement;
  draw(state: State): void;
}

export function controls(actions: Actions) {
  const body = h('div', { class: 'knobs' });
  const resetButton = h('button', { type: 'button', class: 'quiet' }, 'Undo all');
  resetButton.addEventListener('click', actions.reset);
  const changed = h('span', { class: 'soft small', role: 'status' });
  const element = h(
    'div',
    {},
    body,
    h('div', { class: 'bar changed' }, changed, h('span', { class: 'grow' }), resetButton),
  );
  let built: unknown = null;
  let all: Control[] = [];

  const draw = (state: State) => {
    const stage = stageOf(state);
    if (stage !== built) {
      built = stage;
      all = [];
      body.replaceChildren(...(stage ? groupsOf(stage.knobs, (knob) => add(knob)) : []));
    }
    for (const control of all) control.draw(state);
    const count = state.changes.length + state.kills.length;
    resetButton.hidden = !isChanged(state);
    write(changed, count === 0 ? '' : `${count} ${count === 1 ? 'change' : 'changes'} to the scenario`);
  };

  function add(knob: Knob): HTMLElement {
    const control = controlOf(knob, actions);
    all.push(control);
    return control.element;
  }
  return { element, draw };
}

/** The first ones by name of client or component; all others folded away beneath theirs. */
function groupsOf(knobs: readonly Knob[], add: (knob: Knob) => HTMLElement): HTMLElement[] {
  const names = [...new Set(knobs.map(({ group }) => group))];
  return names.map((name) => {
    const own = knobs.filter(({ group }) => group === name);
    const first = own.filter(({ isFirst }) => isFirst).map(add);
    const more = own.filter(({ isFirst }) => !isFirst).map(add);
    const folded = more.length === 0 ? null : h('details', {}, h('summary', {}, `${more.length} more`), ...more);
    const title = name === '' ? 'Run, network and faults' : name;
    return h('section', { class: 'knob-group', 'aria-label': title }, h('h3', {}, title), ...first, folded);
  });
}

function controlOf(knob: Knob, actions: Actions): Control {
  if (knob.kind === 'slider') return slider(knob, actions);
  return knob.kind === 'choice' ? choice(knob, actions) : toggle(knob, actions);
}

const nameOf = ({ group, label }: Knob): string => (group === '' ? label : `${group}: ${label}`);

/** A value as a person reads it. */
function textOf(value: Value): string {
  return value === null ? 'not set' : String(value);
}

/** Label on the left, value on the right, and what the file says, to go back to, when it differs. */
function frame(knob: Knob, actions: Actions, input: HTMLElement, className: string) {
  const value = h('output', { class: 'knob-value' });
  const back = h('button', { type: 'button', class: 'quiet back', 'aria-label': `${nameOf(knob)}: back to the file` });
  back.addEventListener('click', () => actions.change(knob.path, fileValueOf(knob), fileValueOf(knob)));
  const label = h('span', { class: 'knob-label', title: knob.help }, knob.label);
  const element = h('div', { class: `knob ${className}` }, h('div', { class: 'knob-head' }, label, back, value), input);
  const draw = (state: State) => {
    const now = valueOf(state, knob);
    const isMoved = now !== fileValueOf(knob);
    write(value, textOf(now));
    write(back, `was ${textOf(fileValueOf(knob))}`);
    back.hidden = !isMoved;
    element.classList.toggle('moved', isMoved);
  };
  return { element, draw };
}

function slider(knob: Extract<Knob, { kind: 'slider' }>, actions: Actions): Control {
  const { stops } = knob;
  const input = h('input', {
    type: 'range',
    min: 0,
    max: stops.length - 1,
    step: 1,
    'aria-label': nameOf(knob),
    title: knob.help,
  });
  const around = frame(knob, actions, input, 'slider');
  input.addEventListener('input', () => actions.change(knob.path, stops[Number(input.value)], fileValueOf(knob)));
  const draw = (state: State) => {
    around.draw(state);
    const now = valueOf(state, knob);
    const at = Math.max(0, stops.indexOf(now as string | number | null));
    if (Number(input.value) !== at) input.value = String(at);
    put(input, 'aria-valuetext', textOf(now));
    input.style.setProperty('--at', String(stops.length > 1 ? at / (stops.length - 1) : 0));
  };
  return { element: around.element, draw };
}

function choice(knob: Extract<Knob, { kind: 'choice' }>, actions: Actions): Control {
  const select = h('select', { 'aria-label': nameOf(knob), title: knob.help });
  select.append(...knob.options.map((option) => h('option', { value: option }, option.replaceAll('-', ' '))));
  const around = frame(knob, actions, select, 'choice');
  select.addEventListener('change', () => actions.change(knob.path, select.value, knob.value));
  const draw = (state: State) => {
    around.draw(state);
    select.value = String(valueOf(state, knob));
  };
  return { element: around.element, draw };
}

function toggle(knob: Extract<Knob, { kind: 'switch' }>, actions: Actions): Control {
  const input = h('input', { type: 'checkbox', 'aria-label': nameOf(knob), title: knob.help });
  const around = frame(knob, actions, input, 'switch');
  input.addEventListener('change', () => actions.change(knob.path, input.checked, knob.value));
  const draw = (state: State) => {
    around.draw(state);
    input.checked = valueOf(state, knob) === true;
  };
  return { element: around.element, draw };
}
