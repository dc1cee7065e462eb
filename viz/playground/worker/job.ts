/**
 * One order on its way: a first look, then the whole stage. Advances in slices, so that the worker can be told to stop
 * or to do something else between two of them. Simulates; knows nothing of messages and clocks.
 */
import { estimate, LimitError, Run, type RunResult, type Problem, type StageSettings } from '../../../sim/index.ts';
import { type Plan, planOf, type Span } from './extent.ts';
import type { Extent, Order } from './messages.ts';
import { prepare } from './prepare.ts';

const S = 1_000_000_000;

/** Longer recordings take longer to draw than a person waits; they get coarser instead. */
const recordingCap = 1_500_000;

/** More events are not for a browser: hours. */
const eventLimit = 2_000_000_000;

export type Step =
  | { kind: 'more'; share: number; events: number }
  | { kind: 'result'; result: RunResult; recording: string; extent: Extent }
  | { kind: 'refused'; message: string; problems: Problem[] }
  | { kind: 'over' };

export class Job {
  private run: Run | null = null;
  private readonly waiting: (Span | null)[] = [];
  private now: Span | null = null;
  private whole: Span = { warmupSeconds: 0, windowSeconds: 0 };
  private wholeEvents = 0;
  private stage = '';
  private faults: StageSettings['faults'] = [];

  constructor(private readonly order: Order) {}

  /** Does a slice of about this many events. After `refused` and `over` there is nothing more. */
  step(events: number): Step {
    try {
      if (this.run === null && this.stage === '') {
        const problem = this.begin();
        if (problem) return problem;
      }
      if (this.run === null) {
        if (this.waiting.length === 0) return { kind: 'over' };
        return this.start(this.waiting.shift()!);
      }
      return this.advance(this.run, events);
    } catch (error) {
      this.waiting.length = 0;
      this.run = null;
      return refusal(error);
    }
  }

  /** Looks at the order and plans it; null when all is well. */
  private begin(): Step | null {
    const { scenario, problems } = prepare(this.order);
    const stage = scenario?.stages[this.order.stage];
    if (!scenario || !stage) return refused(problems);
    this.stage = stage.name;
    this.faults = stage.faults;
    this.whole = { warmupSeconds: stage.run.warmupNs / S, windowSeconds: stage.run.durationNs / S };
    this.wholeEvents = estimate({ ...scenario, stages: [stage] }).stages[0].events;
    const plan: Plan = planOf(this.whole, this.wholeEvents, this.order.whole);
    if (plan.first) this.waiting.push(plan.first);
    if (plan.whole) this.waiting.push(null);
    return null;
  }

  private start(span: Span | null): Step {
    this.now = span;
    const { scenario, problems } = prepare(this.order, span, this.later());
    if (!scenario) return refused(problems);
    this.run = new Run(scenario, { stages: [this.stage], eventLimit, record: true });
    return { kind: 'more', share: 0, events: 0 };
  }

  /** Faults that a short window does not reach; the parser would refuse them. */
  private later(): string[] {
    const { now } = this;
    return now === null
      ? []
      : this.faults.flatMap(({ name, atNs }) => ((atNs ?? 0) / S >= now.windowSeconds ? name : []));
  }

  private advance(run: Run, events: number): Step {
    const more = run.advance(events);
    const { simulatedSeconds, totalSeconds, events: handled } = run.progress;
    if (more) return { kind: 'more', share: totalSeconds > 0 ? simulatedSeconds / totalSeconds : 0, events: handled };
    this.run = null;
    const result = run.result();
    return { kind: 'result', result, recording: run.recording(result, recordingCap), extent: this.extent() };
  }

  private extent(): Extent {
    const { warmupSeconds, windowSeconds } = this.now ?? this.whole;
    return {
      warmupSeconds,
      windowSeconds,
      wholeSeconds: this.whole.windowSeconds,
      wholeEvents: this.wholeEvents,
      faultsLater: this.later(),
      goesOn: this.waiting.length > 0,
    };
  }
}

function refused(problems: readonly Problem[]): Step {
  const errors = problems.filter(({ severity }) => severity === 'error');
  return { kind: 'refused', message: 'these settings make no valid scenario', problems: errors };
}

function refusal(error: unknown): Step {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const problems = error instanceof Error && 'problems' in error ? (error.problems as Problem[]) : [];
  if (error instanceof LimitError) return { kind: 'refused', message: `a limit was hit: ${message}`, problems };
  return { kind: 'refused', message, problems };
}
