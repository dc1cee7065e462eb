/**
 * Elections as in Raft (Ongaro & Ousterhout, USENIX ATC 2014): a follower that has heard nothing from its leader for the
 * timeout and a random wait stands for the next term; whoever has a majority of the members, the witness included, leads.
 *
 * Before it stands it asks whether it would win (pre-vote, Ongaro's dissertation, 9.6): members that hear a leader say
 * no, so a node that comes back from isolation does not depose anybody. A round without a majority is repeated after
 * another timeout and another random wait.
 */
import { identityKey } from '../../../random/keys.ts';
import { Clock, type Cluster, Message, Role } from './cluster.ts';
import type { Leadership } from './leadership.ts';
import { pack } from './logs.ts';

export interface ElectionSettings {
  timeoutNs: number;
  /** Distributions of the random wait on top of the timeout, and of the time to grant a vote. */
  wait: number;
  vote: number;
}

const NOBODY = -1;

export class Election {
  /** Candidacies that asked for real votes. */
  elections = 0;
  private readonly heardNs: Float64Array;
  /** When a member's patience ends, and the earliest timer that watches it. */
  private readonly deadlineNs: Float64Array;
  private readonly armedNs: Float64Array;
  private readonly votedFor: Int32Array;
  private readonly votedIn: Int32Array;
  /** Stands for real: the dry run is over. */
  private readonly stands: Uint8Array;
  /** Who said yes, by candidate and slot. */
  private readonly ayes: Uint8Array;
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
    this.stands = new Uint8Array(count);
    this.ayes = new Uint8Array(count * size);
    this.suspects = new Uint8Array(count);
    [this.a, this.b] = identityKey(cluster.world.seed, cluster.world.components.name[cluster.component], 'election');
    leadership.onContact = (member) => this.heard(member);
    leadership.onSteppedDown = (member) => this.wait(member);
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
    else this.ask(member);
  }

  /** A new process: what it knew of leaders is gone, its vote is on disk. */
  restart(member: number): void {
    this.armedNs[member] = Infinity;
    this.heardNs[member] = -Infinity;
    this.suspects[member] = 0;
    this.wait(member);
  }

  // The candidate.

  /** The dry run: would the others elect it? */
  private ask(member: number): void {
    const { cluster } = this;
    if (this.suspects[member] === 0) {
      this.suspects[member] = 1;
      const text = `${cluster.nameOf(member)} hears nothing from its primary`;
      cluster.world.history.add('detected', cluster.component, cluster.members.nodeOf(member), text);
    }
    cluster.role[member] = Role.Candidate;
    this.stands[member] = 0;
    this.canvass(member, Message.PreVote);
  }

  private stand(member: number): void {
    const { cluster } = this;
    cluster.term[member]++;
    cluster.leader[member] = NOBODY;
    this.votedFor[member] = member;
    this.votedIn[member] = cluster.term[member];
    this.stands[member] = 1;
    this.elections++;
    this.canvass(member, Message.Vote);
  }

  /** Asks everybody, and gives them until the next timeout. */
  private canvass(member: number, code: Message): void {
    const { cluster } = this;
    const { members, logs, term } = cluster;
    const first = members.firstOf(member);
    const end = pack(logs.durable[member], logs.branch[member]);
    this.ayes.fill(0, member * members.size, (member + 1) * members.size);
    this.wait(member);
    for (let m = first; m < first + members.size; m++) {
      if (m !== member) cluster.send(member, m, code, term[member], end);
    }
    this.aye(member, member);
  }

  /** A vote for the candidate, its own included. */
  private aye(member: number, from: number): void {
    const { members } = this.cluster;
    const at = member * members.size;
    this.ayes[at + members.slotOf(from)] = 1;
    let votes = 0;
    for (let slot = 0; slot < members.size; slot++) votes += this.ayes[at + slot];
    if (votes < members.majority) return;
    if (this.stands[member] === 0) this.stand(member);
    else this.leadership.lead(member, `is elected with ${votes} of ${members.size} votes`);
  }

  // Messages.

  /** Would the member vote for the candidate? Not while it hears a leader. */
  onPreVote(member: number, candidate: number, term: number, log: number): void {
    const { cluster, settings } = this;
    if (this.isBehind(member, candidate, term)) return;
    const led = cluster.role[member] === Role.Leader || cluster.now < this.heardNs[member] + settings.timeoutNs;
    if (!led && this.prefers(member, log)) cluster.send(member, candidate, Message.PreVoteYes, term, 0);
  }

  onPreVoteYes(member: number, from: number, term: number): void {
    if (this.runs(member, term) && this.stands[member] === 0) this.aye(member, from);
  }

  /** One vote a term, for a candidate whose log is not behind. */
  onVote(member: number, candidate: number, term: number, log: number): void {
    const { cluster } = this;
    if (this.isBehind(member, candidate, term)) return;
    this.leadership.learn(member, term);
    if (this.votedIn[member] === term && this.votedFor[member] !== candidate) return;
    if (cluster.role[member] === Role.Leader || !this.prefers(member, log)) return;
    this.votedFor[member] = candidate;
    this.votedIn[member] = term;
    this.wait(member);
    const delay = this.draw(this.settings.vote);
    if (delay === 0) cluster.send(member, candidate, Message.VoteYes, term, 0);
    else {
      // Only the vote of this member is on its way: value and data say whose it is and for whom.
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

  onVoteYes(member: number, from: number, term: number): void {
    if (this.runs(member, term) && this.stands[member] === 1) this.aye(member, from);
  }

  /** A candidate of an old term is told the new one. */
  private isBehind(member: number, candidate: number, term: number): boolean {
    const { cluster } = this;
    if (term >= cluster.term[member]) return false;
    cluster.send(member, candidate, Message.NewTerm, cluster.term[member], 0);
    return true;
  }

  private runs(member: number, term: number): boolean {
    return this.cluster.role[member] === Role.Candidate && this.cluster.term[member] === term;
  }

  private prefers(member: number, log: number): boolean {
    return this.cluster.members.isWitness(member) || this.cluster.logs.isUpToDate(log, member);
  }
}
