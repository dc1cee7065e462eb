/**
 * A name in a running stage: calls to it go straight on to an address that their caller remembers; a caller without one
 * asks a name server first, and its requests wait for the answer.
 *
 * A lookup is two datagrams and some core time at a name server. A lost one, a name server that is down, a cut: the
 * caller learns of them only by its own timeout, asks the next server, and gives up in the end. An address stays in use
 * until its time to live is over, whether anybody answers there or not.
 */
import { Actor, Step } from '../../../engine/actor-instance.ts';
import type { ComponentDraft } from '../../../compile/components.ts';
import { Wire } from '../../../engine/messages.ts';
import { FCol, Flag, ICol, Id, Kind, Status, Stride } from '../../../engine/rows.ts';
import { derive } from '../../../random/counter.ts';
import { identityKey } from '../../../random/keys.ts';
import type { ComponentSettings } from '../../../scenario/settings.ts';
import { Code as Probe } from '../../routing/probes.ts';
import type { DnsSettings } from '../dns.settings.ts';
import { type AddressList, addressesOf, isWhole } from './addresses.ts';
import { Callers } from './callers.ts';
import { Lookups } from './lookups.ts';
import { Memory } from './memory.ts';
import { NameServer } from './name-server.ts';
import { Rota } from './rota.ts';

/** Codes of messages and timers besides those of probes. */
const enum Code {
  Question = 11,
  Answer = 12,
  Timeout = 13,
}

/** An answer's number carries the serial of its question and an address + 1, 0: there is none. */
const ADDRESSES = 1 << 20;

export class Dns extends Actor {
  private readonly own: DnsSettings;
  private list!: AddressList;
  private servers: NameServer[] = [];
  private callers!: Callers;
  private memory!: Memory;
  private lookups!: Lookups;
  private rota!: Rota;
  private asked = 0;
  private readonly pair = new Int32Array(2);
  private identity: [number, number] = [0, 0];
  /** Target components that find the instance by themselves; null: each of its instances is an address. */
  private whole: (Actor | null)[] = [];
  // Since the end of the warm-up.
  private remembered = 0;
  private looked = 0;
  private lookedUp = 0;
  private failed = 0;
  private retired = 0;

  /**
   * @param operation which a name server runs for each question
   * @param lookupCell span cell of the wait for an answer
   */
  constructor(
    component: ComponentSettings<DnsSettings>,
    draft: ComponentDraft,
    private readonly operation: number,
    private readonly lookupCell: number,
  ) {
    super(draft.name, draft.id, draft.firstNode, draft.nodes);
    this.own = component.own;
  }

  override start(): void {
    const { world, own } = this;
    const { components } = world;
    this.identity = identityKey(world.seed, this.name, 'questions');
    this.list = addressesOf(world, own.targets);
    this.whole = own.targets.map(({ name }) => {
      const c = components.name.indexOf(name);
      return isWhole(world, c) ? components.actor[c] : null;
    });
    this.callers = new Callers(world, this.name, this.component, own.resolvers);
    this.memory = new Memory(own, this.callers, world.clock);
    this.lookups = new Lookups(world.rows);
    this.rota = new Rota(world.places, this.firstNode, this.nodeCount);
    for (let i = 0; i < this.nodeCount; i++) {
      this.makeRoom();
      this.servers.push(new NameServer(this, this.firstNode + i, own, this.list));
    }
  }

  /** Room for a probe's timer of every address of one name server. */
  private makeRoom(): void {
    this.world.rows.reserve(this.list.nodes.length + 1024);
  }

  // Callers.

  /** Where a call goes: to the remembered address, or nowhere yet. */
  override route(row: number, site: number): number {
    const { I } = this.world.rows;
    const caller = I[row * Stride.I + ICol.Parent];
    const slot = this.callers.slotOf(caller);
    if (!this.memory.isFresh(slot)) {
      this.look(row, slot, I[caller * Stride.I + ICol.Node]);
      return Id.Later;
    }
    this.remembered++;
    const address = this.memory.read(slot);
    if (address !== Id.None) return this.address(row, site, address);
    this.deny(row);
    return Id.Later;
  }

  /** Names the node of an address, and makes the call one to that component. */
  private address(row: number, site: number, address: number): number {
    const { rows, sites, spans } = this.world;
    const t = this.list.target[address];
    const straight = sites.straight[site] + t;
    rows.I[row * Stride.I + ICol.Site] = straight;
    spans.enter(row, sites.thereCell[straight]);
    // Only the report looks at this: the caller has no way to know.
    if (this.servers[0].targets.isActive[address] === 0) this.retired++;
    const whole = this.whole[t];
    return whole === null ? this.list.nodes[address] : whole.route(row, straight);
  }

  /** The row waits at its caller for a lookup, which begins now unless one is under way. */
  private look(row: number, slot: number, node: number): void {
    const { rows, spans } = this.world;
    const at = row * Stride.I;
    this.looked++;
    rows.I[at + ICol.Node] = node;
    rows.I[at + ICol.Kind] = Kind.WaitActor;
    spans.enter(row, this.lookupCell);
    let lookup = this.lookups.find(slot);
    if (lookup === Id.None) {
      lookup = this.lookups.open(slot, node);
      this.ask(lookup, slot);
    }
    this.lookups.wait(lookup, row);
  }

  private ask(lookup: number, slot: number): void {
    const { lookups, kernel, component } = this;
    const serial = ++this.asked;
    const from = lookups.node[lookup];
    const to = this.rota.server(this.world.places.ofNode[from], slot, lookups.tries[lookup]++);
    lookups.serial[lookup] = serial;
    kernel.timer(component, Id.None, Code.Timeout, this.own.timeoutNs, slot, serial);
    kernel.message(component, from, to, Code.Question, slot, serial);
  }

  /** No answer to a question in time. */
  private timedOut(slot: number, serial: number): void {
    const { lookups } = this;
    const lookup = lookups.find(slot);
    if (lookup === Id.None || lookups.serial[lookup] !== serial) return;
    if (lookups.tries[lookup] < this.own.attempts) this.ask(lookup, slot);
    else this.settle(lookup, this.failedFor(slot));
  }

  /** Nobody could tell. The address that is used nevertheless, Id.None: none. */
  private failedFor(slot: number): number {
    this.failed++;
    return this.memory.fail(slot);
  }

  private answered(slot: number, data: number): void {
    const { lookups } = this;
    const lookup = lookups.find(slot);
    const serial = Math.floor(data / ADDRESSES);
    if (lookup === Id.None || lookups.serial[lookup] !== serial) return;
    const address = data - serial * ADDRESSES - 1;
    if (address !== Id.None) this.memory.learn(slot, address, lookups.node[lookup]);
    this.settle(lookup, address !== Id.None ? address : this.failedFor(slot));
  }

  /** A lookup is over: who still waits goes on to the address, or has failed. */
  private settle(lookup: number, address: number): void {
    const { lookups, world, kernel } = this;
    for (let place = lookups.close(lookup); place !== Id.None; place = lookups.leave(place)) {
      const row = lookups.rowAt(place);
      if (row === Id.None) continue;
      if (!this.isAwaited(row)) kernel.frames.transit.lose(row);
      else if (address === Id.None) this.deny(row);
      else kernel.calls.dispatch(row, this.address(row, world.rows.I[row * Stride.I + ICol.Site], address));
    }
  }

  private isAwaited(row: number): boolean {
    const { I } = this.world.rows;
    const at = row * Stride.I;
    const caller = I[at + ICol.Parent] * Stride.I;
    return I[caller + ICol.Gen] === I[at + ICol.ParentGen] && I[caller + ICol.Attempt] === I[at + ICol.Tag];
  }

  /** There is no address: the call fails, in this instant but not in this call. */
  private deny(row: number): void {
    const { rows, ready } = this.world;
    const at = row * Stride.I;
    rows.I[at + ICol.Node] = rows.I[rows.I[at + ICol.Parent] * Stride.I + ICol.Node];
    rows.I[at + ICol.Flags] = (rows.I[at + ICol.Flags] & ~Flag.StatusMask) | Status.Error;
    rows.I[at + ICol.Kind] = Kind.Reply;
    ready.push(row);
  }

  // Name servers.

  /** A question reaches a name server: work like any request, whose answer is a datagram. */
  private question(from: number, to: number, slot: number, serial: number): void {
    derive(this.identity[0], this.identity[1], serial | 0, 0, this.pair);
    const row = this.kernel.assign(this.component, to, this.operation, slot, from, this.pair[0], this.pair[1]);
    this.world.rows.F[row * Stride.F + FCol.Data] = serial;
  }

  /** A name server has looked: the answer goes back. */
  override step(row: number): number {
    const { rows, places } = this.world;
    const at = row * Stride.I;
    const node = rows.I[at + ICol.Node];
    const from = rows.I[at + ICol.User];
    const address = this.servers[node - this.firstNode].answer(places.ofNode[from]);
    this.lookedUp++;
    const data = rows.F[row * Stride.F + FCol.Data] * ADDRESSES + address + 1;
    this.kernel.message(this.component, node, from, Code.Answer, rows.I[at + ICol.Key], data);
    return Step.Continue;
  }

  override onMessage(code: number, from: number, to: number, value: number, data: number): void {
    const { kernel, component } = this;
    if (code === Code.Question) this.question(from, to, value, data);
    else if (code === Code.Answer) this.answered(value, data);
    else if (code === Probe.Probe) kernel.message(component, to, from, Probe.ProbeAnswer, value, data, -1, Wire.Answer);
    else this.servers[to - this.firstNode].health.probed(value, data, true);
  }

  override onRefused(_code: number, from: number, _to: number, value: number, data: number): void {
    this.servers[from - this.firstNode].health.probed(value, data, false);
  }

  override onTimer(code: number, node: number, value: number, data: number): void {
    if (code === Code.Timeout) this.timedOut(value, data);
    else this.servers[node - this.firstNode].health.onTimer(code, value, data);
  }

  override onDirectory(component: number): void {
    this.makeRoom();
    for (const server of this.servers) server.health.onDirectory(component);
  }

  override onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how !== 'pause') this.servers[node - this.firstNode].health.onCrash();
  }

  override onRestart(node: number): void {
    this.makeRoom();
    this.servers[node - this.firstNode].health.onRestart();
  }

  // Figures.

  override resetFigures(): void {
    this.remembered = 0;
    this.looked = 0;
    this.lookedUp = 0;
    this.failed = 0;
    this.retired = 0;
    for (const server of this.servers) server.health.resetFigures();
  }

  override figures(): Record<string, number> {
    const { servers, remembered, looked } = this;
    const asked = remembered + looked;
    return {
      ...(asked > 0 && { hitRatio: remembered / asked }),
      lookups: this.lookedUp,
      failedLookups: this.failed,
      toRetired: this.retired,
      ...(this.own.health !== null && {
        unhealthySeconds: servers.reduce((sum, { health }) => sum + health.unhealthySeconds, 0) / servers.length,
      }),
    };
  }
}
