/**
 * Elections as in Raft (Ongaro & Ousterhout, USENIX ATC 2014): a follower that has heard nothing from its leader for the
 * timeout and a random wait stands for the next term; whoever has the votes of a majority of the members, the witness
 * included, leads. A candidate asks whoever has not answered again with every heartbeat. A round without a majority is
 * repeated after another timeout and another random wait.
 *
 * So that a node which was cut off deposes nobody when it comes back: members that hear their leader ignore candidates
 * (Ongaro's dissertation, 4.2.3), and a candidate whom nobody has answered stands in the same term again, and goes back
 * to its leader if that turns up.
 */
import { identityKey } from '../../../random/keys.ts';
import { Clock, type Cluster, Message, Role } from './cluster.ts';
import type { Leadership } from './leadership.ts';
import { pack } from './logs.ts';

export interface ElectionSettings {
  heartbeatNs: number;
  timeoutNs: number;
  /** Distributions of the random wait on top of the timeout, and of the time to grant a vote. */
  wait: number;
  vote: number;
}

const NOBODY = -1;

const enum Answer {
  None = 0,
  No = 1,
  Yes = 2,
}

export class Election {
  /** Terms that somebody stood for. */
  elections = 0;
  private readonly heardNs: Float64Array;
  /** When a member's patience ends, and the earliest timer that watches it. */
  private readonly deadlineNs: Float64Array;
  private readonly armedNs: Float64Array;
  private readonly votedFor: Int32Array;
  private readonly votedIn: Int32Array;
  /** Somebody has answered the candidate, so its term is known to others. */
  private readonly answered: Uint8Array;
  /** Term of a candidate before it stood. */
  private readonly formerTerm: Int32Array;
  /** What they answered, by candidate and slot. */
  private readonly answers: Uint8Array;
  /** Counts the rounds of a candidate. */
  private readonly round: Int32Array;
  /** The term for which the leader before asked it to stand, 0: none. */
  private readonly invited: Int32Array;
  /** Has said that it misses its leader. */
  private readonly suspects: Uint8Array;
  private readonly a: number;
  private readonly b: number;
  private draws = 0;

  constructor(
    private readonly cluster: Cluster,
    private readonly leadership: Leadership,
    private readonly settings: ElectionSettings,
  ) {
    const { count, size } = cluster.members;
    this.heardNs = new Float64Array(count).fill(-Infinity);
    this.deadlineNs = new Float64Array(count).fill(Infinity);
    this.armedNs = new Float64Array(count).fill(Infinity);
    this.votedFor = new Int32Array(count).fill(NOBODY);
    this.votedIn = new Int32Array(count);
    this.answered = new Uint8Array(count);
    this.formerTerm = new Int32Array(count);
    this.answers = new Uint8Array(count * size);
    this.round = new Int32Array(count);
    this.suspects = new Uint8Array(count);
    this.invited = new Int32Array(count);
    [this.a, this.b] = identityKey(cluster.world.seed, cluster.name, 'election');
    leadership.onContact = (member) => this.heard(member);
    leadership.onSteppedDown = (member) => this.wait(member);
    leadership.onOlderLeader = (member, term) => this.goesBack(member, term);
  }

  private draw(distribution: number): number {
    const { sampler } = this.cluster.world;
    sampler.sample(distribution, this.a, (this.b + ++this.draws) | 0, 0);
    return Math.round(sampler.out[0]);
  }

  private heard(member: number): void {
    this.heardNs[member] = this.cluster.now;
    this.suspects[member] = 0;
    this.wait(member);
  }

  /** Patience begins anew. */
  wait(member: number): void {
    const { cluster, settings } = this;
    if (cluster.members.isWitness(member)) return;
    const delay = settings.timeoutNs + this.draw(settings.wait);
    this.deadlineNs[member] = cluster.now + delay;
    if (this.deadlineNs[member] < this.armedNs[member]) this.arm(member);
  }

  private arm(member: number): void {
    const due = this.deadlineNs[member];
    this.armedNs[member] = due;
    this.cluster.timer(member, Clock.Election, due - this.cluster.now, due);
  }

  /** A timer set for `due` fires: heartbeats have usually moved the deadline on. */
  onTimer(member: number, due: number): void {
    if (due !== this.armedNs[member]) return;
    this.armedNs[member] = Infinity;
    const { cluster } = this;
    if (cluster.role[member] === Role.Leader) return;
    if (cluster.now < this.deadlineNs[member]) this.arm(member);
    else this.stand(member);
  }

  /** A new process: what it knew of leaders is gone, its vote is on disk. */
  restart(member: number): void {
    this.armedNs[member] = Infinity;
    this.heardNs[member] = -Infinity;
    this.suspects[member] = 0;
    this.wait(member);
  }

  // The candidate.

  private stand(member: number): void {
    const { cluster } = this;
    if (this.suspects[member] === 0) {
      this.suspects[member] = 1;
      const text = `${cluster.nameOf(member)} hears nothing from its primary`;
      cluster.world.history.add('detected', cluster.component, cluster.members.nodeOf(member), text);
    }
    this.candidate(member);
  }

  /** The leader of `term` asks the member to stand for the next one: it does so at once. */
  invite(member: number, leader: number, term: number): void {
    const { cluster } = this;
    const follows = cluster.role[member] === Role.Follower && cluster.leader[member] === leader;
    if (!follows || cluster.term[member] !== term) return;
    this.invited[member] = term + 1;
    this.candidate(member);
  }

  private candidate(member: number): void {
    const { cluster } = this;
    if (cluster.role[member] === Role.Follower || this.answered[member] === 1) {
      this.formerTerm[member] = cluster.term[member]++;
      this.answered[member] = 0;
      this.elections++;
    }
    cluster.role[member] = Role.Candidate;
    cluster.leader[member] = NOBODY;
    this.votedFor[member] = member;
    this.votedIn[member] = cluster.term[member];
    this.canvass(member);
  }

  /** A leader of an older term turns up: a candidate whom nobody has answered follows it. */
  private goesBack(member: number, term: number): boolean {
    const { cluster } = this;
    const unheard = cluster.role[member] === Role.Candidate && this.answered[member] === 0;
    if (!unheard || term < this.formerTerm[member]) return false;
    cluster.term[member] = this.formerTerm[member];
    return true;
  }

  /** Asks everybody, and gives them until the next timeout. */
  private canvass(member: number): void {
    const { members } = this.cluster;
    this.answers.fill(Answer.None, member * members.size, (member + 1) * members.size);
    this.round[member]++;
    this.wait(member);
    this.askAround(member, this.round[member]);
    this.count(member, member, Answer.Yes);
  }

  /** Asks those who have not answered in this round of the candidate; and again a heartbeat later. */
  askAround(member: number, round: number): void {
    const { cluster } = this;
    const { members, logs, term } = cluster;
    if (cluster.role[member] !== Role.Candidate || this.round[member] !== round) return;
    const first = members.firstOf(member);
    const end = pack(logs.durable[member], logs.branch[member]);
    const code = this.invited[member] === term[member] ? Message.Claim : Message.Vote;
    for (let slot = 0; slot < members.size; slot++) {
      if (first + slot === member || this.answers[member * members.size + slot] !== Answer.None) continue;
      cluster.send(member, first + slot, code, term[member], end);
    }
    cluster.timer(member, Clock.Canvass, this.settings.heartbeatNs, round);
  }

  /** An answer to the candidate, its own vote included. */
  private count(member: number, from: number, answer: Answer): void {
    const { members } = this.cluster;
    const at = member * members.size;
    this.answers[at + members.slotOf(from)] = answer;
    let votes = 0;
    for (let slot = 0; slot < members.size; slot++) if (this.answers[at + slot] === Answer.Yes) votes++;
    if (votes >= members.majority) {
      this.leadership.lead(member, `is elected with ${votes} of ${members.size} votes`);
    }
  }

  // Messages.

  /** One vote a term, for a candidate whose log is not behind; none while the member hears its leader, unless that asked for it. */
  onVote(member: number, candidate: number, term: number, log: number, claims: boolean): void {
    const { cluster } = this;
    if (term < cluster.term[member]) {
      cluster.send(member, candidate, Message.NewTerm, cluster.term[member], 0);
      return;
    }
    const hears = cluster.now < this.heardNs[member] + this.settings.timeoutNs;
    if (!claims && (hears || this.leadership.isSure(member))) return;
    this.leadership.learn(member, term);
    const free = this.votedIn[member] !== term || this.votedFor[member] === candidate;
    if (!free || cluster.role[member] === Role.Leader || !this.prefers(member, log)) {
      cluster.send(member, candidate, Message.VoteNo, term, 0);
      return;
    }
    this.votedFor[member] = candidate;
    this.votedIn[member] = term;
    this.wait(member);
    const delay = this.draw(this.settings.vote);
    if (delay === 0) cluster.send(member, candidate, Message.VoteYes, term, 0);
    else {
      const node = cluster.members.nodeOf(member);
      cluster.kernel.timer(
        cluster.component,
        node,
        Clock.Grant,
        delay,
        member,
        pack(term, candidate % cluster.members.size),
      );
    }
  }

  /** The vote is on disk. */
  grant(member: number, term: number, slot: number): void {
    const candidate = this.cluster.members.firstOf(member) + slot;
    this.cluster.send(member, candidate, Message.VoteYes, term, 0);
  }

  /** An answer reaches a candidate. */
  onAnswer(member: number, from: number, term: number, yes: boolean): void {
    const { cluster } = this;
    if (cluster.role[member] !== Role.Candidate || cluster.term[member] !== term) return;
    this.answered[member] = 1;
    this.count(member, from, yes ? Answer.Yes : Answer.No);
  }

  private prefers(member: number, log: number): boolean {
    return this.cluster.members.isWitness(member) || this.cluster.logs.isUpToDate(log, member);
  }
}
