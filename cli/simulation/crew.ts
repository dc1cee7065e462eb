/**
 * A crew of worker threads that carries out tasks. The main thread stays free to draw progress and answer signals.
 *
 * Outcomes are kept in the order of the tasks, never in the order of completion, so that what is made of them does not
 * depend on how many workers there were.
 */
import { Worker } from 'node:worker_threads';
import type { FromWorker, Outcome, Progress, Task, WorkerSetup } from './messages.ts';

export interface CrewOptions {
  workers: number;
  memoryLimitBytes: number;
  /** Aborted by a signal: every task ends early with what it has. */
  signal: AbortSignal;
  onProgress(task: number, progress: Progress): void;
}

/** How long an interrupted worker may take to sum up, and one that has not even begun to advance. */
const graceMs = { running: 2000, starting: 60 };

/** The outcomes of the tasks, in their order; null for a task that never began because another one ended the run. */
export async function carryOut(tasks: readonly Task[], options: CrewOptions): Promise<(Outcome | null)[]> {
  const stop = new SharedArrayBuffer(4);
  const outcomes: (Outcome | null)[] = tasks.map(() => null);
  let next = 0;
  const halt = () => Atomics.store(new Int32Array(stop), 0, 1);
  const isHalted = () => Atomics.load(new Int32Array(stop), 0) !== 0;
  options.signal.addEventListener('abort', halt, { once: true });
  if (options.signal.aborted) halt();

  async function work(): Promise<void> {
    const hand = new Hand({ stop, memoryLimitBytes: options.memoryLimitBytes }, options.signal);
    try {
      while (next < tasks.length && !isHalted()) {
        const index = next++;
        const outcome = await hand.carryOut(tasks[index], (progress) => options.onProgress(index, progress));
        outcomes[index] = outcome;
        if (outcome.kind !== 'done') halt();
      }
    } finally {
      await hand.dismiss();
    }
  }

  await Promise.all(Array.from({ length: Math.min(options.workers, tasks.length) }, work));
  options.signal.removeEventListener('abort', halt);
  return outcomes;
}

/** One worker thread and what it is doing. */
class Hand {
  readonly #worker: Worker;
  readonly #signal: AbortSignal;
  #onProgress: (progress: Progress) => void = () => {};
  #onOutcome: (outcome: Outcome) => void = () => {};

  constructor(setup: WorkerSetup, signal: AbortSignal) {
    const maxOldGenerationSizeMb = Math.ceil(setup.memoryLimitBytes / 2 ** 20);
    this.#signal = signal;
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: setup,
      resourceLimits: { maxOldGenerationSizeMb },
    });
    this.#worker.on('message', (message: FromWorker) => {
      if (message.kind === 'outcome') this.#onOutcome(message.outcome);
      else this.#onProgress(message.progress);
    });
    this.#worker.on('error', (error) => this.#onOutcome(outcomeOfDeath(error)));
    this.#worker.on('exit', (code) => this.#onOutcome(outcomeOfDeath(new Error(`the worker ended with code ${code}`))));
  }

  /** Never rejects: a worker that dies is an outcome too. */
  carryOut(task: Task, onProgress: (progress: Progress) => void): Promise<Outcome> {
    return new Promise((resolve) => {
      let hasBegun = false;
      let timer: NodeJS.Timeout | undefined;
      const onAbort = () => {
        const wait = hasBegun ? graceMs.running : graceMs.starting;
        timer = setTimeout(this.#onOutcome, wait, { kind: 'stopped', result: null });
      };
      this.#onProgress = (progress) => {
        hasBegun = true;
        onProgress(progress);
      };
      this.#onOutcome = (outcome) => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', onAbort);
        this.#onProgress = () => {};
        resolve(outcome);
      };
      this.#signal.addEventListener('abort', onAbort, { once: true });
      if (this.#signal.aborted) onAbort();
      this.#worker.postMessage(task);
    });
  }

  async dismiss(): Promise<void> {
    await this.#worker.terminate();
  }
}

function outcomeOfDeath(error: Error): Outcome {
  if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return { kind: 'limit', message: 'the simulation ran out of memory', result: null };
  }
  return { kind: 'bug', message: error.message, stack: error.stack ?? '' };
}
