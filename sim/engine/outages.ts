/**
 * Outages of nodes: what a crash, a silence, a pause and a return do to the rows that are there.
 *
 * A killed process loses what it had in memory and its peers get a reset one hop later; a silent one just stops
 * answering; a paused one keeps everything and goes on later. What it had begun elsewhere goes on in every case.
 */
import { Burials } from './burials.ts';
import { InvariantError } from './errors.ts';
import type { Frames } from './frames.ts';
import type { Kernel } from './kernel.ts';
import { NodeState } from './nodes.ts';
import { type Death, Notices } from './notices.ts';
import { Pauses } from './pauses.ts';
import { Id } from './rows.ts';
import { Cell } from './slots.ts';
import { Stranded } from './stranded.ts';
import type { Control } from './timers.ts';
import type { World } from './world.ts';

export type CrashKind = Death | 'pause';

/** Codes of the timers. */
const enum Later {
  Kill = 0,
  Restart = 1,
}

export class Outages implements Control {
  /** Nodes that are down and lose nothing. */
  readonly pauses: Pauses;
  /** A component's supervisor restarts a dead process after this long, ns; by component, Id.None: nobody does. */
  readonly restartAfter: Float64Array;
  /** Processes killed because their machine ran out of memory, by component. */
  readonly outOfMemoryKills: Int32Array;
  /** Who holds a node down: while anybody does, it is not restarted. */
  private readonly holds: Int32Array;
  /** Kept down by a fault that never ends; killed by one, to be restarted by the supervisor and nobody else. */
  private readonly forGood: Uint8Array;
  private readonly supervised: Uint8Array;
  private readonly burials: Burials;
  private readonly stranded: Stranded;
  private readonly dying = new Set<number>();
  private readonly control: number;

  constructor(
    private readonly world: World,
    frames: Frames,
    private readonly kernel: Kernel,
  ) {
    this.restartAfter = new Float64Array(world.components.count).fill(Id.None);
    this.outOfMemoryKills = new Int32Array(world.components.count);
    this.holds = new Int32Array(world.nodes.count);
    this.forGood = new Uint8Array(world.nodes.count);
    this.supervised = new Uint8Array(world.nodes.count);
    const notices = new Notices(world, frames.answers, frames.transit);
    this.pauses = new Pauses(world, frames.ways);
    this.burials = new Burials(world, frames.holdings, notices);
    this.stranded = new Stranded(world, frames.ways, frames.holdings, notices);
    this.control = kernel.addControl(this);
    if (world.nodes.perRequest.some((bytes) => bytes > 0)) this.expectDeaths();
  }

  /** To be called before time zero by whoever may end processes without a fault: takes up memory, or turns nodes off. */
  expectDeaths(): void {
    this.world.memory.cells[Cell.MayDie] = 1;
  }

  /** A death that is no fault. */
  private assertExpected(node: number): void {
    const { cells } = this.world.memory;
    if (cells[Cell.MayDie] === 0)
      throw new InvariantError(`${this.world.nodes.nameOf(node)} dies, which nobody had expected`);
  }

  /** The machine is out of memory: the process that asked is killed, at the end of this instant. */
  outOfMemory(node: number): void {
    this.assertExpected(node);
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
    if (code === Later.Kill) {
      this.crash(node, 'kill');
      return;
    }
    this.supervised[node] = 0;
    if (!this.isHeld(node)) this.restart(node);
  }

  /** Does anybody keep the node down? */
  private isHeld(node: number): boolean {
    return this.holds[node] > 0 || this.forGood[node] === 1 || this.supervised[node] === 1;
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
    if (how === 'pause') return this.pauses.pause(node, fault);
    if (state === NodeState.Paused) this.pauses.resume(node);
    nodes.setState(node, how === 'kill' ? NodeState.Killed : NodeState.Silent);
    nodes.incarnation[node]++;
    const name = nodes.nameOf(node);
    if (oom) history.add('out-of-memory', component, node, `${name} is out of memory and killed`, 0, fault);
    else if (fault === Id.None)
      history.add('crash', component, node, `${name} ${how === 'kill' ? 'is killed' : 'loses power'}`);
    this.bury(node, how);
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

  /**
   * A fault that never ends takes the node down: no end of another brings it back. Where a killed process has a supervisor,
   * that does, and only that; to kill what is dead makes no difference then.
   */
  crashForGood(node: number, how: CrashKind, fault: number): void {
    const died = this.crash(node, how, fault);
    const hasSupervisor = how === 'kill' && this.restartAfter[this.world.nodes.component[node]] >= 0;
    if (!hasSupervisor) this.forGood[node] = 1;
    else if (died) this.supervised[node] = 1;
  }

  /** The last to let go of the node brings it back. What boots in its slot meanwhile is opened by who boots it. */
  release(node: number, fault = Id.None): void {
    this.holds[node]--;
    const isBooting = this.world.nodes.state[node] === NodeState.Booting;
    if (!isBooting && !this.isHeld(node)) this.restart(node, fault);
  }

  /** Brings a node back: a new process, empty, or a paused one that goes on. */
  restart(node: number, fault = Id.None): void {
    const { nodes, history, machines } = this.world;
    const state = nodes.state[node];
    const component = nodes.component[node];
    if (state === NodeState.Paused) {
      this.pauses.resume(node);
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
    this.assertExpected(node);
    if (nodes.state[node] === NodeState.Paused) this.pauses.resume(node);
    const wasAlive = nodes.accepts(node);
    nodes.setState(node, NodeState.Off);
    nodes.incarnation[node]++;
    // What is booted here next is another instance.
    this.forGood[node] = 0;
    this.supervised[node] = 0;
    if (!wasAlive) return;
    this.bury(node, 'kill');
    this.world.components.actor[nodes.component[node]]?.onCrash(node, 'kill');
  }

  /** Everything of the node's process is gone. */
  private bury(node: number, how: Death): void {
    this.burials.clear(node, how);
    this.stranded.cutAt(node, how);
  }
}
