/**
 * What is measured: messages accepted and lost, how far each group has come, duplicates, lag, time from publishing to
 * processed. It looks at everything, and nothing decides by it.
 */
import { Histogram } from '../../../statistics/histogram.ts';
import { Levels } from '../../../statistics/level.ts';
import type { World } from '../../../engine/world.ts';
import type { GroupSettings } from '../kafka.settings.ts';
import type { Layout } from './layout.ts';
import type { Chain, Logs } from './logs.ts';
import { Col, type EpochRecords } from './records.ts';

/** What one group has done with one partition. */
interface Progress {
  /** Everything before was processed, expired or is lost to it. */
  to: number;
  /** Everything before is read again on purpose. */
  replayTo: number;
  lag: number;
  lagMax: number;
}

export class Tally {
  processed = 0;
  duplicates = 0;
  replayed = 0;
  /** Given up after so many tries. */
  skipped = 0;
  /** Never processed: positions had been committed before. */
  missed = 0;
  /** Deleted by retention before they were read. */
  expired = 0;
  rebalances = 0;
  readonly endToEnd = new Histogram();
}

export class Books {
  published = 0;
  failed = 0;
  abandoned = 0;
  accepted = 0;
  /** Batches that were in the log already and are in it again. */
  appendedTwice = 0;
  acceptedLost = 0;
  oldestLostNs = 0;
  readonly tallies: Tally[];
  /** By group, then partition; null: not of its topics. */
  readonly progress: (Progress | null)[][];
  readonly lag: Levels;
  /** By partition: how far the log can be read now. */
  private readonly end: Float64Array;
  /** By partition: the rings of all epochs so far. */
  private readonly epochs: EpochRecords[][];
  /** By partition: the last message of each producer among those that are no longer kept. */
  private readonly folded: (Int32Array | null)[];
  /** A promise was broken. */
  wrong = '';
  /** How many producers there are. */
  producers = 0;

  constructor(
    private readonly world: World,
    private readonly component: number,
    private readonly layout: Layout,
    private readonly groups: readonly GroupSettings[],
  ) {
    this.tallies = groups.map(() => new Tally());
    this.progress = groups.map((group) =>
      Array.from({ length: layout.internal }, (_, p) =>
        group.topics.includes(layout.topics[layout.topicOf[p]].name) ? { to: 0, replayTo: 0, lag: 0, lagMax: 0 } : null,
      ),
    );
    this.lag = new Levels(groups.length, world.clock);
    this.end = new Float64Array(layout.partitions);
    this.epochs = Array.from({ length: layout.partitions }, () => []);
    this.folded = Array.from({ length: layout.partitions }, () => null);
  }

  // Producers and leaders.

  /** The producers of the records of a leader from one offset to another are told that they are accepted. */
  accept(logs: Logs, replica: number, from: number, to: number): void {
    const p = this.layout.partitionOf[replica];
    if (p >= this.layout.internal) return;
    const head = logs.head(replica);
    for (let offset = Math.max(from, head.first); offset < to; offset++) {
      const at = head.at(offset) * Col.Stride + Col.Accepted;
      if (head.I[at] === 1) continue;
      head.I[at] = 1;
      this.accepted++;
      // A leader that has been replaced goes on until it learns of it.
      if (offset >= head.survivesTo) this.lose(p, 1, head.F[head.at(offset)], head);
    }
  }

  /** The replica leads from now on: what earlier epochs hold beyond its log is lost. */
  leads(p: number, replica: number, logs: Logs): void {
    const chain = logs.chain[replica];
    const head = chain[chain.length - 1];
    // What has survived so far was in the log of the leader before.
    const former = this.epochs[p].at(-1);
    for (const records of this.epochs[p]) {
      const i = chain.indexOf(records);
      const kept = i < 0 ? records.start : chain[i + 1].start;
      if (kept >= records.survivesTo) continue;
      let lost = 0;
      let oldest = this.world.clock[0];
      for (let offset = Math.max(kept, records.first); offset < Math.min(records.end, records.survivesTo); offset++) {
        if (p >= this.layout.internal || records.I[records.at(offset) * Col.Stride + Col.Accepted] === 0) continue;
        lost++;
        oldest = Math.min(oldest, records.F[records.at(offset)]);
      }
      records.survivesTo = kept;
      if (lost > 0) this.lose(p, lost, oldest, former ?? records);
    }
    this.epochs[p].push(head);
  }

  private lose(p: number, count: number, publishedNs: number, { goneNs }: EpochRecords): void {
    const { history } = this.world;
    this.acceptedLost += count;
    // Whatever else has failed since says nothing of it. A leader that is only cut off went away with what cut it off.
    const awayNs = goneNs >= publishedNs ? goneNs : this.faultNs();
    const age = Math.max(0, awayNs - publishedNs);
    this.oldestLostNs = Math.max(this.oldestLostNs, age);
    const what = `${count} accepted messages of ${this.layout.nameOf(p)} are lost: its new leader goes on without them`;
    history.add('lost-writes', this.component, -1, what, count, -1, age / 1e9);
  }

  private faultNs(): number {
    const { list } = this.world.history;
    for (let i = list.length - 1; i >= 0; i--)
      if (list[i].kind === 'fault' || list[i].kind === 'crash') return list[i].atNs;
    return this.world.clock[0];
  }

  /** The last message of each producer in a log: what a new leader knows of them. */
  sequences(p: number, chain: Chain, end: number): Int32Array {
    const last = this.folded[p]?.slice() ?? new Int32Array(this.producers).fill(-1);
    if (p >= this.layout.internal) return last;
    chain.forEach((records, i) => {
      const until = i + 1 < chain.length ? chain[i + 1].start : end;
      for (let offset = records.first; offset < until; offset++) {
        const at = records.at(offset) * Col.Stride;
        last[records.I[at + Col.Producer]] = records.I[at + Col.Sequence];
      }
    });
    return last;
  }

  /** A ring is full: what all groups have processed, and nobody will read again, is dropped. */
  makeRoom(p: number, records: EpochRecords, floor: number): void {
    const until = Math.min(floor, records.end);
    if (until <= records.first) return;
    const last = (this.folded[p] ??= new Int32Array(this.producers).fill(-1));
    for (let offset = records.first; offset < until; offset++) {
      const at = records.at(offset) * Col.Stride;
      last[records.I[at + Col.Producer]] = records.I[at + Col.Sequence];
    }
    records.first = until;
  }

  // Groups.

  /** How far a partition can be read. */
  visible(p: number, to: number): void {
    this.end[p] = to;
    if (p >= this.layout.internal) return;
    for (let g = 0; g < this.groups.length; g++) {
      const progress = this.progress[g][p];
      if (progress !== null) this.measure(g, p, progress);
    }
  }

  private measure(g: number, p: number, progress: Progress): void {
    const lag = Math.max(0, this.end[p] - progress.to);
    if (lag === progress.lag) return;
    this.lag.change(g, lag - progress.lag);
    progress.lag = lag;
    if (lag > progress.lagMax) progress.lagMax = lag;
  }

  /** A group has processed a record, or given it up. */
  processed(g: number, p: number, offset: number, publishedNs: number, isGivenUp: boolean): void {
    const progress = this.progress[g][p]!;
    const tally = this.tallies[g];
    if (offset < progress.to) {
      if (offset < progress.replayTo) tally.replayed++;
      else {
        tally.duplicates++;
        this.world.history.tally('duplicates');
      }
      return;
    }
    if (offset > progress.to) this.gap(g, p, offset);
    progress.to = offset + 1;
    if (isGivenUp) tally.skipped++;
    else {
      tally.processed++;
      tally.endToEnd.record(this.world.clock[0] - publishedNs);
    }
    this.measure(g, p, progress);
  }

  /** A member goes on at an offset beyond what the group has processed: what is between is gone. */
  private gap(g: number, p: number, offset: number): void {
    const progress = this.progress[g][p]!;
    this.tallies[g].missed += offset - progress.to;
    const { commit, start, name } = this.groups[g];
    if (commit.when !== 'before' && start === 'earliest' && this.acceptedLost === 0 && this.wrong === '')
      this.wrong = `group ${name} goes on at ${offset} of ${this.layout.nameOf(p)}, ${offset - progress.to} messages further`;
    progress.to = offset;
  }

  /** Retention had deleted what a member wanted to read. */
  expired(g: number, p: number, to: number): void {
    const progress = this.progress[g][p]!;
    if (to <= progress.to) return;
    this.tallies[g].expired += to - progress.to;
    progress.to = to;
    this.measure(g, p, progress);
  }

  /** A member begins at the end on purpose, or because its position is gone. */
  jumped(g: number, p: number, to: number): void {
    const progress = this.progress[g][p]!;
    if (to <= progress.to) return;
    this.tallies[g].missed += to - progress.to;
    progress.to = to;
    this.measure(g, p, progress);
  }

  /** The group reads the past again. */
  replays(g: number, p: number): void {
    const progress = this.progress[g][p]!;
    progress.replayTo = progress.to;
  }

  resetFigures(): void {
    this.published = 0;
    this.failed = 0;
    this.abandoned = 0;
    this.accepted = 0;
    this.appendedTwice = 0;
    this.acceptedLost = 0;
    this.oldestLostNs = 0;
    this.groups.forEach((_, g) => {
      this.tallies[g] = new Tally();
      for (const progress of this.progress[g]) if (progress !== null) progress.lagMax = progress.lag;
    });
    this.lag.reset();
  }
}
