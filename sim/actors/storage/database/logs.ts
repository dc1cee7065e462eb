/**
 * The logs of a replicated database, as watermarks instead of entries.
 *
 * A leader's term begins a branch: everything up to the fork is its parent's, what follows is its own. So a log is a
 * branch and a position, two logs are compared by walking up the tree, and a divergent suffix is what lies beyond the
 * fork (the same information as Raft's (term, index) pairs). Positions count writes of a shard from 1; since answers
 * leave in order, the acknowledged writes of a branch are a prefix, too.
 */
import { CommitTime, Version } from '../../../engine/key-records.ts';
import { doublesOf, type Memory } from '../../../engine/memory.ts';
import { CommitTimes } from './commit-times.ts';
import type { Members } from './members.ts';

/** A position of a branch as one number: 2²¹ branches leave 2³² positions. */
export function pack(position: number, branch: number): number {
  return position * Version.Branches + branch;
}

export function positionOf(packed: number): number {
  return Math.floor(packed / Version.Branches);
}

export function branchOf(packed: number): number {
  return packed % Version.Branches;
}

export class Logs {
  // Per branch.
  readonly term: number[] = [];
  readonly leader: number[] = [];
  readonly parent: number[] = [];
  /** Last position that is the parent's. */
  readonly start: number[] = [];
  private readonly heads: number[] = [];
  /** The core commits, too: to the first branch of each shard, of which the first copy holds all there is. */
  isTold = false;
  private readonly lastAcknowledged: number[] = [];
  /** Losses up to here have been counted. */
  readonly counted: number[] = [];
  private readonly times: CommitTimes[] = [];
  /** Of the first branch of each shard: see `CommitTime`. */
  readonly firstTimes: Int32Array<ArrayBuffer> | null;
  /** The branch before, of the same shard. */
  private readonly older: number[] = [];

  // Per shard.
  /** Of its first branch, the last position that the core has acknowledged. */
  readonly told: Float64Array<ArrayBuffer>;
  /** The branch that took over last. */
  readonly main: Int32Array;
  private readonly newest: Int32Array;

  // Per member.
  readonly branch: Int32Array;
  /** What the member has on disk. */
  readonly durable: Float64Array;
  /** What its reads see. */
  readonly applied: Float64Array;

  /** @param memory where the core may see what is held and applied, and the commit times of each shard's first branch; null: nowhere */
  constructor(
    private readonly members: Members,
    private readonly memory: Memory | null = null,
  ) {
    this.branch = new Int32Array(members.count);
    this.durable = doublesOf(memory?.i32s(members.count * 2) ?? new Int32Array(members.count * 2));
    this.applied = doublesOf(memory?.i32s(members.count * 2) ?? new Int32Array(members.count * 2));
    this.firstTimes = memory?.i32s(members.shards * CommitTime.I) ?? null;
    this.told = doublesOf(memory?.i32s(members.shards * 2) ?? new Int32Array(members.shards * 2));
    this.main = new Int32Array(members.shards);
    this.newest = new Int32Array(members.shards).fill(-1);
    for (let shard = 0; shard < members.shards; shard++) {
      const first = shard * members.size;
      this.main[shard] = this.add(shard, 1, first, -1, 0);
      this.branch.fill(this.main[shard], first, first + members.size);
    }
  }

  /** Last position of each branch acknowledged to a client; `start` when none is. */
  get acknowledged(): number[] {
    const { lastAcknowledged, told } = this;
    told.forEach((position, shard) => (lastAcknowledged[shard] = Math.max(position, lastAcknowledged[shard])));
    return lastAcknowledged;
  }

  /** Last position of each branch committed at the leader. */
  get head(): number[] {
    const { heads, durable, members } = this;
    if (this.isTold) for (let shard = 0; shard < members.shards; shard++) heads[shard] = durable[shard * members.size];
    return heads;
  }

  get branches(): number {
    return this.term.length;
  }

  /** A new leader's branch; it goes on from what it has. */
  fork(member: number, term: number): number {
    const branch = this.add(this.members.shardOf(member), term, member, this.branch[member], this.durable[member]);
    this.branch[member] = branch;
    return branch;
  }

  private add(shard: number, term: number, leader: number, parent: number, start: number): number {
    if (this.branches === Version.Branches) throw new RangeError(`more than ${Version.Branches} changes of leader`);
    const branch = this.term.push(term) - 1;
    this.leader.push(leader);
    this.parent.push(parent);
    this.start.push(start);
    this.heads.push(start);
    this.lastAcknowledged.push(start);
    this.counted.push(start);
    const record = parent < 0 ? this.firstTimes?.subarray(shard * CommitTime.I, (shard + 1) * CommitTime.I) : undefined;
    this.times.push(new CommitTimes(start, record === undefined ? null : this.memory!.ground(record)));
    this.older.push(this.newest[shard]);
    this.newest[shard] = branch;
    return branch;
  }

  /** The branch of a shard's leader of a term, -1: unknown. */
  ofTerm(shard: number, term: number): number {
    let branch = this.newest[shard];
    while (branch >= 0 && this.term[branch] !== term) branch = this.older[branch];
    return branch;
  }

  /** Branch that the position belongs to, seen from a log in which it is. */
  owner(branch: number, position: number): number {
    let b = branch;
    while (position <= this.start[b] && this.parent[b] >= 0) b = this.parent[b];
    return b;
  }

  /** Last position that two logs share. */
  common(branchA: number, positionA: number, branchB: number, positionB: number): number {
    let a = branchA;
    let b = branchB;
    let least = Math.min(positionA, positionB);
    // A child is always younger than its parent.
    while (a !== b) {
      if (a > b) {
        least = Math.min(least, this.start[a]);
        a = this.parent[a];
      } else {
        least = Math.min(least, this.start[b]);
        b = this.parent[b];
      }
    }
    return least;
  }

  /** Is what stands at `position` of `ofBranch` in the log (branch, end)? */
  contains(branch: number, end: number, ofBranch: number, position: number): boolean {
    let b = branch;
    let last = end;
    while (b > ofBranch) {
      last = Math.min(last, this.start[b]);
      b = this.parent[b];
    }
    return b === ofBranch && position <= last;
  }

  /** Raft's rule for votes: the later last term wins, then the longer log (Ongaro & Ousterhout 2014, 5.4.1). */
  isUpToDate(candidate: number, member: number): boolean {
    const own = pack(this.durable[member], this.branch[member]);
    return this.compare(candidate, own) >= 0;
  }

  /** Compares two logs' ends, packed: below 0 when the first is behind. */
  compare(a: number, b: number): number {
    const termA = this.term[this.owner(branchOf(a), positionOf(a))];
    const termB = this.term[this.owner(branchOf(b), positionOf(b))];
    return termA !== termB ? termA - termB : positionOf(a) - positionOf(b);
  }

  /** The leader writes one more position, durable and visible at once. */
  append(member: number, nowNs: number): number {
    const branch = this.branch[member];
    const position = ++this.head[branch];
    this.durable[member] = position;
    this.applied[member] = position;
    if (this.members.copies > 1) {
      const times = this.times[branch];
      if (times.isFull) times.trim(this.appliedEverywhere(branch));
      times.push(nowNs);
    }
    return position;
  }

  /** When the position was committed, ns. */
  timeOf(branch: number, position: number): number {
    return this.times[this.owner(branch, position)].at(position);
  }

  /** What every copy of the branch's shard has applied of the branch. */
  private appliedEverywhere(branch: number): number {
    const first = this.members.firstOf(this.leader[branch]);
    let least = this.head[branch];
    for (let m = first; m < first + this.members.copies; m++) {
      least = Math.min(least, this.common(this.branch[m], this.applied[m], branch, least));
    }
    return least;
  }

  /** Has every copy of the shard applied this version? */
  isEverywhere(branch: number, position: number): boolean {
    const first = this.members.firstOf(this.leader[branch]);
    for (let m = first; m < first + this.members.copies; m++) {
      if (!this.contains(this.branch[m], this.applied[m], branch, position)) return false;
    }
    return true;
  }

  /** What is impossible in these logs, '' when nothing is. */
  violation(): string {
    for (let b = 0; b < this.branches; b++) {
      if (this.acknowledged[b] > this.head[b]) return 'a write was acknowledged that was never committed';
    }
    for (let m = 0; m < this.members.count; m++) {
      if (this.members.isWitness(m)) continue;
      if (this.durable[m] > this.head[this.branch[m]]) return 'a copy holds more than its leader ever wrote';
      if (this.applied[m] > this.durable[m]) return 'a copy has applied what it does not hold';
    }
    return '';
  }
}
