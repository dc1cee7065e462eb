/**
 * The page as a whole: chapters, one stage or two, the clock, requests and failovers. `mount` puts it into any element,
 * can be fed another recording, and leaves nothing behind when it is taken down.
 */
import type { Recording, StageRecording } from '../../sim/recording/format.ts';
import { plural } from '../../reports/format.ts';
import { topOf } from './charts/chart.ts';
import { coarsened } from './data/coarse.ts';
import { type Address, addressOf, fragmentOf } from './data/fragment.ts';
import { button, h } from './dom.ts';
import { type Command, commandOf } from './keys.ts';
import { type Pane, pane } from './pane.ts';
import { chapterBar } from './panels/chapters.ts';
import type { ComponentAction } from './panels/component.ts';
import { failoverStrip } from './panels/failover.ts';
import { helpDialog } from './panels/help.ts';
import { type RequestsPanel, requestsPanel } from './panels/requests.ts';
import { systemTheme, type Theme } from './theme.ts';
import { advanced, clamped, nextSpeed, type Playback, speedFor } from './time/playback.ts';
import { endOf, startOf, stepped } from './time/slices.ts';
import { transport } from './time/transport.ts';

export interface MountOptions {
  /** Keep the place in the address of the page. */
  address?: boolean;
  /** What is said above everything else: what is wrong with the recording. */
  problems?: readonly string[];
  /** Buttons in the panel of a component. */
  actions?(component: string, stage: number): readonly ComponentAction[];
  /** The page's own heading is left out where it stands inside another page. */
  embedded?: boolean;
}

export interface View {
  /** Shows another recording, at the same stage, moment and selection as far as they exist in it. */
  update(recording: Recording, problems?: readonly string[]): void;
  /** The moment on show, in seconds from the end of the warm-up. */
  time(): number;
  /** For a page that has a theme of its own. */
  setTheme(theme: Theme): void;
  destroy(): void;
}

/** Puts the view of a recording into `root`, whose content it replaces. */
export function mount(root: HTMLElement, recording: Recording, options: MountOptions = {}): View {
  const page = new Page(root, recording, options);
  return {
    update: (next, problems) => page.load(next, problems ?? []),
    time: () => page.time,
    setTheme: (theme) => page.setTheme(theme),
    destroy: () => page.destroy(),
  };
}

class Page {
  private readonly frame = h('div', { class: 'frame' });
  private readonly stopped = new AbortController();
  private readonly sizes = new ResizeObserver(() => this.fit());
  private readonly help = helpDialog();
  private readonly bar = transport({
    toggle: () => this.toggle(),
    step: (direction, far) => this.step(direction, far),
    seek: (time) => this.seek(time),
    hover: (time) => this.hover(time),
    speed: (direction) => this.accelerate(direction),
  });
  private recording: Recording;
  private readonly shown = new Map<number, StageRecording>();
  private at: Address = { stage: 0, time: null, component: null, request: null, compare: null };
  private playback: Playback = { time: 0, playing: false, speed: 1 };
  private panes: Pane[] = [];
  private requests: RequestsPanel | null = null;
  private frameRequest = 0;
  private lastFrame = 0;
  private addressTimer = 0;
  private theme: Theme = systemTheme();

  constructor(
    private readonly root: HTMLElement,
    recording: Recording,
    private readonly options: MountOptions,
  ) {
    this.recording = recording;
    root.classList.add('tf');
    root.classList.toggle('tf-page', options.embedded !== true);
    root.dataset.theme = this.theme;
    root.replaceChildren(this.frame, this.help);
    const { signal } = this.stopped;
    document.addEventListener('keydown', (event) => this.key(event), { signal });
    addEventListener('hashchange', () => this.readAddress(), { signal });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.setTheme(systemTheme()), {
      signal,
    });
    this.load(recording, options.problems ?? []);
    this.sizes.observe(this.frame);
  }

  /** Builds everything anew for a recording, at the place that is open or that the address names. */
  load(recording: Recording, problems: readonly string[]): void {
    const isFirst = this.panes.length === 0;
    this.recording = recording;
    this.shown.clear();
    const count = recording.stages.length;
    if (isFirst && this.options.address) this.at = addressOf(location.hash, count);
    this.at.stage = Math.min(this.at.stage, Math.max(0, count - 1));
    if (this.at.compare !== null && this.at.compare >= count) this.at.compare = null;
    this.build(problems);
    if (count > 0) this.openStage(this.at.stage, isFirst ? this.at.time : this.playback.time, isFirst);
  }

  destroy(): void {
    cancelAnimationFrame(this.frameRequest);
    clearTimeout(this.addressTimer);
    this.stopped.abort();
    this.sizes.disconnect();
    this.root.replaceChildren();
  }

  private chapters: ReturnType<typeof chapterBar> | null = null;
  private readonly stageRoom = h('div', { class: 'panes' });
  private readonly below = h('div', {});
  private readonly compareWith = h('select', { 'aria-label': 'Compare with' });

  private build(problems: readonly string[]): void {
    const { recording, options } = this;
    this.chapters = recording.stages.length > 1 ? chapterBar(recording, (stage) => this.openStage(stage, null)) : null;
    this.compareWith.replaceChildren(
      h('option', { value: '' }, 'Compare …'),
      ...recording.stages.map((stage, index) => h('option', { value: index }, `${index + 1}. ${stage.result.name}`)),
    );
    this.compareWith.onchange = () =>
      this.compare(this.compareWith.value === '' ? null : Number(this.compareWith.value));
    const header = h(
      'header',
      { class: 'bar' },
      !options.embedded && h('span', { class: 'mark' }, 'Tenfold'),
      h('span', { class: 'title grow' }, recording.scenario.name),
      recording.stages.length > 1 && this.compareWith,
      button(
        'Theme: dark or light',
        () => this.setTheme(this.theme === 'dark' ? 'light' : 'dark'),
        { class: 'quiet' },
        'Theme',
      ),
      button('Help: keys, and how to read this', () => this.help.showModal(), { class: 'quiet' }, 'Help'),
    );
    const notices = problems.map((text) => h('p', { class: 'notice', role: 'alert' }, text));
    const empty = recording.stages.length === 0 && h('p', { class: 'notice' }, 'There is no stage in this recording.');
    this.frame.replaceChildren(
      h(
        options.embedded ? 'div' : 'main',
        {},
        header,
        ...notices,
        this.chapters?.element ?? '',
        this.stageRoom,
        this.below,
        this.footer(),
        empty || '',
      ),
      this.bar.element,
    );
  }

  private footer(): HTMLElement {
    const { recording } = this;
    const dropped = recording.stages.flatMap((stage) => stage.dropped.map((text) => `${stage.result.name}: ${text}`));
    return h(
      'footer',
      {},
      h(
        'p',
        {},
        `Recorded by Tenfold ${recording.tenfold}, seed ${recording.seed}${recording.replications > 1 ? `; the first of ${plural(recording.replications, 'replication')} is shown, the figures of the stages are of all` : ''}.`,
      ),
      recording.command !== '' && h('p', {}, 'To see the same run: ', h('code', {}, recording.command)),
      dropped.length > 0 &&
        h(
          'details',
          {},
          h('summary', {}, 'What was left out to keep this page small'),
          h('ul', {}, ...dropped.map((text) => h('li', {}, text))),
        ),
    );
  }

  get time(): number {
    return this.playback.time;
  }

  private get stage() {
    return this.stageAt(this.at.stage);
  }

  /** A stage as it is shown: made coarser when it is first wanted, since a page of fifteen stages opens with one. */
  private stageAt(index: number): StageRecording {
    const known = this.shown.get(index) ?? coarsened(this.recording.stages[index]);
    this.shown.set(index, known);
    return known;
  }

  /** Opens a stage; `time` null is its beginning, and then it starts to play unless motion is not wanted. */
  private openStage(index: number, time: number | null, isFirst = false): void {
    const isOther = index !== this.at.stage || isFirst;
    this.at.stage = index;
    if (isOther && !isFirst) this.at.request = null;
    const { slices, result } = this.stage;
    const keepsPlaying = this.playback.playing || (isFirst && time === null && !this.still);
    const speed = isOther ? speedFor(result.simulatedSeconds) : this.playback.speed;
    this.playback = {
      time: clamped(time ?? Math.min(0, startOf(slices)), startOf(slices), endOf(slices)),
      playing: keepsPlaying,
      speed,
    };
    if (time === null)
      this.playback.time =
        startOf(slices) < 0 ? Math.max(startOf(slices), -0.02 * result.simulatedSeconds) : startOf(slices);
    if (!this.stage.components.some(({ name }) => name === this.at.component)) this.at.component = null;
    this.buildPanes();
    this.chapters?.show(index);
    this.bar.open(this.stage);
    this.buildBelow();
    this.fit();
    this.selectComponent(this.at.component);
    this.show();
    this.run();
  }

  private get still(): boolean {
    return matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  private buildPanes(): void {
    const { compare, stage } = this.at;
    const shown = compare === null || compare === stage ? [stage] : [stage, compare];
    const events = {
      seek: (time: number) => this.seek(time),
      hover: (time: number | null) => this.hover(time),
      select: (component: string | null) => this.selectComponent(component),
    };
    this.panes = shown.map((index, place) =>
      pane(
        {
          stage: this.stageAt(index),
          index,
          count: this.recording.stages.length,
          level: place === 0 ? 'h1' : 'h2',
          still: this.still,
          actions: (component) => this.options.actions?.(component, index) ?? [],
        },
        events,
      ),
    );
    // Two panes share the tops of their axes, else they could not be compared by eye.
    const tops = new Map<string, number>();
    for (const { specs } of this.panes) {
      for (const spec of specs) tops.set(spec.id, Math.max(tops.get(spec.id) ?? 0, topOf(spec)));
    }
    for (const it of this.panes) it.drawCharts(tops);
    this.stageRoom.classList.toggle('two', shown.length > 1);
    this.stageRoom.replaceChildren(...this.panes.map(({ element }) => element));
    this.compareWith.value = shown.length > 1 ? String(compare) : '';
  }

  private buildBelow(): void {
    const { stage } = this;
    this.requests = requestsPanel(stage, (index) => this.pickRequest(index));
    const { failovers } = stage.result;
    const strips = failovers.map((it) =>
      failoverStrip(it, endOf(stage.slices), this.below.clientWidth - 38, (time) => this.seek(time)),
    );
    this.below.replaceChildren(
      ...(strips.length > 0
        ? [h('section', { class: 'section', 'aria-label': 'Failover' }, h('h2', {}, 'What the faults did'), ...strips)]
        : []),
      this.requests.element,
    );
    if (this.at.request !== null && this.at.request >= stage.requests.length) this.at.request = null;
    this.requests.select(this.at.request);
  }

  private pickRequest(index: number | null): void {
    this.at.request = index;
    this.requests?.select(index);
    if (index !== null) this.seek(this.stage.requests[index].start);
    this.writeAddress();
  }

  private selectComponent(component: string | null): void {
    this.at.component = component;
    for (const it of this.panes) it.select(component);
    this.writeAddress();
  }

  private compare(stage: number | null): void {
    this.at.compare = stage === this.at.stage ? null : stage;
    this.openStage(this.at.stage, this.playback.time);
  }

  private hover(time: number | null): void {
    this.bar.preview(time);
    for (const it of this.panes) it.preview(time);
  }

  /** Goes to a moment; what plays goes on playing. */
  private seek(time: number): void {
    const { slices } = this.stage;
    this.playback = { ...this.playback, time: clamped(time, startOf(slices), endOf(slices)) };
    this.show();
    this.writeAddress();
  }

  private step(direction: 1 | -1, far: boolean): void {
    const { slices } = this.stage;
    this.playback = { ...this.playback, playing: false };
    const twentieth = Math.max(1, Math.round(slices.count / 20));
    this.seek(stepped(slices, this.playback.time, direction * (far ? twentieth : 1)));
  }

  private toggle(): void {
    const end = endOf(this.stage.slices);
    const isOver = this.playback.time >= end;
    const time = isOver ? startOf(this.stage.slices) : this.playback.time;
    this.playback = { ...this.playback, time, playing: !this.playback.playing };
    this.show();
    this.run();
  }

  private accelerate(direction: 1 | -1): void {
    this.playback = { ...this.playback, speed: nextSpeed(this.playback.speed, direction) };
    this.show();
  }

  private run(): void {
    cancelAnimationFrame(this.frameRequest);
    this.lastFrame = 0;
    const frame = (now: number) => {
      // A tab that was in the background does not leap when it comes back.
      const elapsed = this.lastFrame === 0 ? 0 : Math.min(0.25, (now - this.lastFrame) / 1000);
      this.lastFrame = now;
      this.playback = advanced(this.playback, elapsed, endOf(this.stage.slices));
      this.show();
      if (this.playback.playing) this.frameRequest = requestAnimationFrame(frame);
      else this.writeAddress();
    };
    if (this.playback.playing) this.frameRequest = requestAnimationFrame(frame);
  }

  private show(): void {
    for (const it of this.panes) it.show(this.playback.time, this.playback.speed);
    this.bar.show(this.playback);
  }

  private fit(): void {
    for (const it of this.panes) it.fit();
    this.bar.fit();
    this.bar.show(this.playback);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.root.dataset.theme = theme;
    for (const it of this.panes) it.repaint();
  }

  /** Writes the place into the address, not more often than browsers allow. */
  private writeAddress(): void {
    if (!this.options.address || this.addressTimer !== 0) return;
    this.addressTimer = setTimeout(() => {
      this.addressTimer = 0;
      const fragment = `#${fragmentOf({ ...this.at, time: this.playback.time })}`;
      if (fragment !== location.hash) history.replaceState(null, '', fragment);
    }, 250) as unknown as number;
  }

  private readAddress(): void {
    if (!this.options.address) return;
    const next = addressOf(location.hash, this.recording.stages.length);
    this.at = next;
    this.playback = { ...this.playback, playing: false };
    this.openStage(next.stage, next.time ?? startOf(this.stage.slices));
  }

  private key(event: KeyboardEvent): void {
    const target = event.target instanceof Element ? event.target : null;
    if (
      this.recording.stages.length === 0 ||
      this.help.open ||
      target?.closest('textarea, select, input:not([type=range]), [contenteditable]')
    )
      return;
    // In a page with other things in it, keys belong to us only when the focus does.
    if (this.options.embedded && target !== document.body && !this.root.contains(target)) return;
    const isButton = target?.closest('button, summary, [role=button]') != null;
    if (isButton && (event.key === ' ' || event.key === 'Enter')) return;
    const command = commandOf({
      key: event.key,
      shift: event.shiftKey,
      other: event.ctrlKey || event.altKey || event.metaKey,
    });
    if (command === null) return;
    event.preventDefault();
    this.perform(command);
  }

  private perform(command: Command): void {
    const { slices } = this.stage;
    const { stage, compare } = this.at;
    const last = this.recording.stages.length - 1;
    switch (command) {
      case 'toggle':
        return this.toggle();
      case 'step back':
        return this.step(-1, false);
      case 'step forward':
        return this.step(1, false);
      case 'jump back':
        return this.step(-1, true);
      case 'jump forward':
        return this.step(1, true);
      case 'previous stage':
        return stage > 0 ? this.openStage(stage - 1, null) : undefined;
      case 'next stage':
        return stage < last ? this.openStage(stage + 1, null) : undefined;
      case 'slower':
        return this.accelerate(-1);
      case 'faster':
        return this.accelerate(1);
      case 'start':
        return this.seek(startOf(slices));
      case 'end':
        return this.seek(endOf(slices));
      case 'compare':
        return last > 0 ? this.compare(compare === null ? (stage > 0 ? stage - 1 : 1) : null) : undefined;
      case 'theme': // inside of another page that is for the page to say
        return this.options.embedded ? undefined : this.setTheme(this.theme === 'dark' ? 'light' : 'dark');
      case 'close':
        return this.at.component !== null ? this.selectComponent(null) : this.pickRequest(null);
      case 'help':
        return this.help.showModal();
    }
  }
}
