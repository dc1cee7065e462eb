/**
 * Leaderless copies: a coordinator sends each write to all n copies and answers after w of them, each read to all n and
 * answers with the newest of r versions.
 *
 * The four delays of a message pair are those of the WARS model (Bailis et al., "Probabilistically Bounded Staleness for
 * Practical Partial Quorums", VLDB 2012); without them the network's. The coordinator is the copy that the caller picked;
 * a write reaches every copy in the end unless it is down: there is no repair. A coordinator gives up after ten seconds.
 */
import type { Kernel } from '../../../engine/kernel.ts';
import { NodeState } from '../../../engine/nodes.ts';
import { FCol, Flag, ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import type { World } from '../../../engine/world.ts';
import { Step } from '../../../engine/actor-instance.ts';
import { derive } from '../../../random/counter.ts';
import { Clock, Message } from './cluster.ts';
import { Operations } from './operations.ts';
import { Versions } from './versions.ts';

const GIVE_UP_NS = 10_000_000_000;
/** Operations whose messages were lost under way are forgotten after this long. */
const FORGET_NS = 60_000_000_000;
const SWEEP_NS = 1_000_000_000;

export interface QuorumSettings {
  n: number;
  r: number;
  w: number;
  /** Distributions of the delays W, A, R and S; null: the network's. */
  delays: readonly [number, number, number, number] | null;
  /** Operations of the work that a copy does for a read and for a write, -1: none. */
  readWork: number;
  writeWork: number;
}

/** Legs of a conversation, in the order of `delays`; also part of what their draws are named by. */
const enum Leg {
  Write = 0,
  Ack = 1,
  Read = 2,
  Response = 3,
}

const DRAW = 0x73000000;

export class Quorum {
  readonly versions: Versions;
  private readonly operations = new Operations();
  private readonly identity = new Int32Array(2);
  private sweeping = false;

  constructor(
    private readonly kernel: Kernel,
    private readonly world: World,
    private readonly component: number,
    private readonly firstNode: number,
    private readonly settings: QuorumSettings,
  ) {
    this.versions = new Versions(settings.n, () => this.operations.oldestVersion());
  }

  // At the coordinator.

  /** Begins the operation of a row and suspends it. */
  begin(row: number, isWrite: boolean): number {
    const { rows, clock } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    const slot = this.operations.take();
    if (slot === Id.None) {
      I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | Status.Rejected;
      return Step.Finish;
    }
    const ops = this.operations;
    ops.row[slot] = row;
    ops.key[slot] = I[at + ICol.Key];
    ops.coordinator[slot] = I[at + ICol.Node];
    ops.needs[slot] = isWrite ? this.settings.w : this.settings.r;
    ops.left[slot] = 0;
    ops.idA[slot] = I[at + ICol.IdA];
    ops.idB[slot] = I[at + ICol.IdB];
    ops.isWrite[slot] = isWrite ? 1 : 0;
    ops.version[slot] = isWrite ? this.versions.next(clock[0]) : 0;
    ops.startedNs[slot] = clock[0];
    I[at + ICol.Join] = slot;
    this.sendToAll(slot, isWrite ? Message.CopyWrite : Message.CopyRead);
    this.sweepLater();
    return Step.Suspend;
  }

  private sendToAll(slot: number, code: Message): void {
    const coordinator = this.operations.coordinator[slot];
    const first = this.copyZero(coordinator);
    const leg = code === Message.CopyWrite ? Leg.Write : Leg.Read;
    for (let copy = 0; copy < this.settings.n; copy++) {
      if (!this.reaches(coordinator, first + copy)) continue;
      this.operations.left[slot]++;
      this.send(coordinator, first + copy, code, slot, leg, copy, 0);
    }
  }

  /** First node of the shard that a node belongs to. */
  private copyZero(node: number): number {
    return node - ((node - this.firstNode) % this.settings.n);
  }

  /** Bookkeeping of messages that cannot arrive: their operation need not be kept for them. */
  private reaches(from: number, to: number): boolean {
    const { nodes, network } = this.world;
    if (network.isCut && !network.passes(from, to)) return false;
    return nodes.accepts(to) || nodes.state[to] === NodeState.Paused;
  }

  private send(from: number, to: number, code: Message, slot: number, leg: Leg, copy: number, data: number): void {
    const { network, sampler, pathBetween, nodes } = this.world;
    const { idA, idB } = this.operations;
    const step = DRAW + copy * 4 + leg;
    let delay = 0;
    if (this.settings.delays !== null) {
      sampler.sample(this.settings.delays[leg], idA[slot], idB[slot], step);
      delay = sampler.out[0];
    } else if (from !== to) {
      network.travel(
        pathBetween(nodes.component[from], nodes.component[to]),
        false,
        idA[slot],
        idB[slot],
        step,
        from,
        to,
      );
      delay = network.out[0];
    }
    this.kernel.message(this.component, from, to, code, this.operations.handle(slot), data, delay);
  }

  /** An answer reaches the coordinator. */
  answered(handle: number, isWrite: boolean, version: number): void {
    const ops = this.operations;
    const slot = ops.find(handle);
    if (slot === Id.None) return;
    if (!isWrite && version > ops.version[slot]) ops.version[slot] = version;
    const enough = --ops.needs[slot] === 0;
    const row = ops.row[slot];
    if (enough && row !== Id.None) {
      if (isWrite) this.versions.acknowledge(ops.key[slot], ops.version[slot]);
      this.resume(slot, row, Status.Ok);
    }
    this.delivered(slot);
  }

  /** One message of the operation less to come. */
  private delivered(slot: number): void {
    const ops = this.operations;
    if (--ops.left[slot] <= 0 && ops.row[slot] === Id.None) ops.free(slot);
  }

  private resume(slot: number, row: number, status: Status): void {
    const { rows } = this.world;
    const flags = row * Stride.I + ICol.Flags;
    rows.I[flags] = (rows.I[flags] & ~Flag.StatusMask) | status;
    rows.F[row * Stride.F + FCol.Work] = rows.F[row * Stride.F + FCol.Data];
    rows.F[row * Stride.F + FCol.Data] = this.operations.version[slot];
    this.operations.row[slot] = Id.None;
    this.kernel.resume(row);
  }

  /** The row died with its coordinator. */
  gone(row: number): void {
    const slot = this.world.rows.I[row * Stride.I + ICol.Join];
    if (this.operations.row[slot] === row) this.operations.row[slot] = Id.None;
  }

  // At a copy.

  /** A question arrives at a copy: it works, if that costs anything, and answers. */
  asked(node: number, handle: number, isWrite: boolean): void {
    const slot = this.operations.find(handle);
    if (slot === Id.None) return;
    const work = isWrite ? this.settings.writeWork : this.settings.readWork;
    if (work < 0) this.done(node, handle, isWrite);
    else this.start(node, work, slot, handle);
  }

  /** What the work costs is drawn by request and copy. */
  private start(node: number, work: number, slot: number, handle: number): void {
    const { rows } = this.world;
    const ops = this.operations;
    const at = this.kernel.spawn(node, work, ops.key[slot], 0, handle) * Stride.I;
    derive(ops.idA[slot], ops.idB[slot], DRAW, (node - this.firstNode) % this.settings.n, this.identity);
    rows.I[at + ICol.IdA] = this.identity[0];
    rows.I[at + ICol.IdB] = this.identity[1];
  }

  /** The copy has done its work: takes or reads the version, and answers. */
  done(node: number, handle: number, isWrite: boolean): void {
    const ops = this.operations;
    const slot = ops.find(handle);
    if (slot === Id.None) return;
    const copy = (node - this.firstNode) % this.settings.n;
    const coordinator = ops.coordinator[slot];
    let version = 0;
    if (isWrite) this.versions.store(ops.key[slot], copy, ops.version[slot]);
    else version = this.versions.at(ops.key[slot], copy);
    if (!this.reaches(node, coordinator)) this.delivered(slot);
    else if (isWrite) this.send(node, coordinator, Message.CopyWritten, slot, Leg.Ack, copy, 0);
    else this.send(node, coordinator, Message.CopyReturned, slot, Leg.Response, copy, version);
  }

  // Now and then.

  private sweepLater(): void {
    if (this.sweeping) return;
    this.sweeping = true;
    this.kernel.timer(this.component, Id.None, Clock.Sweep, SWEEP_NS);
  }

  /** Gives up operations that have waited too long for their answers, and forgets those whose messages are lost. */
  sweep(): void {
    const ops = this.operations;
    const now = this.world.clock[0];
    for (let slot = 0; slot < ops.capacity; slot++) {
      if (!ops.isLive(slot)) continue;
      const age = now - ops.startedNs[slot];
      const row = ops.row[slot];
      if (row !== Id.None && age >= GIVE_UP_NS) this.resume(slot, row, Status.Error);
      if (ops.row[slot] === Id.None && (ops.left[slot] <= 0 || age >= FORGET_NS)) ops.free(slot);
    }
    this.sweeping = false;
    if (ops.live > 0) this.sweepLater();
  }
}
