/**
 * `shard-router`: passes each request on to the instance that holds its shard, by a map that is kept in a store which a
 * majority must agree on; measures which shards are active, and moves what is hot.
 *
 * Routers go by the map as they have last read it: while the store has no majority, requests find their way and nothing
 * moves. The first router is the one that measures.
 */
import type { ActorType } from '../../compile/actor-type.ts';
import type { Builder } from '../../compile/builder.ts';
import type { ComponentDraft } from '../../compile/components.ts';
import { addProcess, emitComputing } from '../../compile/processes.ts';
import { Actor, Step } from '../../engine/actor-instance.ts';
import { Verb } from '../../engine/code.ts';
import { Wire } from '../../engine/messages.ts';
import { ICol, Status, Stride } from '../../engine/rows.ts';
import { Route } from '../../engine/world.ts';
import { identityKey } from '../../random/keys.ts';
import type { Stream } from '../../random/keys.ts';
import type { CallOptions, ComponentSettings } from '../../scenario/settings.ts';
import { Code as Probing } from './probes.ts';
import { check, references, settings, type ShardRouterSettings } from './shard-router.settings.ts';
import { dealt, rebalanced } from './shards/plan.ts';
import { Router } from './shards/router.ts';
import { Versions } from './shards/versions.ts';
import { NOBODY } from './targets.ts';

/** Arguments of the `Actor` verb. */
const enum Do {
  Read = 0,
  Unread = 1,
  Written = 2,
  Unwritten = 3,
}

/** Codes of timers and messages, beside those of probes. */
const enum Code {
  Refresh = 11,
  Tell = 12,
  Measure = 13,
}

interface Operations {
  read: number;
  write: number;
}

const UNIT = 0x40000000;

export const shardRouter: ActorType<ShardRouterSettings> = {
  type: 'shard-router',
  summary: 'Passes requests on to the instance that holds their shard, by a map in a store; moves shards that are hot.',
  picture: 'diamond',
  settings,
  serves: ['named', 'read', 'write', 'get', 'set', 'delete'],
  references,
  check,
  metrics: {
    imbalance: 'count',
    shards: 'count',
    moves: 'count',
    splits: 'count',
    misrouted: 'count',
    homeless: 'count',
    failedReads: 'count',
    failedWrites: 'count',
  },
  create(component, builder) {
    const draft = builder.component(component.name);
    for (let i = 0; i < component.instances; i++) addProcess(builder, draft, component, i);
    draft.route = component.instances === 1 ? Route.Single : Route.Turn;
    builder.path(draft.id, draft.id);
    return new ShardRouter(component, draft, emit(builder, draft, component.own));
  },
};

function emit(builder: Builder, draft: ComponentDraft, own: ShardRouterSettings): Operations {
  const asm = builder.assembler;
  draft.programForAll = asm.pc;
  emitComputing(builder, own.cpu);
  asm.emit(Verb.Forward);
  const options: CallOptions = {
    timeoutNs: own.timeoutNs,
    retry: { attempts: 1, backoff: { baseNs: 0, capNs: 0, factor: 2, jitter: 'none' }, budget: null },
    onError: 'fail',
    otherwise: null,
  };
  const store = builder.component(own.store).id;
  const asking = (verb: 'read' | 'write', done: Do, failed: Do): number => {
    const operation = builder.operation(`@${verb} the map of ${draft.name}`);
    const site = builder.site(draft.id, store, builder.operation(`@${verb}`), options, { callers: 1 });
    builder.program(draft.id, operation, asm.pc);
    asm.emit(Verb.Call, site);
    asm.emit(Verb.Actor, done);
    asm.emit(Verb.End);
    builder.sites[site].otherwise = asm.pc;
    asm.emit(Verb.Actor, failed);
    asm.emit(Verb.End);
    return operation;
  };
  return { read: asking('read', Do.Read, Do.Unread), write: asking('write', Do.Written, Do.Unwritten) };
}

class ShardRouter extends Actor {
  private readonly own: ShardRouterSettings;
  /** Key of the map in the store. */
  private readonly mapKey: number;
  private routers: Router[] = [];
  private versions!: Versions;
  private phases!: Stream;
  /** What the first router has been told since it last measured, and what is on its way to it, by router. */
  private readonly told: Float64Array;
  private readonly letters: { number: number; counts: Float64Array }[] = [];
  private sent = 0;
  // Since the end of the warm-up.
  private moves = 0;
  private splits = 0;
  private misrouted = 0;
  private failedReads = 0;
  private failedWrites = 0;

  constructor(
    component: ComponentSettings<ShardRouterSettings>,
    draft: ComponentDraft,
    private readonly operations: Operations,
  ) {
    super(draft.name, draft.id, draft.firstNode, draft.nodes);
    this.own = component.own;
    this.mapKey = identityKey('', draft.name, 'shard map')[0];
    this.told = new Float64Array(component.own.pieces);
  }

  override start(): void {
    const { world, own } = this;
    const target = world.components.name.indexOf(own.targets[0].name);
    const size = world.components.nodeCount[target];
    const nodes = Int32Array.from({ length: size }, (_, i) => world.components.firstNode[target] + i);
    this.versions = new Versions(dealt(own.pieces, own.shards, world.components.directory[target].length), own.pieces);
    this.phases = world.stream(`${this.name} phases`);
    for (let i = 0; i < this.nodeCount; i++) {
      this.makeRoom(size);
      this.routers.push(new Router(this, this.firstNode + i, own, nodes, this.versions.newest));
      this.begin(i);
    }
  }

  /** Room for the clocks of one router, and a timer of a probe for every target. */
  private makeRoom(targets = this.routers[0].targets.size): void {
    this.world.rows.reserve(targets + 1024);
  }

  /** The clocks of a router. */
  private begin(i: number): void {
    const { kernel, component, own, phases } = this;
    const node = this.firstNode + i;
    kernel.timer(component, node, Code.Refresh, (phases.below(UNIT) / UNIT) * own.refreshNs);
    if (own.rebalance !== null)
      kernel.timer(component, node, i === 0 ? Code.Measure : Code.Tell, own.rebalance.everyNs);
  }

  // The way of a request.

  override choose(row: number): number {
    const { I } = this.world.rows;
    const at = row * Stride.I;
    const router = this.routers[I[at + ICol.Node] - this.firstNode];
    const piece = router.pieceOf(row);
    const slot = router.choose(piece);
    if (slot === NOBODY) return NOBODY;
    if (slot !== this.versions.newest.owners[piece]) this.misrouted++;
    I[at + ICol.Join] = slot;
    return router.targets.node[slot];
  }

  override returned(row: number, status: number): boolean {
    const { I } = this.world.rows;
    const at = row * Stride.I;
    const { targets, health } = this.routers[I[at + ICol.Node] - this.firstNode];
    const slot = I[at + ICol.Join];
    targets.give(slot);
    if (status > Status.Miss && status !== Status.Cancelled) health.failed(slot);
    return false;
  }

  // The map.

  /** An answer of the store, or none. */
  override step(row: number, what: number): number {
    const router = this.routers[this.world.rows.I[row * Stride.I + ICol.Node] - this.firstNode];
    if (what === Do.Read || what === Do.Unread) this.onRead(router, what === Do.Read);
    else this.onWritten(router, what === Do.Written);
    return Step.Continue;
  }

  private refresh(router: Router): void {
    this.kernel.timer(this.component, router.node, Code.Refresh, this.own.refreshNs);
    if (router.readSince >= 0) return;
    router.readSince = this.world.clock[0];
    this.kernel.spawn(router.node, this.operations.read, this.mapKey, 0);
  }

  private onRead(router: Router, isAnswered: boolean): void {
    const { readSince } = router;
    router.readSince = -1;
    if (!isAnswered) {
      this.failedReads++;
      return;
    }
    const found = this.versions.asOf(readSince);
    // The one that has written a later one knows it already.
    if (router.map === null || found.sinceNs > router.map.sinceNs) router.map = found;
  }

  private onWritten(router: Router, isAcknowledged: boolean): void {
    const plan = this.versions.written(this.world.clock[0], isAcknowledged);
    if (plan === null) return;
    if (!isAcknowledged) {
      this.failedWrites++;
      return;
    }
    this.moves += plan.moves;
    this.splits += plan.splits;
    router.map = this.versions.newest;
  }

  // Activity.

  /** A router tells the first one how active its pieces have been. */
  private tell(router: Router): void {
    const { kernel, component } = this;
    kernel.timer(component, router.node, Code.Tell, this.own.rebalance!.everyNs);
    const i = router.node - this.firstNode;
    this.letters[i] = { number: ++this.sent, counts: router.counts.slice() };
    router.counts.fill(0);
    kernel.message(component, router.node, this.firstNode, Code.Tell, i, this.sent, -1, Wire.Connection);
  }

  private onTold(i: number, number: number): void {
    const letter = this.letters[i];
    // A later one is on its way.
    if (letter.number !== number) return;
    for (let piece = 0; piece < letter.counts.length; piece++) this.told[piece] += letter.counts[piece];
  }

  /** The first router looks at the activity, and writes a better map if there is one. */
  private measure(router: Router): void {
    const { own, told, versions } = this;
    const limits = own.rebalance!;
    this.kernel.timer(this.component, router.node, Code.Measure, limits.everyNs);
    const loads = told.map((count, piece) => count + router.counts[piece]);
    told.fill(0);
    router.counts.fill(0);
    const isIn = Array.from(router.targets.isActive, (active) => active === 1);
    if (versions.isWriting || router.map !== versions.newest || !isIn.includes(true)) return;
    const plan = rebalanced(versions.newest.shards, loads, isIn, limits);
    if (plan.moves + plan.splits === 0) return;
    versions.write(plan);
    this.kernel.spawn(router.node, this.operations.write, this.mapKey, 0);
  }

  override onTimer(code: number, node: number, value: number, data: number): void {
    const router = this.routers[node - this.firstNode];
    if (code === Code.Refresh) this.refresh(router);
    else if (code === Code.Tell) this.tell(router);
    else if (code === Code.Measure) this.measure(router);
    else router.health.onTimer(code, value, data);
  }

  override onMessage(code: number, from: number, to: number, value: number, data: number): void {
    if (code === Code.Tell) this.onTold(value, data);
    else if (code === Probing.Probe)
      this.kernel.message(this.component, to, from, Probing.ProbeAnswer, value, data, -1, Wire.Answer);
    else this.routers[to - this.firstNode].health.probed(value, data, true);
  }

  override onRefused(code: number, from: number, _to: number, value: number, data: number): void {
    if (code !== Code.Tell) this.routers[from - this.firstNode].health.probed(value, data, false);
  }

  override onDirectory(component: number): void {
    this.makeRoom();
    for (const { health } of this.routers) health.onDirectory(component);
  }

  override onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how === 'pause') return;
    this.routers[node - this.firstNode].onCrash();
    if (node !== this.firstNode) return;
    // A map that was on its way: nobody will go by it.
    this.versions.written(this.world.clock[0], false);
    this.told.fill(0);
  }

  override onRestart(node: number): void {
    this.makeRoom();
    this.begin(node - this.firstNode);
    this.routers[node - this.firstNode].health.onRestart();
  }

  override resetFigures(): void {
    for (const router of this.routers) router.resetFigures();
    this.moves = 0;
    this.splits = 0;
    this.misrouted = 0;
    this.failedReads = 0;
    this.failedWrites = 0;
  }

  override figures(): Record<string, number> {
    const { versions, moves, splits, misrouted, failedReads, failedWrites } = this;
    return {
      imbalance: this.imbalance(),
      shards: versions.newest.shards.starts.length,
      ...(this.own.rebalance !== null && { moves, splits, misrouted, failedWrites }),
      homeless: this.routers.reduce((sum, router) => sum + router.homeless, 0),
      failedReads,
    };
  }

  /** Requests passed to the busiest target ÷ mean over the targets in use; 1 is even, 0 when nothing was passed. */
  private imbalance(): number {
    const passed = Array.from(this.routers[0].targets.passed, (_, slot) =>
      this.routers.reduce((sum, { targets }) => sum + targets.passed[slot], 0),
    );
    const used = passed.filter((count, slot) => count > 0 || this.routers[0].targets.isActive[slot] === 1).length;
    const total = passed.reduce((sum, count) => sum + count, 0);
    return total === 0 ? 0 : (Math.max(...passed) * used) / total;
  }

  override violation(): string {
    for (const router of this.routers) {
      const wrong = router.violation();
      if (wrong !== '') return wrong;
    }
    return '';
  }
}
