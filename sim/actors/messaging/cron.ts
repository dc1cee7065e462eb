/**
 * `cron`: work that begins by the clock, as a Kubernetes CronJob: at times, so many runs of an operation on the instances
 * of a server, in turn. Nobody waits for it.
 */
import * as z from 'zod';
import type { ActorType } from '../../compile/actor-type.ts';
import type { ComponentDraft } from '../../compile/components.ts';
import { Actor } from '../../engine/actor-instance.ts';
import { Id, Status } from '../../engine/rows.ts';
import { Route } from '../../engine/world.ts';
import { derive } from '../../random/counter.ts';
import { identityKey } from '../../random/keys.ts';
import { count, countOrNone, duration, positiveDuration, reference, word } from '../../scenario/fields.ts';
import type { ComponentSettings, OwnFinding } from '../../scenario/settings.ts';

const settings = z
  .strictObject({
    runs: reference('Server whose instances do the work.'),
    op: reference('Operation that is one piece of it.'),
    every: positiveDuration('Time from one job to the next.'),
    first: duration('The first job, from the start of the run.').prefault('0s'),
    times: count('Pieces of a job.', 1, 1_000_000).prefault(1),
    parallel: countOrNone('Pieces under way at once.').prefault(1),
    'when-late': word(
      ['skip', 'both'],
      'When a job is due while the last one still runs: it is skipped (`Forbid`), or both run (`Allow`).',
    ).prefault('skip'),
  })
  .transform((s) => ({
    targets: [{ name: s.runs }],
    operation: s.op,
    everyNs: s.every,
    firstNs: s.first,
    times: s.times,
    parallel: s.parallel ?? Infinity,
    skips: s['when-late'] === 'skip',
  }));

type CronSettings = z.output<typeof settings>;

export const cron: ActorType<CronSettings> = {
  type: 'cron',
  summary: 'Starts work by the clock: an operation of a server, so many times, every so often.',
  picture: 'diamond',
  settings,
  serves: [],
  references: (own) => [{ name: own.targets[0].name, path: ['runs'] }],
  check,
  metrics: { jobs: 'count', jobsSkipped: 'count', pieces: 'count', pieceFailures: 'count', jobMaxMs: 'ms' },
  nodes: () => 1,
  create(component, builder) {
    const draft = builder.component(component.name);
    builder.node(draft, { machine: builder.machine(component, 0, 0) });
    draft.route = Route.Single;
    return new Cron(component, draft);
  },
};

function check({ own }: ComponentSettings<CronSettings>, stage: { components: ComponentSettings[] }): OwnFinding[] {
  const target = stage.components.find((c) => c.name === own.targets[0].name);
  const operations = (target?.own as { operations?: { name: string }[] } | undefined)?.operations;
  if (target === undefined || operations?.some((o) => o.name === own.operation) === true) return [];
  const offered = operations?.map((o) => o.name).join(', ');
  return [
    {
      path: ['op'],
      message: `\`${target.name}\` has no operation \`${own.operation}\``,
      hint: offered === undefined ? 'work is done by a server' : `operations: ${offered}`,
    },
  ];
}

/** A job: pieces not begun yet, pieces under way, and when it began. */
interface Job {
  left: number;
  running: number;
  sinceNs: number;
}

class Cron extends Actor {
  private readonly own: CronSettings;
  private target = 0;
  private operation = 0;
  private readonly active: Job[] = [];
  /** Job of each row of work, and the node that it was given to. */
  private readonly works = new Map<number, { job: Job; node: number }>();
  private turn = 0;
  private begun = 0;
  private identity: [number, number] = [0, 0];
  private readonly pair = new Int32Array(2);
  private jobs = 0;
  private skipped = 0;
  private pieces = 0;
  private failures = 0;
  /** Of the jobs that have ended; negative: none has. */
  private longestNs = -1;

  constructor(component: ComponentSettings<CronSettings>, draft: ComponentDraft) {
    super(draft.name, draft.id, draft.firstNode, 1);
    this.own = component.own;
  }

  override start(): void {
    const { world, own } = this;
    this.target = world.components.name.indexOf(own.targets[0].name);
    this.operation = world.operations.indexOf(own.operation);
    this.identity = identityKey(world.seed, this.name, 'work');
    this.kernel.timer(this.component, Id.None, 0, own.firstNs);
  }

  override isGuestOf(component: number): boolean {
    return this.world.components.name[component] === this.own.targets[0].name;
  }

  override onTimer(): void {
    this.kernel.timer(this.component, Id.None, 0, this.own.everyNs);
    if (!this.world.nodes.accepts(this.firstNode)) return;
    if (this.own.skips && this.active.length > 0) {
      this.skipped++;
      return;
    }
    this.jobs++;
    const job = { left: this.own.times, running: 0, sinceNs: this.world.clock[0] };
    this.active.push(job);
    this.world.rows.reserve(Math.min(this.own.times, this.own.parallel) + 64);
    this.begin(job);
  }

  /** Gives out as many pieces as may be under way. Nobody there to take one: it has failed. */
  private begin(job: Job): void {
    while (job.left > 0 && job.running < this.own.parallel) {
      const directory = this.world.components.directory[this.target];
      job.left--;
      if (directory.length === 0) {
        this.failures++;
        continue;
      }
      const node = directory[this.turn++ % directory.length];
      derive(this.identity[0], this.identity[1], this.begun++, 0, this.pair);
      const key = this.pair[0] & 0x7fffffff;
      const row = this.kernel.assign(this.component, node, this.operation, key, 0, this.pair[0], this.pair[1]);
      job.running++;
      this.pieces++;
      this.works.set(row, { job, node });
    }
    if (job.left > 0 || job.running > 0) return;
    this.longestNs = Math.max(this.longestNs, this.world.clock[0] - job.sinceNs);
    const at = this.active.indexOf(job);
    if (at >= 0) this.active.splice(at, 1);
  }

  override onDone(row: number, status: number): void {
    this.end(row, status <= Status.Miss);
  }

  private end(row: number, isGood: boolean): void {
    const work = this.works.get(row);
    if (work === undefined) return;
    this.works.delete(row);
    if (!isGood) this.failures++;
    work.job.running--;
    this.begin(work.job);
  }

  /** Its pieces there will never end. */
  override onHostCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how === 'pause') return;
    const lost = [...this.works].filter(([, work]) => work.node === node).map(([row]) => row);
    this.world.rows.reserve(lost.length + 64);
    for (const row of lost) this.end(row, false);
  }

  override resetFigures(): void {
    this.jobs = 0;
    this.skipped = 0;
    this.pieces = 0;
    this.failures = 0;
    this.longestNs = -1;
  }

  override figures(): Record<string, number> {
    return {
      jobs: this.jobs,
      jobsSkipped: this.skipped,
      pieces: this.pieces,
      pieceFailures: this.failures,
      // How long one takes is not known before one has ended.
      ...(this.longestNs >= 0 && { jobMaxMs: this.longestNs / 1e6 }),
    };
  }
}
