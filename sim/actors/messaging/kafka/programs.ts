/** A log's settings → its brokers, the controller, and the programs of batches and fetches at brokers and at their clients. */
import type { Builder } from '../../../compile/builder.ts';
import type { ComponentDraft } from '../../../compile/components.ts';
import { visitOf } from '../../../engine/actor-instance.ts';
import { Verb } from '../../../engine/code.ts';
import { Route } from '../../../engine/world.ts';
import type { CallOptions, ComponentSettings, QueueSettings } from '../../../scenario/settings.ts';
import { type KafkaSettings, publishersOf } from '../kafka.settings.ts';
import { Act, Visit } from './codes.ts';

/** Ids that the running log needs of what was compiled. */
export interface Compiled {
  /** Operations: of brokers, then of their clients. */
  append: number;
  fetchAtBroker: number;
  replicate: number;
  follow: number;
  produce: number;
  fetch: number;
  /** By group: what processes a message. */
  operations: number[];
  /** Time of a message before and while it is sent. */
  batchCell: number;
  sendCell: number;
  controller: number;
  /** Components that publish, that consume. */
  publishers: number[];
  consumers: number[];
}

const UNBOUNDED: QueueSettings = { limit: null, discipline: 'fifo', patience: null };
/** How long a follower and a member wait for an answer (replica.socket.timeout.ms, request.timeout.ms). */
const FETCH_TIMEOUT_NS = 30_000_000_000;
/** The disk is the first local station of a broker. */
const DISK = 0;

const once = (timeoutNs: number): CallOptions => ({
  timeoutNs,
  retry: { attempts: 1, backoff: { baseNs: 0, capNs: 0, factor: 2, jitter: 'none' }, budget: null },
  onError: 'fail',
  otherwise: null,
});

export function compileKafka(component: ComponentSettings<KafkaSettings>, builder: Builder): Compiled {
  const { own, name } = component;
  const draft = builder.component(name);
  for (let i = 0; i < own.brokers; i++) addBroker(component, builder, draft, i);
  draft.route = Route.Actor;
  const published = new Set(publishersOf(name, builder.stage).map((each) => each.component));
  const compiled: Compiled = {
    append: builder.operation('@append'),
    fetchAtBroker: builder.operation('@fetch'),
    replicate: builder.operation('@replicate'),
    follow: builder.operation('@follow'),
    produce: builder.operation(`@produce ${name}`),
    fetch: builder.operation(`@consume ${name}`),
    operations: own.groups.map(({ op }) => builder.operation(op)),
    batchCell: builder.cell(draft.id, 'batch', 'waiting'),
    sendCell: builder.cell(draft.id, 'append', 'service'),
    controller: addController(builder, draft),
    publishers: [...published].sort().map((each) => builder.component(each).id),
    consumers: own.groups.map(({ members }) => builder.component(members).id),
  };
  emitBroker(builder, draft, own, compiled);
  for (const id of compiled.publishers) emitProducer(builder, draft, id, own, compiled);
  for (const id of new Set(compiled.consumers)) emitConsumer(builder, draft, id, compiled);
  for (const id of [draft.id, ...compiled.publishers, ...compiled.consumers]) {
    builder.path(draft.id, id);
    builder.path(id, draft.id);
  }
  return compiled;
}

function addBroker(
  component: ComponentSettings<KafkaSettings>,
  builder: Builder,
  draft: ComponentDraft,
  i: number,
): void {
  const { own } = component;
  const node = builder.node(draft, { machine: builder.machine(component, i, own.ioThreads) });
  const spec = builder.nodes[node];
  spec.loopCount = 1;
  spec.loops = builder.station(node, 'io-threads', own.ioThreads, UNBOUNDED);
  if (own.append.disk !== null) spec.stations.push(builder.station(node, 'disk', own.disk.parallel, UNBOUNDED));
}

function emitBroker(builder: Builder, draft: ComponentDraft, own: KafkaSettings, compiled: Compiled): void {
  const asm = builder.assembler;
  builder.program(draft.id, compiled.append, asm.pc);
  emitWrite(builder, draft, own);
  asm.emit(Verb.Actor, Act.Append);
  asm.emit(Verb.End);
  const fetches: [number, Act, Act][] = [
    [compiled.fetchAtBroker, Act.Fetch, Act.Fill],
    [compiled.replicate, Act.Replicate, Act.Replicated],
  ];
  for (const [operation, arrives, leaves] of fetches) {
    builder.program(draft.id, operation, asm.pc);
    asm.emit(Verb.Cpu, builder.distribution(own.fetch.cpu));
    asm.emit(Verb.Actor, arrives);
    asm.emit(Verb.Actor, leaves);
    asm.emit(Verb.End);
  }
  const site = builder.site(draft.id, draft.id, compiled.replicate, once(FETCH_TIMEOUT_NS), { callers: 1 });
  builder.program(draft.id, compiled.follow, asm.pc);
  asm.emit(Verb.Call, site);
  asm.emit(Verb.Actor, Act.News);
  const nothing = asm.emit(Verb.IfMiss);
  emitWrite(builder, draft, own);
  asm.patch(nothing);
  asm.emit(Verb.Actor, Act.Follow);
  asm.emit(Verb.End);
  builder.sites[site].otherwise = asm.pc;
  asm.emit(Verb.Actor, Act.FollowFailed);
  asm.emit(Verb.End);
}

function emitWrite(builder: Builder, draft: ComponentDraft, { append }: KafkaSettings): void {
  const asm = builder.assembler;
  asm.emit(Verb.Cpu, builder.distribution(append.cpu));
  if (append.disk === null) return;
  asm.emit(Verb.Seize, DISK);
  asm.emit(Verb.Hold, builder.distribution(append.disk), builder.cell(draft.id, 'disk', 'service'));
  asm.emit(Verb.Release, DISK);
}

function emitProducer(
  builder: Builder,
  draft: ComponentDraft,
  client: number,
  own: KafkaSettings,
  compiled: Compiled,
): void {
  const site = builder.site(client, draft.id, compiled.append, once(own.producer.requestTimeoutNs), { callers: 1 });
  builder.program(client, compiled.produce, builder.assembler.pc);
  emitExchange(builder, site, visitOf(draft.id, Visit.Sent), visitOf(draft.id, Visit.SendFailed));
}

function emitConsumer(builder: Builder, draft: ComponentDraft, client: number, compiled: Compiled): void {
  const site = builder.site(client, draft.id, compiled.fetchAtBroker, once(FETCH_TIMEOUT_NS), { callers: 1 });
  builder.program(client, compiled.fetch, builder.assembler.pc);
  emitExchange(builder, site, visitOf(draft.id, Visit.Fetched), visitOf(draft.id, Visit.FetchFailed));
}

function emitExchange(builder: Builder, site: number, answered: number, failed: number): void {
  const asm = builder.assembler;
  asm.emit(Verb.Call, site);
  asm.emit(Verb.Actor, answered);
  asm.emit(Verb.End);
  builder.sites[site].otherwise = asm.pc;
  asm.emit(Verb.Actor, failed);
  asm.emit(Verb.End);
}

/** The controller serves nobody else: on a machine of its own, free of charge. */
function addController(builder: Builder, draft: ComponentDraft): number {
  const helper = builder.declare(`${draft.name} controller`, 'controller', null);
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
  return builder.node(helper, { machine });
}
