/**
 * How the copies of a multi-primary database pass their writes on: each sends its own log to every other, in order, at
 * once and without waiting (asynchronously). Who has taken entries confirms them; what stays unconfirmed is sent again.
 *
 * A copy is a shard's node; `slot` is its number among the copies of its shard. State of a copy is touched only when a
 * message reaches it.
 */
import type { Kernel } from '../../../engine/kernel.ts';
import type { World } from '../../../engine/world.ts';
import { Clock, Message } from './cluster.ts';
import { OriginLog } from './origin-log.ts';
import { Wire } from './wire.ts';

/** Most entries of one message: what is sent again after a long silence goes in portions. */
const MOST_ENTRIES = 4096;
/** A message's data hold its first position times this, plus how many entries it has. */
const PORTION = 8192;

export interface ExchangeSettings {
  copies: number;
  /** What is not confirmed after so long is sent again, ns. */
  repairNs: number;
  /** Operation of the work of applying one write, -1: it takes no time. */
  applyWork: number;
}

export class Exchange {
  /** Of every copy, by node. */
  readonly logs: OriginLog[];
  /** By node and slot of a peer: sent to it, and confirmed by it. */
  private readonly sent: Float64Array;
  private readonly confirmed: Float64Array;
  /** By node and slot of a writer: applied here, and received in order but not applied yet. */
  readonly applied: Float64Array;
  private readonly received: Float64Array;
  private readonly working: Uint8Array;
  /** The same, as it was at the last look. */
  private readonly looked: Float64Array;
  /** Of the connections: when the last message arrives. */
  private readonly arrivals: Float64Array;
  /** By node: somebody has not had its writes for a while; it will look again. */
  private readonly behind: Uint8Array;
  private readonly repairing: Uint8Array;
  private readonly wire: Wire;
  /** A copy applies an entry: what it means is not known here. */
  onEntry: (copy: number, writer: number, position: number) => void = () => {};

  constructor(
    private readonly kernel: Kernel,
    private readonly world: World,
    private readonly component: number,
    private readonly firstNode: number,
    nodes: number,
    private readonly settings: ExchangeSettings,
  ) {
    const { copies } = settings;
    this.logs = Array.from({ length: nodes }, () => new OriginLog(copies));
    this.sent = new Float64Array(nodes * copies);
    this.confirmed = new Float64Array(nodes * copies);
    this.applied = new Float64Array(nodes * copies);
    this.received = new Float64Array(nodes * copies);
    this.working = new Uint8Array(nodes * copies);
    this.looked = new Float64Array(nodes * copies).fill(-1);
    this.arrivals = new Float64Array(nodes * copies);
    this.behind = new Uint8Array(nodes);
    this.repairing = new Uint8Array(nodes);
    this.wire = new Wire(kernel, world, component);
  }

  /** Number of a copy's peer. */
  private peer(copy: number, slot: number): number {
    return copy - (copy % this.settings.copies) + slot;
  }

  // At the writer.

  /** A copy has written up to its log's head: everybody else is to have it. */
  spread(copy: number): void {
    const { copies } = this.settings;
    const own = copy % copies;
    for (let slot = 0; slot < copies; slot++) if (slot !== own) this.send(copy, slot);
    if (this.repairing[copy] === 0) this.repairLater(copy);
  }

  /** Sends what has not been sent yet. */
  private send(copy: number, slot: number): void {
    const at = copy * this.settings.copies + slot;
    const { head } = this.logs[copy];
    while (this.sent[at] < head) {
      const count = Math.min(MOST_ENTRIES, head - this.sent[at]);
      const data = (this.sent[at] + 1) * PORTION + count;
      this.stream(copy, slot, Message.Entries, data);
      this.sent[at] += count;
      // A long backlog goes on when this portion is confirmed.
      if (count === MOST_ENTRIES) return;
    }
  }

  private stream(copy: number, slot: number, code: Message, data: number): void {
    const to = this.firstNode + this.peer(copy, slot);
    const at = copy * this.settings.copies + slot;
    this.wire.stream(this.arrivals, at, this.firstNode + copy, to, code, 0, data);
  }

  private repairLater(copy: number): void {
    this.repairing[copy] = 1;
    this.kernel.timer(this.component, this.firstNode + copy, Clock.Repair, this.settings.repairNs, copy);
  }

  /** What has not been confirmed since the last look is sent again. */
  repair(copy: number): void {
    const { copies } = this.settings;
    const own = copy % copies;
    this.repairing[copy] = 0;
    let waits = false;
    let stuck = false;
    for (let slot = 0; slot < copies; slot++) {
      const at = copy * copies + slot;
      if (slot === own || this.confirmed[at] === this.logs[copy].head) continue;
      waits = true;
      if (this.isStuck(at)) {
        stuck = true;
        this.sent[at] = this.confirmed[at];
        this.send(copy, slot);
      }
    }
    if (stuck) this.behind[copy] = 1;
    if (waits) this.repairLater(copy);
  }

  /** Has nothing been confirmed since the last look? */
  private isStuck(at: number): boolean {
    const same = this.looked[at] === this.confirmed[at];
    this.looked[at] = this.confirmed[at];
    return same;
  }

  /** A peer says what it has applied. */
  confirm(copy: number, slot: number, position: number): void {
    const { copies } = this.settings;
    const at = copy * copies + slot;
    if (position <= this.confirmed[at]) return;
    this.confirmed[at] = position;
    if (this.sent[at] < position) this.sent[at] = position;
    this.send(copy, slot);
    let least = Infinity;
    for (let s = 0; s < copies; s++)
      if (s !== copy % copies) least = Math.min(least, this.confirmed[copy * copies + s]);
    this.logs[copy].trim(least);
    if (this.behind[copy] === 1 && least === this.logs[copy].head) this.caughtUp(copy);
  }

  private caughtUp(copy: number): void {
    const { history, nodes } = this.world;
    this.behind[copy] = 0;
    const node = this.firstNode + copy;
    history.add('converged', this.component, node, `every copy has the writes of ${nodes.nameOf(node)} again`);
  }

  // At the others.

  /** Entries reach a copy; what does not follow on what it has is dropped, and sent again in time. */
  take(copy: number, writer: number, data: number): void {
    const at = copy * this.settings.copies + writer;
    const count = data % PORTION;
    const first = (data - count) / PORTION;
    if (first > this.received[at] + 1) return;
    this.received[at] = Math.max(this.received[at], first + count - 1);
    if (this.working[at] === 0) this.work(copy, writer);
  }

  private work(copy: number, writer: number): void {
    const at = copy * this.settings.copies + writer;
    const { applyWork } = this.settings;
    if (applyWork < 0) {
      while (this.applied[at] < this.received[at]) this.apply(copy, writer);
      this.reply(copy, writer);
      return;
    }
    if (this.applied[at] === this.received[at]) {
      this.reply(copy, writer);
      return;
    }
    this.working[at] = 1;
    this.kernel.spawn(this.firstNode + copy, applyWork, 0, 0, writer);
  }

  /** The work of one entry is done. */
  worked(copy: number, writer: number): void {
    const at = copy * this.settings.copies + writer;
    if (this.working[at] === 0) return;
    this.working[at] = 0;
    this.apply(copy, writer);
    this.work(copy, writer);
  }

  private apply(copy: number, writer: number): void {
    const position = ++this.applied[copy * this.settings.copies + writer];
    this.onEntry(copy, this.peer(copy, writer), position);
  }

  private reply(copy: number, writer: number): void {
    const to = this.firstNode + this.peer(copy, writer);
    this.wire.datagram(
      this.firstNode + copy,
      to,
      Message.Confirm,
      0,
      this.applied[copy * this.settings.copies + writer],
    );
  }

  // Crashes.

  /** The process died: what was under way to it, or in its hands, is gone; what it has applied is on its disk. */
  died(copy: number): void {
    const { copies } = this.settings;
    for (let slot = 0; slot < copies; slot++) {
      const at = copy * copies + slot;
      this.working[at] = 0;
      this.received[at] = this.applied[at];
      this.sent[at] = this.confirmed[at];
    }
    this.repairing[copy] = 0;
  }

  /** A new process goes on where the log says. */
  started(copy: number): void {
    if (this.logs[copy].head > 0) this.spread(copy);
  }

  /** Last position of a copy's log that every other has applied; for accounting. */
  least(copy: number): number {
    const { copies } = this.settings;
    const own = copy % copies;
    let least = Infinity;
    for (let slot = 0; slot < copies; slot++)
      if (slot !== own) least = Math.min(least, this.applied[this.peer(copy, slot) * copies + own]);
    return least;
  }

  /** Last position of a copy's log that some other has applied; for accounting. */
  held(copy: number, counts: (peer: number) => boolean): number {
    const { copies } = this.settings;
    const own = copy % copies;
    let most = 0;
    for (let slot = 0; slot < copies; slot++) {
      const peer = this.peer(copy, slot);
      if (slot !== own && counts(peer)) most = Math.max(most, this.applied[peer * copies + own]);
    }
    return most;
  }
}
