/**
 * What happens when the person does something: changes the state, asks the worker, and tells the page to draw. All
 * answers carry a number; one that was overtaken is dropped.
 */
import type { Answer, Kill } from '../worker/messages.ts';
import type { Path, Value } from '../scenario/tree.ts';
import type { Shared } from '../share/link.ts';
import { Drafts } from './drafts.ts';
import { keptOf } from './kept.ts';
import { isChanged, orderOf, samePath, type Shown, stageOf, type State } from './state.ts';
import { Thread } from './thread.ts';

/** A pause in typing or dragging after which the simulator is asked, in milliseconds. */
const pauseMs = { typing: 250, dragging: 60 };

export class Session {
  readonly state: State;
  private readonly thread: Thread;
  private latest = { read: 0, run: 0 };
  private readonly timers = { typing: 0, dragging: 0 };

  constructor(
    catalogue: Record<string, string>,
    private readonly draw: () => void,
    startWorker: () => Worker,
  ) {
    this.thread = new Thread(startWorker, {
      hear: (answer) => this.hear(answer),
      died: (message) => this.workerDied(message),
    });
    this.state = {
      catalogue,
      drafts: new Drafts(catalogue),
      draft: null,
      name: '',
      text: '',
      validText: '',
      outline: null,
      problems: [],
      stage: 0,
      changes: [],
      kills: [],
      shown: null,
      before: null,
      progress: null,
      refusal: null,
      stages: new Map(),
      notice: '',
    };
  }

  /** Opens a scenario; `shared` brings the changes of a link. */
  open(name: string, text: string, shared: Shared | null = null): void {
    const { state } = this;
    Object.assign(state, {
      name,
      text,
      draft: state.drafts.of(name, text),
      outline: null,
      problems: [],
      shown: null,
      before: null,
      progress: null,
      refusal: null,
    });
    this.latest.run = 0; // what still runs is of another scenario
    Object.assign(state, { stage: shared?.stage ?? 0, changes: shared?.changes ?? [], kills: shared?.kills ?? [] });
    state.stages = new Map();
    this.read();
  }

  /** The text of the editor, as it is typed. */
  edit(text: string): void {
    const { state } = this;
    state.text = text;
    state.draft = state.drafts.changed(state.draft, state.name, text);
    this.draw();
    this.after('typing', () => this.read());
  }

  choose(stage: number): void {
    Object.assign(this.state, { stage, changes: [], kills: [], refusal: null });
    this.showKnown();
    this.run();
  }

  /** Moves a knob; null takes the change back, or the setting away where the file has none. */
  change(path: Path, value: Value, fileValue: Value): void {
    const others = this.state.changes.filter((one) => !samePath(one.path, path));
    this.state.changes = value === fileValue ? others : [...others, { path, value }];
    this.draw();
    this.after('dragging', () => this.run());
  }

  /** Takes the power from a component or an instance, from a moment of the window to its end. */
  kill(target: string, seconds: number): void {
    const last = (stageOf(this.state)?.durationSeconds ?? 1) - 0.1;
    const kill: Kill = {
      target,
      atSeconds: Math.max(0, Math.round(Math.min(seconds, last) * 10) / 10),
      forSeconds: null,
    };
    const isApart = ({ target }: Kill) =>
      !target.startsWith(`${kill.target}#`) && !kill.target.startsWith(`${target}#`);
    this.state.kills = [...this.state.kills.filter((one) => one.target !== kill.target && isApart(one)), kill];
    this.run();
  }

  revive(target: string): void {
    this.state.kills = this.state.kills.filter((kill) => kill.target !== target);
    this.run();
  }

  reset(): void {
    Object.assign(this.state, { changes: [], kills: [] });
    this.run();
  }

  /** Simulates what is in front of the person; `whole`: in full, however long that takes. */
  run(whole = false): void {
    const { state } = this;
    if (state.outline === null) return;
    Object.assign(state, { progress: 0, refusal: null });
    this.latest.run = this.thread.ask({ kind: 'run', id: 0, order: orderOf(state, whole) });
    this.draw();
  }

  stop(): void {
    this.state.progress = null;
    this.latest.run = 0;
    this.thread.ask({ kind: 'stop' });
    this.draw();
  }

  private read(): void {
    const { name, text } = this.state;
    this.latest.read = this.thread.ask({ kind: 'read', id: 0, text, file: `${name}.yaml` });
    this.draw();
  }

  private hear(answer: Answer): void {
    if (answer.kind === 'read' && answer.id === this.latest.read) this.hearRead(answer);
    if (answer.kind === 'read' || answer.kind === 'ready' || answer.id !== this.latest.run) return;
    const { state } = this;
    if (answer.kind === 'progress') state.progress = answer.share;
    else if (answer.kind === 'refused') Object.assign(state, { progress: null, refusal: answer });
    else {
      const shown = { ...answer, stage: answer.result.stages[0], command: answer.result.replay };
      state.progress = answer.extent.goesOn ? 0 : null;
      this.show(shown);
    }
    this.draw();
  }

  private hearRead({ outline, problems }: Extract<Answer, { kind: 'read' }>): void {
    const { state } = this;
    state.problems = problems;
    if (outline === null) return this.draw();
    Object.assign(state, { outline, validText: state.text, stages: new Map() });
    state.stage = Math.min(state.stage, outline.stages.length - 1);
    this.dropWhatIsGone();
    this.run();
  }

  /** A kill or a slider of what the text has no more would only make a scenario that nobody wrote. */
  private dropWhatIsGone(): void {
    const { state } = this;
    const stage = stageOf(state);
    if (stage === null) return;
    const kept = keptOf(stage, state);
    if (kept.gone.length === 0) return;
    Object.assign(state, { changes: kept.changes, kills: kept.kills });
    state.notice = `Taken back, since this is no longer in the text: ${kept.gone.join(', ')}.`;
  }

  private show(shown: Shown): void {
    const { state } = this;
    state.shown = shown;
    if (isChanged(state)) return;
    state.stages.set(state.stage, shown);
    state.before = shown;
  }

  /** What is known of a stage that was chosen, until it is simulated anew. */
  private showKnown(): void {
    const known = this.state.stages.get(this.state.stage) ?? null;
    Object.assign(this.state, { shown: known, before: known });
  }

  private workerDied(message: string): void {
    const refusal = { message: `the simulator stopped: ${message || 'its thread could not be started'}`, problems: [] };
    Object.assign(this.state, { progress: null, refusal });
    this.draw();
  }

  private after(pause: keyof typeof pauseMs, what: () => void): void {
    clearTimeout(this.timers[pause]);
    this.timers[pause] = window.setTimeout(what, pauseMs[pause]);
  }
}
