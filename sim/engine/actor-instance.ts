/** A component of a running stage: the cold side of an actor. Hot work stays in programs. */
import { Step } from './layout.ts';
import type { World } from './world.ts';
import type { Kernel } from './kernel.ts';

export { Step } from './layout.ts';

/** Argument of the `Actor` verb in a program of a process that is host to a library of `component`: see `Actor.visit`. */
export const visitOf = (component: number, argument: number): number => ((component + 1) << 16) | argument;

/** What a dashboard reads of a component at one moment. */
export interface Readings {
  /** Counters since the window began. */
  counts: Record<string, number>;
  levels: Record<string, number>;
  /** Ratios of two of the counters, by name: [part, whole]. */
  ratios?: Record<string, [string, string]>;
}

export abstract class Actor {
  kernel!: Kernel;
  world!: World;

  constructor(
    readonly name: string,
    readonly component: number,
    readonly firstNode: number,
    readonly nodeCount: number,
  ) {}

  /** Called once before time zero, when the world is complete. */
  start(): void {}

  /**
   * Picks the instance for a call to this component (routing by key, by role). Id.None: nobody to call; Id.Later: the
   * actor keeps the row. The node may be one of another component if the row's `Site` becomes that component's: see
   * `Sites.straight`.
   */
  route(_row: number, _site: number): number {
    return this.firstNode;
  }

  /** Does the node that a user's calls come to depend, as long as nothing fails, on nothing but the user and where it is? */
  readonly hasDoors: boolean = false;

  /** Where there is such a node: that of a user at node `from`. */
  doorOf(_from: number, _user: number): number {
    return this.firstNode;
  }

  /** Balancers: picks the next node for a row that is at one of this actor's nodes, and sets its `Join` to the target's index. */
  choose(_row: number): number {
    return -1;
  }

  /**
   * Balancers: the answer of a routed row is back, its `Join` the target's index. True: it is to be passed on again;
   * `choose` is asked for another target at once, and the answer goes to the caller if there is none.
   */
  returned(_row: number, _status: number): boolean {
    return false;
  }

  /** Routers: span cell of the wire to and from their targets. */
  onwardCell = 0;

  /** How long this router waits for an answer before it gives up, ns. */
  get answerTimeoutNs(): number {
    return 60_000_000_000;
  }

  /** The `Actor` verb with operand a. */
  step(_row: number, _argument: number): number {
    return Step.Continue;
  }

  // A component whose library runs in processes of others (a producer, a consumer, a connection) is their guest.

  /** A row at a node of another component reaches an instruction of this one's library (`visitOf`). */
  visit(_row: number, _argument: number): number {
    return Step.Continue;
  }

  /** Does this component have a library in processes of `component`? Then it is told what becomes of them. */
  isGuestOf(_component: number): boolean {
    return false;
  }

  onHostCrash(_node: number, _how: 'kill' | 'power' | 'pause'): void {}

  onHostRestart(_node: number): void {}

  /** Work that this component gave a node (`kernel.assign`) has ended there; its row is freed afterwards. Work of a process that died never ends. */
  onDone(_row: number, _status: number): void {}

  /** A timer set with `kernel.timer`; its row is freed afterwards. */
  onTimer(_code: number, _node: number, _value: number, _data: number): void {}

  /** A message from a node of this component; its row is freed afterwards. */
  onMessage(_code: number, _from: number, _to: number, _value: number, _data: number): void {}

  /** A message of this component over a connection (see `kernel.message`) found that nothing listens at `to`; `from` sent it. */
  onRefused(_code: number, _from: number, _to: number, _value: number, _data: number): void {}

  /** The control plane changed who is in `directory[component]`, or what state an instance that left it is in. */
  onDirectory(_component: number): void {}

  onCrash(_node: number, _how: 'kill' | 'power' | 'pause'): void {}

  onRestart(_node: number): void {}

  /** A row that waits inside the actor was killed or gave up: forget it. */
  onRowGone(_row: number): void {}

  /** End of the warm-up: figures start again. */
  resetFigures(): void {}

  /** What this type adds to its row in the report. */
  figures(): Record<string, number> {
    return {};
  }

  /** For recordings, some hundred times a run: what can be read in no time. Nothing decides by it. Default: its figures. */
  readings(): Readings | null {
    return null;
  }

  /** For recordings: what the node is to the others at present ('primary', 'replica'); '' when all are alike. */
  role(_node: number): string {
    return '';
  }

  /** What is wrong at the end of a run, '' when nothing is: the actor's own invariants. */
  violation(): string {
    return '';
  }
}
