/**
 * Progress of a run on standard error: a bar with stage, simulated time, rate and time left on a terminal, a plain line
 * now and then elsewhere, nothing when quiet.
 */
import { type Options, Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../simulation/messages.ts';
import { printable } from './printable.ts';
import { say, wantsColor } from './streams.ts';

export interface ProgressDisplay {
  update(task: number, progress: Progress): void;
  /** Takes the bar away; must be called before anything else is written. */
  stop(): void;
}

/** A plain line at most this often, in milliseconds, where there is no terminal. */
const plainEveryMs = 10_000;

/** How much of the run is done, over tasks of very different cost. */
export class Tally {
  readonly #weights: readonly number[];
  readonly #latest = new Map<number, Progress>();
  readonly #start = performance.now();

  /** One weight a task, the number of events it will take as far as one can tell. */
  constructor(weights: readonly number[]) {
    const isUsable = weights.length > 0 && weights.every((weight) => Number.isFinite(weight) && weight >= 0);
    this.#weights = isUsable ? weights.map((weight) => weight + 1) : [1];
  }

  update(task: number, progress: Progress): void {
    this.#latest.set(task, progress);
  }

  /** 0…1. */
  get fraction(): number {
    let done = 0;
    for (const [task, { simulatedSeconds, totalSeconds }] of this.#latest) {
      const share = totalSeconds > 0 ? Math.min(simulatedSeconds / totalSeconds, 1) : 0;
      done += (this.#weights[task] ?? 1) * share;
    }
    return Math.min(done / this.#weights.reduce((sum, weight) => sum + weight, 0), 1);
  }

  /** Million events per second of the wall clock. */
  get rate(): number {
    let events = 0;
    for (const progress of this.#latest.values()) events += progress.events;
    return events / 1e3 / Math.max(performance.now() - this.#start, 1);
  }

  /** Seconds left, null while there is nothing to judge by. */
  get secondsLeft(): number | null {
    const elapsed = (performance.now() - this.#start) / 1000;
    return elapsed < 0.5 || this.fraction < 0.01 ? null : (elapsed / this.fraction) * (1 - this.fraction);
  }
}

/** A display for `title` over tasks of these weights. */
export function showProgress(title: string, weights: readonly number[], quiet: boolean): ProgressDisplay {
  if (quiet) return { update() {}, stop() {} };
  const tally = new Tally(weights);
  const isTerminal = process.stderr.isTTY === true && process.env.TERM !== 'dumb';
  return isTerminal ? bar(tally) : plainLines(title, tally);
}

function bar(tally: Tally): ProgressDisplay {
  const color = (code: number, text: string) => (wantsColor(process.stderr) ? `\u001b[${code}m${text}\u001b[0m` : text);
  const isNarrow = (process.stderr.columns ?? 80) < 100;
  const stageWidth = isNarrow ? 14 : 28;
  const options: Options = {
    format: `{percent} ${color(36, '{bar}')} {stage}  {simulated}  {rate}  {left}`,
    stream: process.stderr,
    barsize: isNarrow ? 10 : 20,
    fps: 10,
    clearOnComplete: true,
    hideCursor: true,
    emptyOnZero: true,
  };
  const single = new SingleBar(options, Presets.shades_classic);
  single.start(1000, 0, { percent: '  0%', stage: '', simulated: '', rate: '', left: '' });
  return {
    update(task, progress) {
      tally.update(task, progress);
      single.update(Math.round(tally.fraction * 1000), {
        percent: `${Math.floor(tally.fraction * 100)}%`.padStart(4),
        stage: shorten(printable(progress.stage), stageWidth).padEnd(stageWidth),
        simulated: `${progress.simulatedSeconds.toFixed(0)} of ${progress.totalSeconds.toFixed(0)} s`,
        rate: `${tally.rate.toFixed(1)} M events/s`,
        left: tally.secondsLeft === null ? '' : `${Math.ceil(tally.secondsLeft)} s left`,
      });
    },
    stop: () => single.stop(),
  };
}

function plainLines(title: string, tally: Tally): ProgressDisplay {
  let written = performance.now();
  return {
    update(task, progress) {
      tally.update(task, progress);
      if (performance.now() - written < plainEveryMs) return;
      written = performance.now();
      const left = tally.secondsLeft === null ? '' : `, ${Math.ceil(tally.secondsLeft)} s left`;
      say(`${printable(title)}: ${Math.floor(tally.fraction * 100)} %, in stage "${printable(progress.stage)}"${left}`);
    },
    stop() {},
  };
}

function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
