/**
 * Outages of nodes: what a crash, a silence, a pause and a return do to the rows that are there.
 *
 * A killed process loses what it had in memory and its peers get a reset one hop later; a silent one just stops
 * answering; a paused one keeps everything and goes on later. What it had begun elsewhere goes on in every case.
 * Cold: a crash looks at every row of the pool.
 */
import type { Frames } from './frames.ts';
import type { Kernel } from './kernel.ts';
import type { Control } from './timers.ts';
import { NodeState } from './nodes.ts';
import { FCol, Stride, Flag, ICol, Kind, Id, Status } from './rows.ts';
import { Cell } from './slots.ts';
import type { Ways } from './ways.ts';
import type { World } from './world.ts';

export type CrashKind = 'kill' | 'power' | 'pause';

/** Codes of the timers. */
const enum Later {
  Kill = 0,
  Restart = 1,
}

export class Outages implements Control {
  /** Nodes that are paused now. */
  get paused(): number {
    return this.world.memory.cells[Cell.Paused];
  }

  set paused(count: number) {
    this.world.memory.cells[Cell.Paused] = count;
  }
  /** A component's supervisor restarts a dead process after this long, ns; by component, Id.None: nobody does. */
  readonly restartAfter: Float64Array;
  /** Processes killed because their machine ran out of memory, by component. */
  readonly outOfMemoryKills: Int32Array;
  /** Who holds a node down: while anybody does, it is not restarted. */
  private readonly holds: Int32Array;
  /** Paused nodes: what waits for them, and the state they go back to. */
  private readonly parked = new Map<number, { rows: number[]; state: NodeState }>();
  private readonly dying = new Set<number>();
  private readonly control: number;

  constructor(
    private readonly world: World,
    private readonly frames: Frames,
    private readonly kernel: Kernel,
  ) {
    this.restartAfter = new Float64Array(world.components.count).fill(Id.None);
    this.outOfMemoryKills = new Int32Array(world.components.count);
    this.holds = new Int32Array(world.nodes.count);
    this.control = kernel.addControl(this);
  }

  /** The machine is out of memory: the process that asked is killed, at the end of this instant. */
  outOfMemory(node: number): void {
    if (this.dying.has(node)) return;
    this.dying.add(node);
    this.outOfMemoryKills[this.world.nodes.component[node]]++;
    this.later(Later.Kill, node, 0);
  }

  /** What becomes of this life of the node in `delayNs`, if it has not ended by then. */
  private later(code: Later, node: number, delayNs: number): void {
    this.kernel.timer(this.control, Id.None, code, delayNs, node, this.world.nodes.incarnation[node]);
  }

  onTimer(code: number, _node: number, node: number, incarnation: number): void {
    if (this.world.nodes.incarnation[node] !== incarnation) return;
    if (code === Later.Kill) this.crash(node, 'kill');
    else if (this.holds[node] === 0) this.restart(node);
  }

  /**
   * Takes the node down. A supervisor restarts a killed process unless somebody holds it down. Returns false when it was not
   * running. A fault that is named writes the history itself.
   */
  crash(node: number, how: CrashKind, fault = Id.None): boolean {
    const { nodes, history } = this.world;
    const state = nodes.state[node];
    const component = nodes.component[node];
    const oom = this.dying.delete(node);
    if (state !== NodeState.Up && state !== NodeState.Draining && state !== NodeState.Paused) return false;
    if (how === 'pause') return this.pause(node, fault);
    if (state === NodeState.Paused) this.unpark(node);
    nodes.setState(node, how === 'kill' ? NodeState.Killed : NodeState.Silent);
    nodes.incarnation[node]++;
    const name = nodes.nameOf(node);
    if (oom) history.add('out-of-memory', component, node, `${name} is out of memory and killed`, 0, fault);
    else if (fault === Id.None)
      history.add('crash', component, node, `${name} ${how === 'kill' ? 'is killed' : 'loses power'}`);
    this.clear(node, how);
    this.world.components.actor[component]?.onCrash(node, how);
    const restart = this.restartAfter[component];
    // A supervisor dies with its machine.
    if (restart >= 0 && how === 'kill') this.later(Later.Restart, node, restart);
    return true;
  }

  /** A fault that lasts keeps the node down until `release`, whatever a supervisor would do; faults that overlap add up. */
  hold(node: number): void {
    this.holds[node]++;
  }

  /** The last to let go of the node brings it back. */
  release(node: number, fault = Id.None): void {
    if (--this.holds[node] === 0) this.restart(node, fault);
  }

  /** Brings a node back: a new process, empty, or a paused one that goes on. */
  restart(node: number, fault = Id.None): void {
    const { nodes, history, machines } = this.world;
    const state = nodes.state[node];
    const component = nodes.component[node];
    if (state === NodeState.Paused) {
      this.unpark(node);
      if (fault === Id.None) history.add('restart', component, node, `${nodes.nameOf(node)} goes on`);
      return;
    }
    if (state !== NodeState.Killed && state !== NodeState.Silent && state !== NodeState.Booting) return;
    nodes.setState(node, NodeState.Up);
    machines.useMemory(nodes.machine[node], nodes.base[node]);
    // Whoever boots a node says himself that it is ready.
    if (fault === Id.None && state !== NodeState.Booting)
      history.add('restart', component, node, `${nodes.nameOf(node)} is up again`);
    this.world.components.actor[component]?.onRestart(node);
  }

  /** An empty slot is taken into use; `restart` opens it when it has booted. Returns the number of the new life. */
  boot(node: number): number {
    const { nodes } = this.world;
    nodes.setState(node, NodeState.Booting);
    return ++nodes.incarnation[node];
  }

  /** The slot is given back: what is still there is reset, and nothing runs until it is booted again. */
  turnOff(node: number): void {
    const { nodes } = this.world;
    if (nodes.state[node] === NodeState.Paused) this.unpark(node);
    const wasAlive = nodes.accepts(node);
    nodes.setState(node, NodeState.Off);
    nodes.incarnation[node]++;
    if (!wasAlive) return;
    this.clear(node, 'kill');
    this.world.components.actor[nodes.component[node]]?.onCrash(node, 'kill');
  }

  /** Everything of the node's process is gone. */
  private clear(node: number, how: 'kill' | 'power'): void {
    const { nodes, machines, stations, rows } = this.world;
    const machine = nodes.machine[node];
    const victims: number[] = [];
    for (let row = 0; row < rows.touched; row++) if (this.isAt(row, node)) victims.push(row);
    this.sortByIdentity(victims);
    rows.reserve(victims.length * 2 + 256);
    if (machines.isShared[machine] === 1) machines.evict(machine, node, () => {});
    else for (const row of victims) if (rows.I[row * Stride.I + ICol.Kind] === Kind.CpuDone) machines.finish(machine);
    for (const station of nodes.allStations(node)) stations.clear(station);
    machines.useMemory(machine, -nodes.base[node]);
    const due = this.world.ready.waiting();
    for (const row of victims) this.bury(row, node, how, due);
    this.cutRouted(node, how);
  }

  /** Their resets leave in this instant one after the other: in an order that does not depend on which rows they have. */
  private sortByIdentity(list: number[]): void {
    const { I } = this.world.rows;
    list.sort((a, b) => {
      const first = I[a * Stride.I + ICol.IdA] - I[b * Stride.I + ICol.IdA];
      return first !== 0 ? first : I[a * Stride.I + ICol.IdB] - I[b * Stride.I + ICol.IdB];
    });
  }

  /** Is the row a frame at this node, in whatever state? Messages under way are not. */
  private isAt(row: number, node: number): boolean {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    if (I[at + ICol.Node] !== node || (I[at + ICol.Flags] & Flag.Request) !== 0) return false;
    const kind = I[at + ICol.Kind];
    return (
      kind === Kind.CpuDone ||
      kind === Kind.DelayDone ||
      kind === Kind.Backoff ||
      kind === Kind.Resume ||
      (kind >= Kind.GrantIntake && kind <= Kind.WaitActor)
    );
  }

  private bury(row: number, node: number, how: 'kill' | 'power', due: ReadonlySet<number>): void {
    const { rows, nodes, ledger, components, spans, machines } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    const component = nodes.component[node];
    const kind = I[at + ICol.Kind];
    if (kind === Kind.WaitActor) components.actor[component]?.onRowGone(row);
    if ((I[at + ICol.Flags] & Flag.Inside) !== 0) {
      ledger.kill(component, rows.F, row * Stride.F + FCol.Start);
      nodes.enter(node, -1);
      this.frames.holdings.dropConnection(node);
      // The row may be used again for an event that sets no flags.
      I[at + ICol.Flags] &= ~Flag.Inside;
    }
    if ((I[at + ICol.Flags] & Flag.OwnSpan) !== 0) spans.drop(row);
    const awaited = I[at + ICol.Parent] !== Id.None || I[at + ICol.Via] !== Id.None;
    if (awaited && (I[at + ICol.Flags] & Flag.Branch) === 0) this.tell(row, how);
    // A row that is linked in the event list, or due in this instant, is freed when it comes up.
    const linked =
      kind === Kind.DelayDone ||
      kind === Kind.Backoff ||
      (kind === Kind.CpuDone && machines.isShared[nodes.machine[node]] === 0);
    if (!linked && !due.has(row)) {
      rows.free(row);
      return;
    }
    I[at + ICol.Kind] = Kind.Dead;
    I[at + ICol.Gen]++;
    I[at + ICol.Span] = Id.None;
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Node] = Id.None;
  }

  /** The caller of a killed frame gets a reset; of a silent one nothing, except that a router gives up in the end. */
  private tell(row: number, how: 'kill' | 'power'): void {
    const { rows } = this.world;
    const I = rows.I;
    const from = row * Stride.I;
    if (how === 'power' && I[from + ICol.Via] === Id.None) return;
    const notice = rows.take();
    const to = notice * Stride.I;
    const gen = I[to + ICol.Gen];
    I.copyWithin(to + ICol.Node, from + ICol.Node, from + Stride.I);
    I[to + ICol.Gen] = gen;
    I[to + ICol.Kind] = Kind.Arrive;
    I[to + ICol.Flags] = I[from + ICol.Flags] & Flag.PriorityMask;
    this.world.spans.give(row, notice);
    if (how === 'kill') this.frames.answers.answer(notice, Status.Reset);
    else this.frames.transit.vanish(notice);
  }

  /** Requests that went on through a router that died: nobody can bring their answers back. */
  private cutRouted(node: number, how: 'kill' | 'power'): void {
    const { rows } = this.world;
    const { ways } = this.frames;
    // Most nodes route nothing, and there are far fewer ways than rows.
    if (ways.through(node) === 0) return;
    const routed: number[] = [];
    for (let row = 0; row < rows.touched; row++) {
      if (this.isRouted(row) && hasPassed(ways, rows.I[row * Stride.I + ICol.Via], node)) routed.push(row);
    }
    this.sortByIdentity(routed);
    rows.reserve(routed.length + 256);
    for (const row of routed) this.cutOff(row, node, how);
  }

  /** Does the row have a way back? */
  private isRouted(row: number): boolean {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    const kind = I[at + ICol.Kind];
    if ((I[at + ICol.Flags] & (Flag.Request | Flag.Branch)) !== 0) return false;
    const moves = kind === Kind.Arrive || kind === Kind.ReplyVia || kind === Kind.Backoff;
    const served = kind === Kind.CpuDone || kind === Kind.DelayDone || (kind >= Kind.Resume && kind <= Kind.WaitActor);
    return moves || served;
  }

  /**
   * The way back of a row ends at a router that died. Routers nearer to the row wait on for their answer; those beyond
   * it, and the caller, are told by a reset, or find out in the end.
   */
  private cutOff(row: number, router: number, how: 'kill' | 'power'): void {
    const { rows, spans } = this.world;
    const { ways } = this.frames;
    const I = rows.I;
    const at = row * Stride.I;
    const nearest = I[at + ICol.Via];
    let above: number = Id.None;
    let way = nearest;
    while (ways.router[way] !== router) {
      above = way;
      way = ways.below[way];
    }
    this.frames.holdings.dropConnection(router);
    const beyond = ways.free(way);
    this.tellBeyond(row, router, beyond, how);
    I[at + ICol.Parent] = Id.None;
    spans.detach(row);
    if (above !== Id.None) ways.below[above] = Id.None;
    else {
      I[at + ICol.Via] = Id.None;
      if (I[at + ICol.Kind] !== Kind.ReplyVia) return;
      I[at + ICol.Kind] = Kind.Dead;
      I[at + ICol.Gen]++;
      I[at + ICol.Node] = Id.None;
    }
  }

  /** Sends the reset of a router that died, or lets its peers wait; `beyond` is the way back from it. */
  private tellBeyond(row: number, router: number, beyond: number, how: 'kill' | 'power'): void {
    const { rows } = this.world;
    const I = rows.I;
    const from = row * Stride.I;
    if (beyond === Id.None && (I[from + ICol.Parent] === Id.None || how === 'power')) return;
    const notice = rows.take();
    const to = notice * Stride.I;
    const gen = I[to + ICol.Gen];
    I.copyWithin(to + ICol.Node, from + ICol.Node, from + Stride.I);
    I[to + ICol.Gen] = gen;
    I[to + ICol.Kind] = Kind.Arrive;
    I[to + ICol.Node] = router;
    I[to + ICol.Via] = beyond;
    I[to + ICol.Flags] = I[from + ICol.Flags] & Flag.PriorityMask;
    this.world.spans.give(row, notice);
    if (how === 'kill') this.frames.answers.answer(notice, Status.Reset);
    else this.frames.transit.vanish(notice);
  }

  private pause(node: number, fault: number): boolean {
    const { nodes, machines, history, clock } = this.world;
    if (nodes.state[node] === NodeState.Paused) return false;
    const list: number[] = [];
    this.parked.set(node, { rows: list, state: nodes.state[node] });
    nodes.setState(node, NodeState.Paused);
    nodes.pausedAt[node] = clock[0];
    this.paused++;
    const machine = nodes.machine[node];
    if (machines.isShared[machine] === 1) {
      const F = this.world.rows.F;
      machines.evict(machine, node, (row) => {
        F[row * Stride.F + FCol.Work] = machines.remaining(machine, row);
        list.push(row);
      });
    }
    if (fault === Id.None)
      history.add('crash', nodes.component[node], node, `${nodes.nameOf(node)} stops running, memory kept`);
    this.world.components.actor[nodes.component[node]]?.onCrash(node, 'pause');
    return true;
  }

  /** Keeps a row until its node goes on. */
  park(row: number): void {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    const kind = I[at + ICol.Kind];
    const node =
      kind === Kind.Reply
        ? I[I[at + ICol.Parent] * Stride.I + ICol.Node]
        : kind === Kind.ReplyVia
          ? this.frames.ways.router[I[at + ICol.Via]]
          : I[at + ICol.Node];
    this.parked.get(node)!.rows.push(row);
  }

  /** Is the row due at a paused node? Then it is parked. Arrivals, replies and timeouts look for themselves. */
  holdsBack(row: number, kind: number): boolean {
    if (
      kind === Kind.Arrive ||
      kind === Kind.Reply ||
      kind === Kind.ReplyVia ||
      kind === Kind.Machine ||
      kind === Kind.Lane ||
      kind === Kind.Dead
    )
      return false;
    if (kind === Kind.Timer && this.world.rows.I[row * Stride.I + ICol.Via] === Id.None) return false;
    const node = this.world.rows.I[row * Stride.I + ICol.Node];
    if (this.world.nodes.state[node] !== NodeState.Paused) return false;
    this.parked.get(node)!.rows.push(row);
    return true;
  }

  private unpark(node: number): void {
    const { nodes, rows, machines, clock, events, ready } = this.world;
    const waiting = this.parked.get(node)!;
    this.parked.delete(node);
    this.paused--;
    nodes.setState(node, waiting.state);
    const machine = nodes.machine[node];
    for (const row of waiting.rows) {
      const kind = rows.I[row * Stride.I + ICol.Kind];
      if (kind !== Kind.CpuDone) ready.push(row);
      else if (machines.isShared[machine] === 1) {
        rows.reserve(64);
        machines.run(machine, row);
      } else {
        const at = row * Stride.F + FCol.Time;
        rows.F[at] += clock[0] - nodes.pausedAt[node];
        events.push(row);
      }
    }
  }
}

/** Does a way back lead through the router? */
function hasPassed(ways: Ways, from: number, router: number): boolean {
  for (let way = from; way !== Id.None; way = ways.below[way]) if (ways.router[way] === router) return true;
  return false;
}
