/**
 * What reads and writes do at a node of a replicated database: who may serve them, when a write is acknowledged, and what
 * is noted about it.
 */
import { Step } from '../../../engine/actor-instance.ts';
import type { Lookups } from '../../../engine/lookups.ts';
import { LookupF } from '../../../engine/key-records.ts';
import { FCol, Flag, ICol, Status, Stride } from '../../../engine/rows.ts';
import type { DatabaseSettings } from '../database.settings.ts';
import { type Cluster, Role } from './cluster.ts';
import type { Consistency } from './consistency.ts';
import type { Handover } from './handover.ts';
import type { Leadership } from './leadership.ts';
import type { Losses } from './losses.ts';
import { pack, branchOf, positionOf } from './logs.ts';
import { NOTHING, type OwnWrites } from './own-writes.ts';
import type { Pins } from './pins.ts';
import type { Shipping } from './shipping.ts';
import type { Waiting } from './waiting.ts';

export interface ServingParts {
  shipping: Shipping;
  waiting: Waiting;
  leadership: Leadership;
  losses: Losses;
  consistency: Consistency;
  pins: Pins | null;
  handover: Handover | null;
  /** Where reads may go elsewhere than writes. */
  ownWrites: OwnWrites | null;
  /** What the core reads by itself. */
  lookups: Lookups | null;
}

export class Serving {
  reads = 0;
  writes = 0;
  staleReads = 0;
  private readonly scratch: Float64Array;
  /** Only a primary may answer reads. */
  private readonly strict: boolean;

  constructor(
    private readonly cluster: Cluster,
    private readonly own: DatabaseSettings,
    private readonly parts: ServingParts,
  ) {
    this.scratch = new Float64Array(cluster.members.copies);
    this.strict = own.reads === 'primary' && own.failover.by !== 'none';
    parts.shipping.onProgress = (leader) => this.release(leader);
  }

  /** Takes over what the core has counted. */
  count(): void {
    this.reads += this.parts.lookups?.take(LookupF.Reads) ?? 0;
    this.writes += this.parts.lookups?.take(LookupF.Writes) ?? 0;
  }

  resetFigures(): void {
    this.count();
    this.parts.ownWrites?.resetFigures();
    this.reads = 0;
    this.writes = 0;
    this.staleReads = 0;
  }

  /** May the member take a write at all? */
  check(member: number, row: number): number {
    if (!this.cluster.serves(member) || this.cluster.draining[member] === 1) return this.refuse(row);
    this.parts.handover?.letIn(member);
    return Step.Continue;
  }

  private refuse(row: number): number {
    const { I } = this.cluster.world.rows;
    const flags = row * Stride.I + ICol.Flags;
    I[flags] = (I[flags] & ~Flag.StatusMask) | Status.Error;
    return Step.Finish;
  }

  /** The row's data hold what its key's last acknowledged version was when the read was sent. */
  read(member: number, row: number): number {
    const { world, logs, members } = this.cluster;
    if (this.strict && !this.cluster.serves(member)) return this.refuse(row);
    this.reads++;
    const { F } = world.rows;
    const data = row * Stride.F + FCol.Data;
    if (members.copies > 1 && this.parts.consistency.isStale(F[data], logs.branch[member], logs.applied[member])) {
      this.staleReads++;
      world.history.tally('staleReads');
    }
    if (this.parts.ownWrites !== null) this.judgeOwn(this.parts.ownWrites, member, row);
    F[data] = this.asOf(member);
    return Step.Continue;
  }

  /** Does the user see what it wrote itself? */
  private judgeOwn(ownWrites: OwnWrites, member: number, row: number): void {
    const version = ownWrites.lastOf(row);
    if (version === NOTHING) return;
    const { logs } = this.cluster;
    const [branch, applied] = [logs.branch[member], logs.applied[member]];
    ownWrites.judged(logs.contains(branch, applied, branchOf(version), positionOf(version)));
  }

  /** The instant whose state the member shows: what caches remember their copies were taken at. */
  private asOf(member: number): number {
    const { logs, role, now } = this.cluster;
    const branch = logs.branch[member];
    if (role[member] === Role.Leader || logs.applied[member] === logs.head[branch]) return now;
    return logs.timeOf(branch, logs.applied[member]);
  }

  /** The write is on the primary's disk. */
  commit(member: number, row: number): number {
    const next = this.append(member, row);
    this.parts.handover?.finished(member);
    return next;
  }

  private append(member: number, row: number): number {
    const { logs, world, members, now } = this.cluster;
    if (!this.cluster.serves(member)) return this.refuse(row);
    const position = logs.append(member, now);
    world.rows.F[row * Stride.F + FCol.Data] = position;
    if (members.copies === 1) return Step.Continue;
    this.parts.shipping.committed(member, position);
    if (this.own.replication.mode === 'asynchronous' || this.held(member) >= position) return Step.Continue;
    this.parts.waiting.push(member, row);
    return Step.Suspend;
  }

  /** The answer leaves: from here on the write must not be lost. */
  acknowledge(member: number, row: number): number {
    const { world, logs, members, component, now } = this.cluster;
    const { I, F } = world.rows;
    const at = row * Stride.I;
    if ((I[at + ICol.Flags] & Flag.StatusMask) > Status.Miss) return Step.Finish;
    if (!this.cluster.serves(member)) {
      // Paused, perhaps, and replaced meanwhile: by its own clock it must not answer.
      this.parts.leadership.giveUp(member);
      return this.refuse(row);
    }
    const key = I[at + ICol.Key];
    const branch = logs.branch[member];
    const data = row * Stride.F + FCol.Data;
    const position = F[data];
    this.writes++;
    if (position > logs.acknowledged[branch]) logs.acknowledged[branch] = position;
    F[data] = members.copies > 1 ? logs.timeOf(branch, position) : now;
    world.acknowledged[component].record(key, F[data]);
    if (members.copies > 1) {
      this.parts.losses.acknowledged(member);
      this.parts.consistency.record(key, branch, position);
      this.parts.ownWrites?.wrote(row, pack(position, branch));
    }
    this.parts.pins?.wrote(I[at + ICol.Op] >> 16, I[at + ICol.User], now);
    return Step.Continue;
  }

  /** Last position that as many copies hold as an acknowledgement needs. */
  private held(leader: number): number {
    const { members } = this.cluster;
    const { shipping } = this.parts;
    const { mode, acks } = this.own.replication;
    const own = members.slotOf(leader);
    let n = 0;
    let least = Infinity;
    for (let slot = 0; slot < members.copies; slot++) {
      const pair = shipping.pair(leader, slot);
      if (slot === own) continue;
      this.scratch[n++] = shipping.match[pair];
      if (shipping.follows[pair] === 1) least = Math.min(least, shipping.match[pair]);
    }
    if (mode === 'synchronous') return least;
    this.scratch[n] = -Infinity;
    this.scratch.sort();
    return this.scratch[n + 1 - acks];
  }

  private release(leader: number): void {
    if (this.own.replication.mode !== 'asynchronous') this.parts.waiting.release(leader, this.held(leader));
    this.parts.handover?.progress(leader);
  }
}
