/** The playground: a scenario, its controls, and what comes of them, simulated in this page. */
import { h, write } from '../../replay/dom.ts';
import { fragmentOf, LinkError, sharedIn } from '../share/link.ts';
import { chapters } from './chapters.ts';
import { controls } from './controls.ts';
import { editor } from './editor.ts';
import { type Supplies, supplies } from './launch.ts';
import { machines } from './machines.ts';
import { menu } from './menu.ts';
import { outcome } from './outcome.ts';
import { refill } from './refill.ts';
import { replay } from './replay.ts';
import { Session } from './session.ts';
import type { State } from './state.ts';
import { tables } from './tables.ts';
import { themeButton } from './theme.ts';

const main = 'progression';

async function start(): Promise<void> {
  const root = document.querySelector<HTMLElement>('#app')!;
  root.className = 'tf tf-page play';
  try {
    await open(root, await supplies());
  } catch (error) {
    root.replaceChildren(
      h('p', { class: 'notice', role: 'alert' }, `The playground could not start: ${(error as Error).message}.`),
    );
  }
}

async function open(root: HTMLElement, { scenarios, startWorker }: Supplies): Promise<void> {
  let queued = 0;
  const session = new Session(scenarios, () => (queued ||= requestAnimationFrame(drawAll)), startWorker);
  const { state } = session;
  const kills = {
    kill: (target: string) => session.kill(target, film.moment()),
    revive: (target: string) => session.revive(target),
  };
  const film = replay(kills);
  const theme = themeButton(root, film.setTheme);
  const parts = [
    header(session, theme),
    chapters((stage) => session.choose(stage)),
    side(session),
    outcome({ whole: () => session.run(true), stop: () => session.stop() }),
    machines(kills),
    film,
    tables((stage) => session.choose(stage)),
  ];
  const [top, stages, settings, ...results] = parts.map(({ element }) => element);
  const right = h('div', { class: 'results' }, ...results);
  root.replaceChildren(
    h('div', { class: 'frame' }, top, h('main', {}, stages, h('div', { class: 'columns' }, settings, right))),
  );
  function drawAll(): void {
    queued = 0;
    for (const part of parts) part.draw(state);
  }
  await openLink(session);
  addEventListener('hashchange', () => void openLink(session));
}

/** Opens what the fragment holds, or else the progression. */
async function openLink(session: Session): Promise<void> {
  const { catalogue } = session.state;
  try {
    const shared = await sharedIn(location.hash);
    if (shared !== null) {
      const text = shared.text ?? (Object.hasOwn(catalogue, shared.name) ? catalogue[shared.name] : null);
      if (text === null) throw new LinkError('this link is about a scenario that this Tenfold does not have');
      return session.open(shared.name, text, shared);
    }
  } catch (error) {
    session.state.notice = error instanceof LinkError ? `${error.message}.` : 'This link could not be read.';
  }
  if (session.state.outline === null) session.open(main, catalogue[main] ?? Object.values(catalogue)[0]);
}

/** The name, the choice of a scenario, the link to share. */
function header(session: Session, theme: HTMLElement) {
  const choice = menu((name, text) => {
    history.replaceState(null, '', location.pathname);
    session.state.notice = '';
    session.open(name, text);
  });
  const share = h('button', { type: 'button' }, 'Copy link');
  const notice = h('p', { class: 'share-notice small', role: 'status' });
  share.addEventListener('click', () => void copyLink(session, notice));
  const bar = h(
    'div',
    { class: 'bar' },
    h('span', { class: 'mark' }, 'Tenfold'),
    h('span', { class: 'soft product' }, 'playground'),
    choice.element,
    h('span', { class: 'grow' }),
    share,
    theme,
  );
  const element = h('header', {}, bar, notice);
  const draw = (state: State) => {
    choice.draw(state);
    write(notice, state.notice);
  };
  return { element, draw };
}

async function copyLink(session: Session, notice: HTMLElement): Promise<void> {
  const { state } = session;
  try {
    const isShipped = state.catalogue[state.name] === state.text;
    const { name, text, stage, changes, kills } = state;
    const fragment = await fragmentOf({ name, text: isShipped ? null : text, stage, changes, kills });
    history.replaceState(null, '', fragment);
    await navigator.clipboard.writeText(location.href);
    state.notice = 'The link is copied; it holds everything, and nothing of it is sent to a server.';
  } catch (error) {
    state.notice =
      error instanceof LinkError ? `${error.message}.` : 'The link stands in the address bar; copy it from there.';
  }
  write(notice, state.notice);
}

/** Sliders or text, of which one is on show; on a narrow screen, where it would be in the way, it can be put away. */
function side(session: Session) {
  const knobs = controls({
    change: (path, value, fileValue) => session.change(path, value, fileValue),
    reset: () => session.reset(),
  });
  const sheet = editor((text) => session.edit(text));
  const tabs = h('div', { class: 'tabs', role: 'group', 'aria-label': 'Sliders or text' });
  const body = h('div', {});
  const element = h('section', { class: 'settings card', 'aria-label': 'Settings' }, tabs, body);
  const narrow = matchMedia('(max-width: 860px)');
  let shown: 'sliders' | 'text' | 'nothing' = narrow.matches ? 'nothing' : 'sliders';
  const show = (wanted: typeof shown) => {
    shown = wanted === shown && narrow.matches ? 'nothing' : wanted;
    element.classList.toggle('wide', shown === 'text');
    refill(body, shown === 'text' ? sheet.element : shown === 'sliders' ? knobs.element : null);
    draw(session.state);
  };
  const drawTabs = ({ problems }: State) => {
    const errors = problems.filter(({ severity }) => severity === 'error').length;
    const text = errors > 0 ? `YAML (${errors} ${errors === 1 ? 'error' : 'errors'})` : 'YAML';
    const tab = (name: string, wanted: typeof shown) => {
      const one = h('button', { type: 'button', 'aria-pressed': String(shown === wanted), 'data-key': wanted }, name);
      one.addEventListener('click', () => show(wanted));
      return one;
    };
    refill(tabs, tab('Sliders', 'sliders'), tab(text, 'text'));
  };
  const draw = (state: State) => {
    drawTabs(state);
    knobs.draw(state);
    if (shown === 'text') sheet.draw(state);
  };
  refill(body, shown === 'sliders' ? knobs.element : null);
  return { element, draw };
}

void start();
