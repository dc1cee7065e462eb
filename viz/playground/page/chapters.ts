/** The stages as chapters across the page: how each ended as far as it was simulated, and which one is open. */
import { outcomeOf } from '../../../reports/outcome.ts';
import { h, s } from '../../replay/dom.ts';
import { isWhole, type Shown, type State } from './state.ts';
import { refill } from './refill.ts';

/** Shapes as well as colours: a tick, a cross, a ring for what was not simulated yet. */
const signs = {
  good: 'M2 6.5 4.8 9.5 10 3',
  bad: 'M2.5 2.5 9.5 9.5M9.5 2.5 2.5 9.5',
  unknown: 'M6 2.5a3.5 3.5 0 1 0 .01 0',
};

export type Sign = keyof typeof signs;

export function signOf(shown: Shown | undefined | null): Sign {
  if (!shown || !isWhole(shown)) return 'unknown';
  const outcome = outcomeOf(shown.stage);
  if (outcome === 'unjudged' || outcome === 'partial' || outcome === 'inconclusive') return 'unknown';
  return outcome === 'pass' || outcome === 'held' ? 'good' : 'bad';
}

export function signIcon(sign: Sign): SVGSVGElement {
  return s(
    'svg',
    { class: `sign-icon ${sign}`, viewBox: '0 0 12 12', width: 12, height: 12, 'aria-hidden': 'true' },
    s('path', { d: signs[sign] }),
  );
}

/** With more stages than this, only the open one has room for its name. */
const MANY = 9;

const words: Record<Sign, string> = { good: 'holds', bad: 'breaks', unknown: '' };

export function chapters(choose: (stage: number) => void) {
  const list = h('ol');
  const element = h('nav', { class: 'chapters', 'aria-label': 'Stages' }, list);
  const draw = (state: State) => {
    const stages = state.outline?.stages ?? [];
    element.hidden = stages.length < 2;
    list.className = stages.length > MANY ? 'many' : '';
    refill(
      list,
      ...stages.map(({ name }, index) => {
        const sign = signOf(state.stages.get(index));
        const label = h(
          'span',
          { class: 'label', 'aria-hidden': true },
          signIcon(sign),
          h('b', {}, String(index + 1)),
          h('span', { class: 'name' }, name),
        );
        const said = h('span', { class: 'hidden-text' }, `${index + 1} ${name}${words[sign] && `, ${words[sign]}`}`);
        const button = h('button', { type: 'button', title: name, 'data-key': `stage ${index}` }, label, said);
        if (index === state.stage) button.setAttribute('aria-current', 'true');
        button.addEventListener('click', () => choose(index));
        return h('li', {}, button);
      }),
    );
  };
  return { element, draw };
}
