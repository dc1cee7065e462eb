/**
 * The page as a whole: chapters, one stage or two, the clock, requests and failovers. `mount` puts it into any element,
 * can be fed another recording, and leaves nothing behind when it is taken down.
 */
import type { Recording, StageRecording } from '../../sim/recording/format.ts';
import { type Reach, union } from './charts/chart.ts';
import { type Address, addressOf, type Beside, fragmentOf } from './data/fragment.ts';
import { Stages } from './data/stages.ts';
import { h } from './dom.ts';
import { type Command, commandOf } from './keys.ts';
import { fillBelow } from './page/below.ts';
import { pageFooter } from './page/footer.ts';
import { headerBar } from './page/header.ts';
import { noticeBoard } from './page/notices.ts';
import { dropZone, readRecording } from './page/open.ts';
import { type Pane, pane } from './pane.ts';
import { chapterBar } from './panels/chapters.ts';
import type { ComponentAction } from './panels/component.ts';
import { differenceTable, LETTERS } from './panels/difference.ts';
import { helpDialog } from './panels/help.ts';
import type { RequestsPanel } from './panels/requests.ts';
import { onSystemTheme, systemTheme, type Theme } from './theme.ts';
import { Clock } from './time/clock.ts';
import { type Playback, speedFor } from './time/playback.ts';
import { spanOfAll, startOf } from './time/slices.ts';
import { transport } from './time/transport.ts';

export interface MountOptions {
  /** Keep the place in the address of the page. */
  address?: boolean;
  /** What is said above everything else: what is wrong with the recording. */
  problems?: readonly string[];
  /** A second recording, to be compared with from the start. */
  beside?: Recording | null;
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
  private readonly notices = noticeBoard();
  private readonly stageRoom = h('div', { class: 'panes' });
  private readonly below = h('div', {});
  private readonly clock = new Clock({ show: (now) => this.show(now), rest: () => this.writeAddress() });
  private readonly bar = transport({
    toggle: () => this.clock.toggle(),
    step: (direction, far) => this.clock.step(direction, far),
    seek: (time) => this.clock.seek(time),
    hover: (time) => this.hover(time),
    speed: (direction) => this.clock.accelerate(direction),
  });
  private stages: Stages;
  private other: Recording | null;
  private at: Address = { stage: 0, time: null, component: null, request: null, compare: null };
  private header: ReturnType<typeof headerBar> | null = null;
  private chapters: ReturnType<typeof chapterBar> | null = null;
  private difference: ReturnType<typeof differenceTable> | null = null;
  private requests: RequestsPanel | null = null;
  private panes: Pane[] = [];
  private addressTimer = 0;
  private theme: Theme = systemTheme();

  constructor(
    private readonly root: HTMLElement,
    private recording: Recording,
    private readonly options: MountOptions,
  ) {
    this.other = options.beside ?? null;
    this.stages = new Stages(recording, this.other);
    root.classList.add('tf');
    root.classList.toggle('tf-page', options.embedded !== true);
    root.dataset.theme = this.theme;
    root.replaceChildren(this.frame, this.help);
    this.listen();
    this.load(recording, options.problems ?? []);
    this.sizes.observe(this.frame);
  }

  private listen(): void {
    const { signal } = this.stopped;
    document.addEventListener('keydown', (event) => this.key(event), { signal });
    addEventListener('hashchange', () => this.readAddress(), { signal });
    onSystemTheme((theme) => this.setTheme(theme), signal);
    if (!this.options.embedded) this.root.append(dropZone((file) => void this.openFile(file), signal));
  }

  /** Builds everything anew for a recording, at the place that is open or that the address names. */
  load(recording: Recording, problems: readonly string[]): void {
    const isFirst = this.panes.length === 0;
    this.recording = recording;
    this.stages = new Stages(recording, this.other);
    const count = recording.stages.length;
    if (isFirst && this.options.address) this.at = this.addressHere();
    this.at.stage = Math.min(this.at.stage, Math.max(0, count - 1));
    if (this.at.compare !== null && !this.stages.has(this.at.compare)) this.at.compare = null;
    if (isFirst && count > 0) this.at.compare ??= this.stages.partner(this.at.stage);
    this.notices.show(problems);
    this.build();
    if (count > 0) this.openStage(this.at.stage, isFirst ? this.at.time : this.time, isFirst);
  }

  destroy(): void {
    this.clock.stop();
    clearTimeout(this.addressTimer);
    this.stopped.abort();
    this.sizes.disconnect();
    this.root.replaceChildren();
  }

  private build(): void {
    const { recording, other, options } = this;
    this.chapters = recording.stages.length > 1 ? chapterBar(recording, (stage) => this.openStage(stage, null)) : null;
    this.header = headerBar(
      { recording, other, embedded: options.embedded === true },
      {
        compare: (beside) => this.compare(beside),
        open: (file) => void this.openFile(file),
        theme: () => this.setTheme(this.theme === 'dark' ? 'light' : 'dark'),
        help: () => this.help.showModal(),
      },
    );
    const empty = recording.stages.length === 0 && h('p', { class: 'notice' }, 'There is no stage in this recording.');
    this.frame.replaceChildren(
      h(
        options.embedded ? 'div' : 'main',
        {},
        this.header.element,
        this.notices.element,
        this.chapters?.element ?? '',
        this.stageRoom,
        this.below,
        pageFooter(other === null ? [recording] : [recording, other]),
        empty || '',
      ),
      this.bar.element,
    );
  }

  get time(): number {
    return this.clock.now.time;
  }

  private get stage(): StageRecording {
    return this.stages.of({ stage: this.at.stage, other: false });
  }

  private get shown(): Beside[] {
    return this.stages.shown(this.at.stage, this.at.compare);
  }

  /** Opens a stage; `time` null is its beginning, and then it starts to play unless motion is not wanted. */
  private openStage(index: number, time: number | null, isFirst = false): void {
    const isOther = index !== this.at.stage || isFirst;
    this.at.stage = index;
    if (isOther && !isFirst) this.at.request = null;
    // Two recordings are walked through together, stage beside stage.
    if (isOther && !isFirst && this.at.compare?.other) this.at.compare = this.stages.partner(index);
    const { now } = this.clock;
    const { slices, result } = this.stage;
    const beginning = Math.max(startOf(slices), startOf(slices) < 0 ? -0.02 * result.simulatedSeconds : 0);
    if (!this.shown.some((it) => this.stages.of(it).components.some(({ name }) => name === this.at.component)))
      this.at.component = null;
    this.buildPanes();
    this.chapters?.show(index);
    const stages = this.shown.map((it) => this.stages.of(it));
    const span = spanOfAll(stages.map((it) => it.slices));
    this.bar.open(this.stage, span);
    this.buildBelow(stages);
    this.fitParts();
    this.selectComponent(this.at.component);
    this.clock.open(
      stages.map((it) => it.slices),
      span,
      {
        time: time ?? beginning,
        playing: now.playing || (isFirst && time === null && !this.still),
        speed: isOther ? speedFor(result.simulatedSeconds) : now.speed,
      },
    );
  }

  private get still(): boolean {
    return matchMedia('(prefers-reduced-motion: reduce)').matches;
  }

  private buildPanes(): void {
    const { shown } = this;
    const isCompared = shown.length > 1;
    const events = {
      seek: (time: number) => this.clock.seek(time),
      hover: (time: number | null) => this.hover(time),
      select: (component: string | null) => this.selectComponent(component),
    };
    const span = spanOfAll(shown.map((it) => this.stages.of(it).slices));
    this.panes = shown.map((it, place) => {
      const standing = {
        index: it.stage,
        count: this.stages.recordingOf(it).stages.length,
        level: place === 0 ? ('h1' as const) : ('h2' as const),
        letter: isCompared ? LETTERS[place] : null,
        of: isCompared ? this.stages.nameOf(it, this.at.compare) : null,
      };
      const actions = (component: string) => this.options.actions?.(component, it.stage) ?? [];
      return pane({ stage: this.stages.of(it), standing, span, still: this.still, actions }, events);
    });
    // Two panes share their axes, else they could not be compared by eye.
    const shared = new Map<string, Reach>();
    for (const { reaches } of this.panes) {
      for (const [id, reach] of reaches) shared.set(id, union(shared.get(id), reach));
    }
    for (const it of this.panes) it.drawCharts(shared);
    this.difference = isCompared ? differenceTable(this.stages.of(shown[0]), this.stages.of(shown[1])) : null;
    this.stageRoom.classList.toggle('two', isCompared);
    this.stageRoom.replaceChildren(...this.panes.map(({ element }) => element));
    if (this.difference) this.stageRoom.append(this.difference.element);
    this.header?.show(isCompared ? shown[1] : null);
  }

  private buildBelow(stages: readonly StageRecording[]): void {
    const events = {
      seek: (time: number) => this.clock.seek(time),
      pick: (index: number | null) => this.pickRequest(index),
    };
    this.requests = fillBelow(this.below, stages, events);
    if (this.at.request !== null && this.at.request >= this.stage.requests.length) this.at.request = null;
    this.requests.select(this.at.request);
  }

  private pickRequest(index: number | null): void {
    this.at.request = index;
    this.requests?.select(index);
    if (index !== null) this.clock.seek(this.stage.requests[index].start);
    this.writeAddress();
  }

  private selectComponent(component: string | null): void {
    this.at.component = component;
    for (const it of this.panes) it.select(component);
    this.writeAddress();
  }

  private compare(beside: Beside | null): void {
    this.at.compare = beside?.stage === this.at.stage && !beside.other ? null : beside;
    this.openStage(this.at.stage, this.time);
  }

  /** Opens a file beside the recording; when there is nothing in it to show, says why and changes nothing else. */
  private async openFile(file: File): Promise<void> {
    const { recording, problems } = await readRecording(file);
    if (this.recording.stages.length === 0) return this.notices.add(problems);
    const before = { other: this.other, compare: this.at.compare };
    if (recording === null) return this.notices.add(problems);
    try {
      this.showBeside(recording);
      this.notices.add(problems);
    } catch {
      // Its checksums hold, and yet it is not what a run records.
      this.showBeside(before.other, before.compare);
      this.notices.add([`${file.name}: this recording is damaged and cannot be shown.`]);
    }
  }

  /** `compare` not given: the stage of the other that belongs beside the one on show. */
  private showBeside(other: Recording | null, compare?: Beside | null): void {
    this.other = other;
    this.stages = new Stages(this.recording, other);
    this.at.compare = compare === undefined ? this.stages.partner(this.at.stage) : compare;
    this.build();
    this.openStage(this.at.stage, this.time);
  }

  private hover(time: number | null): void {
    this.bar.preview(time);
    for (const it of this.panes) it.preview(time);
  }

  private show(now: Playback): void {
    for (const it of this.panes) it.show(now.time, now.speed);
    this.difference?.show(now.time);
    this.bar.show(now);
    this.header?.showMoment(this.bar.moment(now.time));
  }

  private fit(): void {
    this.fitParts();
    this.bar.show(this.clock.now);
  }

  /** Without the moment: while a stage is opened the clock still stands at one of the stage before. */
  private fitParts(): void {
    for (const it of this.panes) it.fit();
    this.bar.fit();
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
      const fragment = `#${fragmentOf({ ...this.at, time: this.time })}`;
      if (fragment !== location.hash) history.replaceState(null, '', fragment);
    }, 250) as unknown as number;
  }

  private addressHere(): Address {
    return addressOf(location.hash, this.recording.stages.length, this.other?.stages.length ?? 0);
  }

  private readAddress(): void {
    if (!this.options.address) return;
    const next = this.addressHere();
    if (this.clock.now.playing) this.clock.toggle();
    this.at = next;
    this.openStage(next.stage, next.time ?? startOf(this.stages.of({ stage: next.stage, other: false }).slices));
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
    this.perform[command]();
  }

  private readonly perform: Record<Command, () => void> = {
    toggle: () => this.clock.toggle(),
    'step back': () => this.clock.step(-1, false),
    'step forward': () => this.clock.step(1, false),
    'jump back': () => this.clock.step(-1, true),
    'jump forward': () => this.clock.step(1, true),
    'previous stage': () => this.walk(-1),
    'next stage': () => this.walk(1),
    slower: () => this.clock.accelerate(-1),
    faster: () => this.clock.accelerate(1),
    start: () => this.clock.start(),
    end: () => this.clock.end(),
    compare: () => this.compare(this.at.compare === null ? this.stages.usualPartner(this.at.stage) : null),
    // Inside of another page the theme is for that page to say.
    theme: () => this.options.embedded || this.setTheme(this.theme === 'dark' ? 'light' : 'dark'),
    close: () => (this.at.component !== null ? this.selectComponent(null) : this.pickRequest(null)),
    help: () => this.help.showModal(),
  };

  private walk(step: 1 | -1): void {
    const stage = this.at.stage + step;
    if (stage >= 0 && stage < this.recording.stages.length) this.openStage(stage, null);
  }
}
