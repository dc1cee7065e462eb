/** The choice of a scenario: the shipped ones, and beneath each the texts that were made from it. */
import { h } from '../../replay/dom.ts';
import { type Draft, labelOf } from './drafts.ts';
import type { State } from './state.ts';

/** The menu; `open` is told the name and the text that were chosen. */
export function menu(open: (name: string, text: string) => void) {
  const select = h('select', { 'aria-label': 'Scenario' });
  let choices: Choice[] = [];
  let drawn = '';
  select.addEventListener('change', () => {
    const chosen = choices.find(({ value }) => value === select.value);
    if (chosen) open(chosen.name, chosen.text());
  });
  const draw = (state: State) => {
    choices = choicesOf(state);
    const labels = choices.map(({ label }) => label).join('\n');
    if (labels !== drawn) select.replaceChildren(...choices.map(({ value, label }) => h('option', { value }, label)));
    drawn = labels;
    select.value = choices.find(({ name, draft }) => name === state.name && draft === state.draft)?.value ?? '';
  };
  return { element: select, draw };
}

interface Choice {
  /** No two have the same. */
  value: string;
  name: string;
  /** null: as it is shipped. */
  draft: Draft | null;
  label: string;
  text(): string;
}

function choicesOf({ catalogue, drafts }: State): Choice[] {
  const made = drafts.all.map(
    (draft, index): Choice => ({
      value: `draft ${index}`,
      name: draft.name,
      draft,
      label: drafts.labelOf(draft),
      text: () => draft.text,
    }),
  );
  const shipped = Object.keys(catalogue).flatMap((name): Choice[] => [
    { value: name, name, draft: null, label: labelOf(name), text: () => catalogue[name] },
    ...made.filter((one) => one.name === name),
  ]);
  return [...shipped, ...made.filter(({ name }) => !Object.hasOwn(catalogue, name))];
}
