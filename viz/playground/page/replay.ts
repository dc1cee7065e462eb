/**
 * The run over time, in the view of the replay page. It outlives the runs: a new one is shown at the same moment, so
 * that one sees what a slider changed; and what it shows now is when a kill happens.
 */
import { decodeRecording } from '../../../sim/recording/decode.ts';
import { h } from '../../replay/dom.ts';
import type { Theme } from '../../replay/theme.ts';
import { mount, type View } from '../../replay/view.ts';
import { stageOf, type State } from './state.ts';

/** More buttons than this are no choice. */
const mostTargets = 8;

interface Actions {
  kill(target: string): void;
  revive(target: string): void;
}

export function replay(actions: Actions) {
  const room = h('div', { class: 'replay' });
  const notice = h('p', { class: 'notice', role: 'alert', hidden: true });
  const element = h('section', { 'aria-label': 'The run over time' }, notice, room);
  let view: View | null = null;
  let theme: Theme = 'light';
  let drawn: unknown = null;
  let stage: unknown = null;
  let state: State | null = null;

  /** What can be done to a component from its panel. */
  const actionsOf = (component: string) => {
    const instances = state ? (stageOf(state)?.components.find(({ name }) => name === component)?.instances ?? 0) : 0;
    const one = Array.from({ length: Math.min(instances, mostTargets) }, (_, index) => `${component}#${index + 1}`);
    return (instances > 1 ? [...one, component] : [component]).map((target) => {
      const isDead = state?.kills.some((kill) => kill.target === target) ?? false;
      const name = instances > 1 && target === component ? `all of ${component}` : target;
      return isDead
        ? { label: `Bring ${name} back`, run: () => actions.revive(target) }
        : { label: `Kill ${name} now`, run: () => actions.kill(target) };
    });
  };

  const draw = (now: State) => {
    state = now;
    const text = now.shown?.recording ?? null;
    element.hidden = text === null;
    if (text === null || text === drawn) return;
    drawn = text;
    const { recording, problems } = decodeRecording(text);
    notice.hidden = recording !== null;
    notice.textContent = problems.join(' ');
    if (recording === null) return;
    // Another stage begins at its beginning; the same one with other settings goes on where it is.
    if (view && stage === stageOf(now)) return view.update(recording, problems);
    view?.destroy();
    stage = stageOf(now);
    view = mount(room, recording, { embedded: true, problems, actions: actionsOf });
    view.setTheme(theme);
  };
  return {
    element,
    draw,
    /** The moment on show, in seconds of the window. */
    moment: () => view?.time() ?? 0,
    setTheme: (wanted: Theme) => {
      theme = wanted;
      view?.setTheme(theme);
    },
  };
}
