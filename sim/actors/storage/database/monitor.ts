/**
 * Failover by a monitor: one process outside the database that asks each primary for a sign of life every heartbeat.
 * After the timeout without an answer it asks the copies what they hold, and promotes the one that holds most.
 *
 * An answer from a copy that does not lead (a primary that restarted) is as good as silence. The question to the copies
 * carries a new term: with fencing they refuse the old primary from then on.
 */
import { Clock, type Cluster, Message, Role } from './cluster.ts';
import type { Leadership } from './leadership.ts';
import { pack } from './logs.ts';

export interface MonitorSettings {
  heartbeatNs: number;
  timeoutNs: number;
  fencing: boolean;
}

const enum Phase {
  Watching = 0,
  /** Waits for the copies to say what they hold. */
  Asking = 1,
}

const NOTHING = -1;

export class Monitor {
  /** Primaries chosen. */
  choices = 0;
  // Per shard, what the monitor knows.
  private readonly phase: Uint8Array;
  private readonly term: Int32Array;
  /** Slot of the primary. */
  private readonly primary: Int32Array;
  private readonly heardNs: Float64Array;
  private readonly chosenNs: Float64Array;
  private readonly answers: Int32Array;
  private readonly best: Float64Array;
  private readonly bestSlot: Int32Array;

  /** @param node of the monitor */
  constructor(
    private readonly cluster: Cluster,
    private readonly leadership: Leadership,
    private readonly node: number,
    private readonly settings: MonitorSettings,
  ) {
    const { shards } = cluster.members;
    this.phase = new Uint8Array(shards);
    this.term = new Int32Array(shards).fill(1);
    this.primary = new Int32Array(shards);
    this.heardNs = new Float64Array(shards);
    this.chosenNs = new Float64Array(shards).fill(-Infinity);
    this.answers = new Int32Array(shards);
    this.best = new Float64Array(shards).fill(NOTHING);
    this.bestSlot = new Int32Array(shards);
  }

  /** Time zero: begins to watch a shard, `offset` (0…1) of a heartbeat late. */
  begin(shard: number, offset: number): void {
    this.again(shard, Clock.Monitor, Math.round(this.settings.heartbeatNs * offset));
  }

  private again(shard: number, code: Clock, delayNs: number, data = 0): void {
    this.cluster.kernel.timer(this.cluster.component, this.node, code, delayNs, shard, data);
  }

  private send(shard: number, slot: number, code: Message): void {
    const { members, wire } = this.cluster;
    wire.datagram(this.node, members.nodeOf(shard * members.size + slot), code, this.term[shard], 0);
  }

  /** Every heartbeat. */
  tick(shard: number): void {
    this.again(shard, Clock.Monitor, this.settings.heartbeatNs);
    if (this.phase[shard] === Phase.Asking) return;
    if (this.cluster.now - this.heardNs[shard] <= this.settings.timeoutNs)
      this.send(shard, this.primary[shard], Message.Probe);
    else this.conclude(shard, 'does not answer the monitor');
  }

  /** The primary is gone, as far as the monitor can tell. */
  private conclude(shard: number, why: string): void {
    const { world, component, members } = this.cluster;
    const old = members.nodeOf(shard * members.size + this.primary[shard]);
    world.history.add('detected', component, old, `${world.nodes.nameOf(old)} ${why}`);
    this.ask(shard);
  }

  private ask(shard: number): void {
    this.phase[shard] = Phase.Asking;
    this.term[shard]++;
    this.answers[shard] = 0;
    this.best[shard] = NOTHING;
    for (let slot = 0; slot < this.cluster.members.copies; slot++) this.send(shard, slot, Message.Ask);
    this.again(shard, Clock.Choose, this.settings.heartbeatNs, this.term[shard]);
  }

  /** Enough answers, or enough time: promotes the copy that holds most. */
  choose(shard: number, term: number): void {
    if (this.phase[shard] !== Phase.Asking || this.term[shard] !== term) return;
    if (this.best[shard] === NOTHING) {
      this.ask(shard);
      return;
    }
    this.phase[shard] = Phase.Watching;
    this.primary[shard] = this.bestSlot[shard];
    this.promote(shard);
  }

  /** The primary has drained and hands over to the first copy. */
  onHandOver(shard: number, slot: number, term: number): void {
    if (this.phase[shard] !== Phase.Watching || slot !== this.primary[shard] || term !== this.term[shard]) return;
    this.term[shard]++;
    this.primary[shard] = 0;
    this.promote(shard);
  }

  private promote(shard: number): void {
    this.heardNs[shard] = this.cluster.now;
    this.chosenNs[shard] = this.cluster.now;
    this.choices++;
    this.send(shard, this.primary[shard], Message.Promote);
  }

  // Answers that reach the monitor.

  onProbeAnswer(shard: number, slot: number, term: number, leads: boolean): void {
    if (this.phase[shard] !== Phase.Watching || slot !== this.primary[shard] || term !== this.term[shard]) return;
    if (leads) this.heardNs[shard] = this.cluster.now;
    // A question may have overtaken the promotion.
    else if (this.cluster.now - this.chosenNs[shard] > this.settings.heartbeatNs)
      this.conclude(shard, 'no longer leads');
  }

  onHolds(shard: number, slot: number, term: number, log: number): void {
    if (this.phase[shard] !== Phase.Asking || term !== this.term[shard]) return;
    const best = this.best[shard];
    const order = best === NOTHING ? 1 : this.cluster.logs.compare(log, best);
    if (order > 0 || (order === 0 && slot < this.bestSlot[shard])) {
      this.best[shard] = log;
      this.bestSlot[shard] = slot;
    }
    if (++this.answers[shard] === this.cluster.members.copies - 1) this.choose(shard, term);
  }

  // Questions that reach a copy.

  onProbe(member: number, term: number): void {
    const { cluster } = this;
    const leads = cluster.role[member] === Role.Leader && cluster.term[member] === term;
    if (leads) this.leadership.probed(member);
    this.answer(member, Message.ProbeAnswer, term, leads ? 1 : 0);
  }

  onAsk(member: number, term: number): void {
    const { cluster } = this;
    if (this.settings.fencing) this.leadership.learn(member, term);
    this.answer(member, Message.Holds, term, pack(cluster.logs.durable[member], cluster.logs.branch[member]));
  }

  onPromote(member: number, term: number): void {
    const { cluster } = this;
    const already = cluster.role[member] === Role.Leader && cluster.term[member] === term;
    if (term < cluster.term[member] || already) return;
    this.leadership.learn(member, term);
    this.leadership.lead(member, 'is chosen by the monitor');
  }

  private answer(member: number, code: Message, term: number, data: number): void {
    this.cluster.wire.datagram(this.cluster.members.nodeOf(member), this.node, code, term, data);
  }
}
