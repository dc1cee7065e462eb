/**
 * The worker as the session sees it. It listens only between two slices of its work, and to compile a scenario is one
 * slice, however large it is: where a newer wish waits in vain, the thread is ended and the wish goes to a new one.
 */
import type { Answer, Ask } from '../worker/messages.ts';

/** Silence after which a wish that came behind another is taken to another thread, in milliseconds. */
const patienceMs = 1500;

interface Ears {
  hear(answer: Answer): void;
  /** The thread could not be started, or ended by itself. */
  died(message: string): void;
}

export class Thread {
  private worker: Worker | null = null;
  private asked = 0;
  /** What was asked and is not done; a new thread would have to be asked again. */
  private owed: { read: Ask | null; run: Ask | null } = { read: null, run: null };
  /** The order waits for the text to be read, which may bring a newer one. */
  private isHeld = false;
  private timer = 0;

  constructor(
    private readonly start: () => Worker,
    private readonly ears: Ears,
  ) {}

  /** Asks under a new number, which the answer will carry. The newest of a kind replaces the one before. */
  ask(ask: Ask): number {
    const numbered = { ...ask, id: ++this.asked };
    const isBusy = this.owed.read !== null || this.owed.run !== null;
    if (isBusy && this.worker) this.timer ||= window.setTimeout(() => this.restart(), patienceMs);
    if (ask.kind === 'read') this.owed.read = numbered;
    else {
      this.owed.run = ask.kind === 'run' ? numbered : null;
      this.isHeld = false;
    }
    this.post(numbered);
    return numbered.id;
  }

  private post(ask: Ask): void {
    if (this.worker === null) {
      this.worker = this.start();
      this.worker.onmessage = ({ data }: MessageEvent<Answer>) => this.hear(data);
      this.worker.onerror = ({ message }) => {
        this.end();
        this.owed = { read: null, run: null };
        this.ears.died(message);
      };
    }
    this.worker.postMessage(ask);
  }

  private hear(answer: Answer): void {
    if (answer.kind === 'ready') return;
    this.beCalm();
    const { read, run } = this.owed;
    if (answer.kind === 'read' && isAnswer(answer, read)) this.owed.read = null;
    if (isEnd(answer) && isAnswer(answer, run)) this.owed.run = null;
    this.ears.hear(answer);
    if (answer.kind !== 'read' || !this.isHeld) return;
    this.isHeld = false;
    if (run) this.post(run);
  }

  private restart(): void {
    this.end();
    const { read, run } = this.owed;
    this.isHeld = read !== null && run !== null;
    const first = read ?? run;
    if (first) this.post(first);
  }

  private end(): void {
    this.worker?.terminate();
    this.worker = null;
    this.beCalm();
  }

  private beCalm(): void {
    clearTimeout(this.timer);
    this.timer = 0;
  }
}

const isAnswer = (answer: { id: number }, ask: Ask | null) => ask !== null && 'id' in ask && answer.id === ask.id;

/** Whether an order is done with this. */
const isEnd = (answer: Answer) => answer.kind === 'refused' || (answer.kind === 'result' && !answer.extent.goesOn);
