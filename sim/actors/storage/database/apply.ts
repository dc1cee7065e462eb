/**
 * Applying the log on a copy: so many workers at once, each write costing CPU of the copy's machine, visible strictly in
 * order of positions. A worker that is done before its turn waits. Reads compete for the same cores, so replication lag
 * grows with them.
 */
import { Following, FollowingF } from '../../../engine/key-records.ts';
import { doublesOf } from '../../../engine/memory.ts';
import { FCol, ICol, Stride } from '../../../engine/rows.ts';
import { derive } from '../../../random/counter.ts';
import { identityKey } from '../../../random/keys.ts';
import { WideSum } from '../../../statistics/wide-sum.ts';
import { Clock, type Cluster } from './cluster.ts';

/** Most workers started in one event; the rest follow in the same instant. */
const AT_ONCE = 64;

export class Apply {
  /** Called when a copy has applied all it holds. */
  onCaughtUp: (member: number) => void = () => {};
  /** What the core knows of it, if it is told: see `Following`. */
  readonly record: Int32Array<ArrayBuffer>;
  private readonly busy: Int32Array<ArrayBuffer>;
  /** Next position to be given to a worker. */
  private readonly next: Float64Array<ArrayBuffer>;
  /** Changes when the log is truncated or the process dies: what older workers finish does not count. */
  private readonly epoch: Int32Array<ArrayBuffer>;
  /** Positions beyond the applied one that are done, by position modulo `parallel`. */
  private readonly done: Uint8Array[];
  private readonly armed: Uint8Array;
  private readonly a: number;
  private readonly b: number;
  private readonly identity = new Int32Array(2);
  /** Ages of writes when they were applied: their sum, and columns of `FollowingF`. */
  private readonly lag: WideSum;
  private readonly ages: Float64Array<ArrayBuffer>;

  /**
   * @param operation of the program that applies one write, -1: applying costs nothing
   * @param parallel workers of each copy
   */
  constructor(
    private readonly cluster: Cluster,
    private readonly operation: number,
    private readonly parallel: number,
  ) {
    const n = cluster.members.count;
    const { memory } = cluster.world;
    this.busy = memory.i32s(n);
    this.next = doublesOf(memory.i32s(2 * n)).fill(1);
    this.epoch = memory.i32s(n);
    this.record = memory.i32s(Following.I);
    this.ages = doublesOf(this.record);
    this.lag = new WideSum(this.ages.subarray(FollowingF.Age, FollowingF.Age + 2));
    this.armed = new Uint8Array(n);
    this.done = Array.from({ length: n }, () => new Uint8Array(parallel));
    [this.a, this.b] = identityKey(cluster.world.seed, cluster.name, 'apply');
  }

  /** Mean and longest age of a write when a copy applied it, ms. */
  get lagMs(): number {
    return this.ages[FollowingF.Count] === 0 ? 0 : this.lag.toNumber() / this.ages[FollowingF.Count] / 1e6;
  }

  get longestMs(): number {
    return this.ages[FollowingF.Longest] / 1e6;
  }

  resetFigures(): void {
    this.lag.reset();
    this.ages[FollowingF.Count] = 0;
    this.ages[FollowingF.Longest] = 0;
  }

  /** Tells the core of it; false: that knows of one worker alone, and of one that takes time. */
  publish(operand: number): boolean {
    if (this.operation < 0 || this.parallel > 1) return false;
    const { record } = this;
    record[Following.Durable] = this.cluster.logs.durable.byteOffset;
    record[Following.Next] = this.next.byteOffset;
    record[Following.Busy] = this.busy.byteOffset;
    record[Following.Epoch] = this.epoch.byteOffset;
    record[Following.Operation] = this.operation;
    record[Following.Operand] = operand;
    record[Following.RootA] = this.a;
    record[Following.RootB] = this.b;
    return true;
  }

  /** More of the log is there: gives it to idle workers. */
  pump(member: number): void {
    const { logs } = this.cluster;
    if (this.operation < 0) {
      while (logs.applied[member] < logs.durable[member]) this.advance(member);
      this.onCaughtUp(member);
      return;
    }
    let started = 0;
    // A leader applies what it commits itself.
    if (this.next[member] <= logs.applied[member]) this.next[member] = logs.applied[member] + 1;
    while (this.busy[member] < this.parallel && this.next[member] <= logs.durable[member]) {
      if (this.next[member] > logs.applied[member] + this.parallel) return;
      if (started++ === AT_ONCE) {
        this.later(member);
        return;
      }
      this.busy[member]++;
      this.start(member, this.next[member]++);
    }
  }

  /** Starts a worker; what it costs is drawn by copy and position. */
  private start(member: number, position: number): void {
    const { kernel, world, members } = this.cluster;
    const row = kernel.spawn(members.nodeOf(member), this.operation, 0, position, this.epoch[member]);
    const at = row * Stride.I;
    derive(this.a, this.b, member, position | 0, this.identity);
    world.rows.I[at + ICol.IdA] = this.identity[0];
    world.rows.I[at + ICol.IdB] = this.identity[1];
  }

  private later(member: number): void {
    if (this.armed[member] === 1) return;
    this.armed[member] = 1;
    this.cluster.timer(member, Clock.Apply, 0);
  }

  onTimer(member: number): void {
    this.armed[member] = 0;
    this.pump(member);
  }

  /** A worker is done with the position in its row. */
  finished(member: number, row: number): void {
    const { rows } = this.cluster.world;
    if (rows.I[row * Stride.I + ICol.User] !== this.epoch[member]) return;
    const { logs } = this.cluster;
    const done = this.done[member];
    this.busy[member]--;
    done[rows.F[row * Stride.F + FCol.Data] % this.parallel] = 1;
    for (;;) {
      const at = (logs.applied[member] + 1) % this.parallel;
      if (done[at] === 0) break;
      done[at] = 0;
      this.advance(member);
    }
    this.pump(member);
    if (logs.applied[member] === logs.durable[member]) this.onCaughtUp(member);
  }

  private advance(member: number): void {
    const { logs } = this.cluster;
    const position = ++logs.applied[member];
    const age = this.cluster.now - logs.timeOf(logs.branch[member], position);
    this.lag.add(age);
    this.ages[FollowingF.Count]++;
    if (age > this.ages[FollowingF.Longest]) this.ages[FollowingF.Longest] = age;
  }

  /** The log was truncated, or the process is new: begins again behind what is applied. */
  restart(member: number): void {
    this.busy[member] = 0;
    this.armed[member] = 0;
    this.epoch[member]++;
    this.next[member] = this.cluster.logs.applied[member] + 1;
    this.done[member].fill(0);
  }
}
