/**
 * `server`: a process with threads or event loops that runs operations. Threads are held from start to answer, calls
 * included; an event loop is held only while it computes.
 */
import { Actor, Step } from '../../engine/actor-instance.ts';
import type { ActorType } from '../../compile/actor-type.ts';
import type { Builder } from '../../compile/builder.ts';
import type { ComponentDraft } from '../../compile/components.ts';
import { Verb } from '../../engine/code.ts';
import { NodeState } from '../../engine/nodes.ts';
import { Flag, ICol, Stride, Id, Status } from '../../engine/rows.ts';
import { emitSteps, type StepContext } from '../../compile/steps.ts';
import { Route } from '../../engine/world.ts';
import type { ComponentSettings, QueueSettings, Step as StepSettings } from '../../scenario/settings.ts';
import { check, references, settings, type ServerSettings } from './server.settings.ts';
import { walkSteps } from '../../scenario/fields.ts';
import { autoscalerOf } from '../control/autoscaler.ts';

const UNBOUNDED: QueueSettings = { limit: null, discipline: 'fifo', patience: null };

/** Argument of the `Actor` verb: look for the user's session. */
const FIND_SESSION = 1;

export const server: ActorType<ServerSettings> = {
  type: 'server',
  summary: 'A process with threads or event loops that runs operations made of steps.',
  picture: 'box',
  settings,
  serves: ['named'],
  references,
  check,
  metrics: {
    sessionsLost: 'count',
    outOfMemory: 'count',
    instancesMax: 'count',
    instancesMean: 'count',
    scaleOuts: 'count',
    scaleIns: 'count',
  },
  create(component, builder) {
    return new Server(component, compileServer(component, builder));
  },
};

/** What a kind of server adds to the programs of its operations. */
export interface ServerExtras {
  /** Emitted before and after the steps of every operation. */
  before(): void;
  after(): void;
  /** Emits a `push` step. */
  push: NonNullable<StepContext['push']>;
}

/** Instances and operations of a server. */
export function compileServer(
  component: ComponentSettings<ServerSettings>,
  builder: Builder,
  extras: ServerExtras | null = null,
): ComponentDraft {
  const draft = builder.component(component.name);
  const instances = component.own.autoscale === null ? component.instances : component.own.autoscale.max;
  for (let i = 0; i < instances; i++) addInstance(builder, draft, component, i);
  draft.route = instances === 1 ? Route.Single : Route.Turn;
  draft.restartNs = component.own.restartNs ?? Id.None;
  const context = contextOf(builder, draft, component.own, instances);
  if (extras !== null) context.push = extras.push;
  for (const operation of component.own.operations) {
    const pc = builder.assembler.pc;
    extras?.before();
    emitSession(builder, context, component.own);
    emitSteps(builder, { ...context, operation: operation.name }, operation.steps);
    extras?.after();
    builder.assembler.emit(Verb.End);
    builder.program(draft.id, builder.operation(operation.name), pc);
  }
  for (const { operation, priority } of component.own.priorities)
    builder.priority(draft.id, builder.operation(operation), priority);
  return draft;
}

function addInstance(
  builder: Builder,
  draft: ComponentDraft,
  component: ComponentSettings<ServerSettings>,
  i: number,
): void {
  const { runtime, queue, memory, pools, autoscale } = component.own;
  const forks = component.own.operations.some((o) => hasFork(o.steps));
  const machine = builder.machine(component, i, forks ? Infinity : runtime.count);
  const spare = autoscale !== null && i >= Math.max(autoscale.min, component.instances);
  const node = builder.node(draft, {
    machine,
    baseBytes: memory?.baseBytes ?? 0,
    perRequestBytes: (memory?.perRequestBytes ?? 0) + (memory?.perConnectionBytes ?? 0),
    state: spare ? NodeState.Off : NodeState.Up,
  });
  const spec = builder.nodes[node];
  if (runtime.kind === 'threads') spec.intake = builder.station(node, 'threads', runtime.count, queue);
  else if (runtime.kind === 'workers') {
    spec.loopCount = 1;
    spec.loopLimit = queue.limit ?? Infinity;
    spec.loops = builder.station(node, 'workers', runtime.count, { ...queue, limit: null });
  } else {
    spec.loopCount = runtime.count;
    spec.loopLimit = queue.limit ?? Infinity;
    for (let p = 0; p < runtime.count; p++) {
      const station = builder.station(node, 'event-loop', 1, { ...queue, limit: null });
      if (p === 0) spec.loops = station;
    }
  }
  for (const pool of pools) {
    spec.stations.push(
      builder.station(node, `pool ${pool.target}`, pool.size, { ...UNBOUNDED, limit: pool.queue }, 'pool'),
    );
  }
}

function contextOf(builder: Builder, draft: ComponentDraft, own: ServerSettings, instances: number): StepContext {
  void builder;
  return { component: draft.id, operation: '', instances, pools: new Map(own.pools.map((p, i) => [p.target, i])) };
}

/** Sessions in memory are looked for by the actor; sessions in a cache by a `get` before the operation. */
function emitSession(builder: Builder, context: StepContext, own: ServerSettings): void {
  if (own.sessions === null) return;
  const login: StepSettings[] = own.sessions.loginCpu === null ? [] : [{ verb: 'cpu', time: own.sessions.loginCpu }];
  if (own.sessions.cache === null) {
    const asm = builder.assembler;
    asm.emit(Verb.Actor, FIND_SESSION);
    const miss = asm.emit(Verb.IfMiss);
    const over = asm.emit(Verb.Jump);
    asm.patch(miss);
    emitSteps(builder, context, login);
    asm.patch(over);
    return;
  }
  const call = {
    target: own.sessions.cache,
    key: 'session' as const,
    timeoutNs: 1_000_000_000,
    retry: ONCE,
    onError: 'continue' as const,
    otherwise: null,
  };
  emitSteps(builder, context, [{ ...call, verb: 'get', hit: [], miss: [...login, { ...call, verb: 'set' }] }]);
}

const ONCE = { attempts: 1, backoff: { baseNs: 0, capNs: 0, factor: 2, jitter: 'none' as const }, budget: null };

function hasFork(steps: readonly StepSettings[]): boolean {
  let forks = false;
  walkSteps(steps, [], (step) => {
    forks ||= step.verb === 'parallel';
  });
  return forks;
}

export class Server extends Actor {
  /** Users with a session in the memory of each instance. */
  private readonly sessions: Set<number>[];
  /** Components with a library in this process. */
  private guests: Actor[] = [];
  /** Users who have had a session anywhere. */
  private readonly known = new Set<number>();
  private sessionsLost = 0;
  private readonly own: ServerSettings;
  private readonly scaler: ReturnType<typeof autoscalerOf>;

  constructor(component: ComponentSettings<ServerSettings>, draft: ComponentDraft) {
    super(draft.name, draft.id, draft.firstNode, draft.nodes);
    this.own = component.own;
    this.sessions = Array.from({ length: draft.nodes }, () => new Set());
    this.scaler = autoscalerOf(this, component);
  }

  override start(): void {
    this.guests = this.world.actors.filter((actor) => actor.isGuestOf(this.component));
    this.scaler?.start();
    if (this.own.sessions !== null) this.kernel.outages.expectDeaths();
  }

  override onTimer(code: number, node: number, value: number, data: number): void {
    this.scaler?.onTimer(code, node, value, data);
  }

  override onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how !== 'pause') {
      const bytes = this.sessions[node - this.firstNode].size * (this.own.sessions?.sizeBytes ?? 0);
      this.world.machines.useMemory(this.world.nodes.machine[node], -bytes);
      this.sessions[node - this.firstNode].clear();
    }
    for (const guest of this.guests) guest.onHostCrash(node, how);
  }

  override onRestart(node: number): void {
    for (const guest of this.guests) guest.onHostRestart(node);
  }

  override step(row: number, argument: number): number {
    if (argument === FIND_SESSION) return this.findSession(row);
    // An instruction of a guest: see `visitOf`.
    return this.world.components.actor[(argument >>> 16) - 1]!.visit(row, argument & 0xffff);
  }

  /** The user's session: here, or lost, or never had. Miss: a login is due. */
  private findSession(row: number): number {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    const user = (I[at + ICol.Op] & ~0xffff) * 8192 + I[at + ICol.User];
    const node = I[at + ICol.Node];
    const here = this.sessions[node - this.firstNode];
    let status: Status = Status.Ok;
    if (!here.has(user)) {
      if (this.known.has(user)) this.sessionsLost++;
      this.known.add(user);
      here.add(user);
      this.kernel.frames.holdings.useMemory(node, this.world.nodes.machine[node], this.own.sessions!.sizeBytes);
      status = Status.Miss;
    }
    I[at + ICol.Flags] = (I[at + ICol.Flags] & ~Flag.StatusMask) | status;
    return Step.Continue;
  }

  override resetFigures(): void {
    this.sessionsLost = 0;
    this.kernel.outages.outOfMemoryKills[this.component] = 0;
    this.scaler?.resetFigures();
  }

  override figures(): Record<string, number> {
    const keepsSessions = this.own.sessions !== null && this.own.sessions.cache === null;
    return {
      ...(keepsSessions && { sessionsLost: this.sessionsLost }),
      ...((keepsSessions || this.own.memory !== null) && {
        outOfMemory: this.kernel.outages.outOfMemoryKills[this.component],
      }),
      ...this.scaler?.figures(),
    };
  }
}
