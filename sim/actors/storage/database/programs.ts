/** A database's settings → its nodes and stations, and the programs of reads, writes, log application and quorum copies. */
import type { Builder } from '../../../compile/builder.ts';
import type { ComponentDraft } from '../../../compile/components.ts';
import { chance, Verb } from '../../../engine/code.ts';
import { Id } from '../../../engine/rows.ts';
import { Route } from '../../../engine/world.ts';
import type { Distribution } from '../../../random/distribution.ts';
import { takesNoTime } from '../../../random/distribution-facts.ts';
import type { ComponentSettings, QueueSettings } from '../../../scenario/settings.ts';
import type { DatabaseSettings } from '../database.settings.ts';

/** Arguments of the `Actor` verb in a database's programs. */
export const enum Act {
  Read = 1,
  /** May this node take a write at all? */
  Check = 2,
  Commit = 3,
  Acknowledge = 4,
  Applied = 5,
  QuorumRead = 6,
  QuorumWrite = 7,
  QuorumReadDone = 8,
  QuorumWriteDone = 9,
  CopyRead = 10,
  CopyWrite = 11,
}

/** Ids that the running database needs of what was compiled; -1: not there. */
export interface Compiled {
  read: number;
  write: number;
  apply: number;
  copyRead: number;
  copyWrite: number;
  delays: [number, number, number, number] | null;
  electionWait: number;
  vote: number;
  /** Node of the witness or of the monitor. */
  witness: number;
  monitor: number;
}

const UNBOUNDED: QueueSettings = { limit: null, discipline: 'fifo', patience: null };
/** The disk is the first local station of a node. */
const DISK = 0;

type Settings = ComponentSettings<DatabaseSettings>;

/** Nodes of one shard. */
export const copiesOf = (own: DatabaseSettings): number =>
  own.multiPrimary?.copies ?? own.quorum?.n ?? 1 + own.replicas;

export function compileDatabase(component: Settings, builder: Builder, draft: ComponentDraft): Compiled {
  const { own } = component;
  const nodes = own.shards * copiesOf(own);
  for (let i = 0; i < nodes; i++) addNode(component, builder, draft, i);
  draft.route = nodes === 1 && own.quorum === null ? Route.Single : Route.Actor;
  const compiled: Compiled = {
    read: builder.operation('@read'),
    write: builder.operation('@write'),
    apply: Id.None,
    copyRead: Id.None,
    copyWrite: Id.None,
    delays: null,
    electionWait: Id.None,
    vote: Id.None,
    witness: Id.None,
    monitor: Id.None,
  };
  if (own.quorum === null) emitPrimary(builder, draft, own, compiled);
  else emitQuorum(builder, draft, own, compiled);
  addFailover(builder, draft, own, compiled);
  return compiled;
}

function addNode(component: Settings, builder: Builder, draft: ComponentDraft, i: number): void {
  const { own } = component;
  // Work for a quorum comes in messages, without a connection of its own.
  const jobs = own.quorum === null ? own.connections + own.replication.apply.parallel : Infinity;
  // Copies stand in the places of `in` in turn, those of every shard alike.
  const place = component.in === undefined ? undefined : builder.places.inTurn(component.in, i % copiesOf(own));
  const node = builder.node(draft, { machine: builder.machine(component, i, jobs) }, place);
  const spec = builder.nodes[node];
  spec.intake = builder.station(node, 'connections', own.connections, own.queue);
  if (usesDisk(own)) spec.stations.push(builder.station(node, 'disk', own.disk.parallel, UNBOUNDED));
}

function usesDisk(own: DatabaseSettings): boolean {
  return own.read.disk !== null || own.write.fsync !== null;
}

function emitPrimary(builder: Builder, draft: ComponentDraft, own: DatabaseSettings, compiled: Compiled): void {
  const asm = builder.assembler;
  builder.program(draft.id, compiled.read, asm.pc);
  emitReadWork(builder, draft, own);
  asm.emit(Verb.Actor, Act.Read);
  asm.emit(Verb.End);
  builder.program(draft.id, compiled.write, asm.pc);
  if (own.failover.by !== 'none') asm.emit(Verb.Actor, Act.Check);
  emitWriteWork(builder, draft, own);
  asm.emit(Verb.Actor, Act.Commit);
  asm.emit(Verb.Actor, Act.Acknowledge);
  asm.emit(Verb.End);
  const { apply } = own.replication;
  if (copiesOf(own) === 1 || takesNoTime(apply.cpu)) return;
  compiled.apply = builder.operation('@apply');
  builder.program(draft.id, compiled.apply, asm.pc);
  asm.emit(Verb.Cpu, builder.distribution(apply.cpu));
  asm.emit(Verb.Actor, Act.Applied);
  asm.emit(Verb.End);
}

function emitQuorum(builder: Builder, draft: ComponentDraft, own: DatabaseSettings, compiled: Compiled): void {
  const asm = builder.assembler;
  const { delays } = own.quorum!;
  if (delays !== null) {
    const ids = [delays.write, delays.ack, delays.read, delays.response].map((d) => builder.distribution(d));
    compiled.delays = [ids[0], ids[1], ids[2], ids[3]];
  }
  builder.program(draft.id, compiled.read, asm.pc);
  asm.emit(Verb.Actor, Act.QuorumRead);
  asm.emit(Verb.Actor, Act.QuorumReadDone);
  asm.emit(Verb.End);
  builder.program(draft.id, compiled.write, asm.pc);
  asm.emit(Verb.Actor, Act.QuorumWrite);
  asm.emit(Verb.Actor, Act.QuorumWriteDone);
  asm.emit(Verb.End);
  if (!takesNoTime(own.read.cpu) || own.read.disk !== null) {
    compiled.copyRead = builder.operation('@copy-read');
    builder.program(draft.id, compiled.copyRead, asm.pc);
    emitReadWork(builder, draft, own);
    asm.emit(Verb.Actor, Act.CopyRead);
    asm.emit(Verb.End);
  }
  if (!takesNoTime(own.write.cpu) || own.write.fsync !== null) {
    compiled.copyWrite = builder.operation('@copy-write');
    builder.program(draft.id, compiled.copyWrite, asm.pc);
    emitWriteWork(builder, draft, own);
    asm.emit(Verb.Actor, Act.CopyWrite);
    asm.emit(Verb.End);
  }
}

function emitReadWork(builder: Builder, draft: ComponentDraft, own: DatabaseSettings): void {
  const asm = builder.assembler;
  const { cpu, disk, miss } = own.read;
  if (!takesNoTime(cpu)) asm.emit(Verb.Cpu, builder.distribution(cpu));
  if (disk === null || miss === 0) return;
  const skip = miss < 1 ? asm.emit(Verb.Choose, 0, chance(1 - miss)) : Id.None;
  emitDisk(builder, draft, disk);
  if (skip !== Id.None) asm.patch(skip);
}

function emitWriteWork(builder: Builder, draft: ComponentDraft, own: DatabaseSettings): void {
  const { cpu, fsync } = own.write;
  if (!takesNoTime(cpu)) builder.assembler.emit(Verb.Cpu, builder.distribution(cpu));
  if (fsync !== null) emitDisk(builder, draft, fsync);
}

function emitDisk(builder: Builder, draft: ComponentDraft, time: Distribution): void {
  const asm = builder.assembler;
  asm.emit(Verb.Seize, DISK);
  asm.emit(Verb.Hold, builder.distribution(time), builder.cell(draft.id, 'disk', 'service'));
  asm.emit(Verb.Release, DISK);
}

/** What failover needs besides: paths to whoever must hear of it, and the node of a witness or a monitor. */
function addFailover(builder: Builder, draft: ComponentDraft, own: DatabaseSettings, compiled: Compiled): void {
  const { failover } = own;
  if (failover.by === 'none') return;
  compiled.electionWait = builder.distribution(failover.electionTimeout);
  compiled.vote = builder.distribution(failover.vote);
  for (const other of builder.components) {
    builder.path(draft.id, other.id);
    builder.path(other.id, draft.id);
  }
  const place =
    failover.in === undefined ? builder.places.ofNode[draft.firstNode] : builder.places.inTurn([failover.in], 0);
  if (failover.by === 'monitor') compiled.monitor = addHelper(builder, draft, 'monitor', place);
  else if (failover.witness) compiled.witness = addHelper(builder, draft, 'witness', place);
}

/** A process that belongs to the database but serves nobody: on a machine of its own, free of charge. */
function addHelper(builder: Builder, draft: ComponentDraft, role: string, place: number): number {
  const helper = builder.declare(`${draft.name} ${role}`, role, null);
  const machine =
    builder.machines.push({
      cores: 1,
      memoryBytes: Infinity,
      connections: null,
      pricePerMonth: 0,
      speed: 1,
      tokens: 0,
      retimed: false,
      component: helper.id,
    }) - 1;
  builder.path(draft.id, helper.id);
  builder.path(helper.id, draft.id);
  return builder.node(helper, { machine }, place);
}
