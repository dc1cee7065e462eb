/** A database of leaderless copies: quorums, and which reads were stale all the same. */
import { Step, type Readings } from '../../../engine/actor-instance.ts';
import type { Kernel } from '../../../engine/kernel.ts';
import { FCol, Flag, ICol, Status, Stride } from '../../../engine/rows.ts';
import type { World } from '../../../engine/world.ts';
import type { DatabaseSettings } from '../database.settings.ts';
import type { Regime } from '../database.ts';
import { Clock, Message } from './cluster.ts';
import { Act, type Compiled } from './programs.ts';
import { Quorum } from './quorum.ts';
import { Turns } from './turns.ts';

/** Where a database stands in a world. */
export interface Place {
  kernel: Kernel;
  world: World;
  component: number;
  firstNode: number;
}

export class Leaderless implements Regime {
  private readonly quorum: Quorum;
  private readonly turns: Turns;
  private reads = 0;
  private writes = 0;
  private staleReads = 0;
  private everStale = 0;

  constructor(
    private readonly place: Place,
    private readonly own: NonNullable<DatabaseSettings['quorum']>,
    compiled: Compiled,
  ) {
    this.turns = new Turns(place.world);
    this.quorum = new Quorum(place.kernel, place.world, place.component, place.firstNode, {
      n: own.n,
      r: own.r,
      w: own.w,
      delays: compiled.delays,
      readWork: compiled.copyRead,
      writeWork: compiled.copyWrite,
    });
  }

  /** The coordinator: the copies of the key take turns. */
  route(row: number, shard: number, site: number): number {
    const { rows } = this.place.world;
    rows.F[row * Stride.F + FCol.Data] = this.quorum.versions.acknowledged(rows.I[row * Stride.I + ICol.Key]);
    return this.turns.next(row, site, this.place.firstNode + shard * this.own.n, this.own.n);
  }

  step(row: number, act: number): number {
    const I = this.place.world.rows.I;
    const at = row * Stride.I;
    switch (act) {
      case Act.QuorumRead:
        return this.quorum.begin(row, false);
      case Act.QuorumWrite:
        return this.quorum.begin(row, true);
      case Act.QuorumReadDone:
        return this.readDone(row);
      case Act.QuorumWriteDone:
        return this.writeDone(row);
      default:
        this.quorum.done(I[at + ICol.Node], I[at + ICol.User], act === Act.CopyWrite);
        return Step.Continue;
    }
  }

  /** The row carries the version it got in its data, and the one it must not be older than in its work column. */
  private readDone(row: number): number {
    const { rows, history } = this.place.world;
    if (this.failed(row)) return Step.Finish;
    this.reads++;
    if (rows.F[row * Stride.F + FCol.Data] < rows.F[row * Stride.F + FCol.Work]) {
      this.staleReads++;
      this.everStale++;
      history.tally('staleReads');
    }
    return Step.Continue;
  }

  private writeDone(row: number): number {
    const { rows, acknowledged } = this.place.world;
    if (this.failed(row)) return Step.Finish;
    this.writes++;
    const version = rows.F[row * Stride.F + FCol.Data];
    acknowledged[this.place.component].record(rows.I[row * Stride.I + ICol.Key], version);
    return Step.Continue;
  }

  private failed(row: number): boolean {
    return (this.place.world.rows.I[row * Stride.I + ICol.Flags] & Flag.StatusMask) > Status.Miss;
  }

  onTimer(code: number): void {
    if (code === Clock.Sweep) this.quorum.sweep();
  }

  onMessage(code: number, _from: number, to: number, value: number, data: number): void {
    switch (code) {
      case Message.CopyWrite:
      case Message.CopyRead:
        this.quorum.asked(to, value, code === Message.CopyWrite);
        return;
      default:
        this.quorum.answered(value, code === Message.CopyWritten, data);
    }
  }

  onCrash(): void {}

  onRestart(): void {}

  onRowGone(row: number): void {
    this.quorum.gone(row);
  }

  resetFigures(): void {
    this.reads = 0;
    this.writes = 0;
    this.staleReads = 0;
  }

  figures(): Record<string, number> {
    return { reads: this.reads, writes: this.writes, staleReads: this.staleReads, acknowledgedWritesLost: 0 };
  }

  readings(): Readings {
    return { counts: this.figures(), levels: {} };
  }

  /** All copies are alike. */
  role(): string {
    return '';
  }

  violation(): string {
    const { r, w, n } = this.own;
    return r + w > n && this.everStale > 0 ? `${this.everStale} stale reads although r + w > n` : '';
  }
}
