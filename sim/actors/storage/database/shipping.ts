/**
 * Shipping the log: a leader streams each commit to each follower, as over TCP. A follower that stops answering is no
 * longer streamed to but tried again after a timeout, and catches up from what it holds when it answers.
 *
 * A stream dies with the process that sends: what had not arrived by then never does. So what an asynchronous primary
 * loses with its crash is what it wrote in the last delay of the path (RPO = replication lag, as planners count).
 *
 * The timeout follows the measured round trip, at least a second (RFC 6298). Catching up is paced by how fast the
 * follower applies, not by bandwidth, which is not modelled.
 */
import { Clock, type Cluster, Message, NOBODY, Role } from './cluster.ts';
import { Following, Shipped } from '../../../engine/key-records.ts';
import { doublesOf } from '../../../engine/memory.ts';
import { branchOf, pack, positionOf } from './logs.ts';

const LEAST_TIMEOUT_NS = 1_000_000_000;
/** Followers that nobody waits for say what they hold this long after they got something. */
const LAZY_NS = 100_000_000;

export class Shipping {
  /** A leader learnt what a follower holds: writes may go on. */
  onProgress: (leader: number) => void = () => {};
  /** A follower has more to apply. */
  onReceived: (member: number) => void = () => {};
  // Per leader and slot of its shard.
  /** What the follower is known to hold, of this leader's branch; -1: unknown. */
  readonly match: Float64Array<ArrayBuffer>;
  /** Has answered in this term. */
  readonly follows: Uint8Array;
  private readonly streaming: Int32Array<ArrayBuffer>;
  private readonly arrivals: Float64Array<ArrayBuffer>;
  private readonly progressNs: Float64Array<ArrayBuffer>;
  private readonly resentNs: Float64Array;
  /** A position whose round trip is being measured, since when, and what the last one took. */
  private readonly timed: Float64Array<ArrayBuffer>;
  private readonly timedNs: Float64Array<ArrayBuffer>;
  private readonly roundTripNs: Float64Array;
  // Per member.
  private readonly armed: Int32Array<ArrayBuffer>;
  /** 1: says before long what it holds. */
  private readonly lazy: Int32Array<ArrayBuffer>;

  /** @param eager writes wait for answers, so followers answer at once */
  constructor(
    private readonly cluster: Cluster,
    private readonly eager: boolean,
    private readonly fencing: boolean,
  ) {
    const { count, size } = cluster.members;
    const pairs = count * size;
    const { memory } = cluster.world;
    const doubles = (): Float64Array<ArrayBuffer> => doublesOf(memory.i32s(2 * pairs));
    this.match = doubles();
    this.follows = new Uint8Array(pairs).fill(1);
    this.streaming = memory.i32s(pairs).fill(1);
    this.arrivals = doubles();
    this.progressNs = doubles();
    this.resentNs = new Float64Array(pairs).fill(-Infinity);
    this.timed = doubles().fill(-1);
    this.timedNs = doubles();
    this.roundTripNs = new Float64Array(pairs);
    this.armed = memory.i32s(count);
    this.lazy = memory.i32s(count);
  }

  /** Tells the core what it must know to stream commits, and of who says what it holds. */
  publish(record: Int32Array): void {
    record[Following.Match] = this.match.byteOffset;
    record[Following.Progress] = this.progressNs.byteOffset;
    record[Following.Arrivals] = this.arrivals.byteOffset;
    record[Following.Timed] = this.timed.byteOffset;
    record[Following.TimedSince] = this.timedNs.byteOffset;
    record[Following.Streams] = this.streaming.byteOffset;
    record[Following.Armed] = this.armed.byteOffset;
    record[Following.Tells] = this.lazy.byteOffset;
    record[Following.Sent] = this.cluster.wire.sent.byteOffset;
  }

  pair(leader: number, slot: number): number {
    return leader * this.cluster.members.size + slot;
  }

  // At the leader.

  /** Sends the position just committed to every follower that keeps up. */
  committed(leader: number, position: number): void {
    const { members, now } = this.cluster;
    const own = members.slotOf(leader);
    for (let slot = 0; slot < members.copies; slot++) {
      if (slot === own) continue;
      const pair = this.pair(leader, slot);
      if (this.match[pair] === position - 1) this.progressNs[pair] = now;
      if (this.streaming[pair] === 1) this.ship(leader, slot, position, 1);
    }
    if (members.copies > 1) this.arm(leader);
  }

  private ship(leader: number, slot: number, upto: number, count: number): void {
    const { members, term, wire, now } = this.cluster;
    const pair = this.pair(leader, slot);
    if (count > 0 && this.timed[pair] < 0) {
      this.timed[pair] = upto;
      this.timedNs[pair] = now;
    }
    const to = members.nodeOf(members.firstOf(leader) + slot);
    wire.stream(
      this.arrivals,
      pair,
      members.nodeOf(leader),
      to,
      Message.Ship,
      term[leader],
      upto * Shipped.Counts + count,
    );
  }

  /** Sends what the follower lacks; streaming goes on if that is all of it. */
  private catchUp(leader: number, slot: number): void {
    const { logs, now } = this.cluster;
    const pair = this.pair(leader, slot);
    const head = logs.head[logs.branch[leader]];
    if (this.match[pair] < 0) {
      // No entries, so that the follower says what it holds.
      this.ship(leader, slot, head, 0);
      return;
    }
    const count = Math.min(head - this.match[pair], Shipped.Counts - 1);
    this.resentNs[pair] = now;
    this.streaming[pair] = this.match[pair] + count === head ? 1 : 0;
    this.ship(leader, slot, this.match[pair] + count, count);
  }

  private arm(leader: number): void {
    if (this.armed[leader] === 1) return;
    this.armed[leader] = 1;
    this.cluster.timer(leader, Clock.Resend, LEAST_TIMEOUT_NS);
  }

  /** Looks for followers that have been silent for too long. */
  resend(leader: number): void {
    this.armed[leader] = 0;
    const { members, logs, role, now } = this.cluster;
    if (role[leader] !== Role.Leader) return;
    const head = logs.head[logs.branch[leader]];
    const own = members.slotOf(leader);
    let outstanding = false;
    for (let slot = 0; slot < members.copies; slot++) {
      const pair = this.pair(leader, slot);
      if (slot === own || this.match[pair] >= head) continue;
      outstanding = true;
      if (now - this.progressNs[pair] < Math.max(LEAST_TIMEOUT_NS, 2 * this.roundTripNs[pair])) continue;
      this.progressNs[pair] = now;
      this.timed[pair] = -1;
      this.catchUp(leader, slot);
      this.streaming[pair] = 0;
    }
    if (outstanding) this.arm(leader);
  }

  /** A follower says what it holds; `gap` when it could not use what came. */
  acknowledged(leader: number, from: number, term: number, holds: number, gap: boolean): void {
    const { logs, members, role, now } = this.cluster;
    if (role[leader] !== Role.Leader || term !== this.cluster.term[leader]) return;
    if (branchOf(holds) !== logs.branch[leader]) return;
    const slot = members.slotOf(from);
    const pair = this.pair(leader, slot);
    const position = positionOf(holds);
    this.follows[pair] = 1;
    if (this.timed[pair] >= 0 && position >= this.timed[pair]) {
      this.roundTripNs[pair] = now - this.timedNs[pair];
      this.timed[pair] = -1;
    }
    if (position > this.match[pair]) {
      this.match[pair] = position;
      this.progressNs[pair] = now;
    }
    const lacks = position < logs.head[logs.branch[leader]];
    const again = gap && now - this.resentNs[pair] > this.roundTripNs[pair];
    if (lacks && (again || this.streaming[pair] === 0)) {
      // After a gap the follower may hold less than was thought: it says so itself.
      this.match[pair] = position;
      this.catchUp(leader, slot);
    } else if (this.streaming[pair] === 0) this.streaming[pair] = 1;
    this.onProgress(leader);
  }

  /** A new leader, or one that restarted, knows nothing of its followers. */
  lead(leader: number): void {
    const { members } = this.cluster;
    const from = this.pair(leader, 0);
    const to = from + members.size;
    this.match.fill(-1, from, to);
    this.follows.fill(0, from, to);
    this.streaming.fill(0, from, to);
    this.timed.fill(-1, from, to);
    this.progressNs.fill(this.cluster.now, from, to);
    this.arm(leader);
  }

  // At a follower.

  /** Entries arrive; `leader` is whom the member follows. */
  received(member: number, leader: number, data: number): void {
    const { logs, diedInTerm, term } = this.cluster;
    if (diedInTerm[leader] === term[member]) return;
    const upto = Math.floor(data / Shipped.Counts);
    const from = upto - (data % Shipped.Counts);
    if (from > logs.durable[member]) {
      this.answer(member, leader, Message.Gap);
      return;
    }
    if (upto > logs.durable[member]) {
      logs.durable[member] = upto;
      this.onReceived(member);
    }
    if (this.eager) this.answer(member, leader, Message.Ack);
    else if (this.lazy[member] === 0) {
      this.lazy[member] = 1;
      this.cluster.timer(member, Clock.LazyAck, LAZY_NS);
    }
  }

  answerLate(member: number): void {
    this.lazy[member] = 0;
    const leader = this.cluster.leader[member];
    if (leader !== NOBODY && leader !== member) this.answer(member, leader, Message.Ack);
  }

  /** Tells the leader what the member holds. */
  answer(member: number, leader: number, code: Message.Ack | Message.Gap): void {
    const { logs, members, term, wire } = this.cluster;
    const pair = this.pair(member, members.slotOf(leader));
    const holds = pack(logs.durable[member], logs.branch[member]);
    wire.stream(this.arrivals, pair, members.nodeOf(member), members.nodeOf(leader), code, term[member], holds);
  }

  /** The process is new. */
  restart(member: number): void {
    this.armed[member] = 0;
    this.lazy[member] = 0;
  }

  /** Does a member refuse what comes from an old term, saying so? */
  refuse(member: number, from: number): void {
    if (this.fencing) this.cluster.send(member, from, Message.NewTerm, this.cluster.term[member], 0);
  }
}
