/** Call sites: each place in a program (or in a population) that calls something, resolved to numbers. */
import type { Memory } from './memory.ts';
import type { PathSpec } from './network.ts';
import { Site } from './records.ts';
import { Slot } from './slots.ts';
import type { ComponentTable } from './world.ts';

export { KeyFrom } from './layout.ts';

export interface SiteSpec {
  /** Component called. */
  target: number;
  /** Operation name id asked of it. */
  op: number;
  /** `KeyFrom`, or what to draw a fresh key from: sites of one frame with the same number ask for the same key. */
  key: number;
  /** Network path. */
  path: number;
  /** Timeout lane, Id.None: waits for ever; that of the first try, where it is another one. */
  lane: number;
  firstLane?: number;
  /** Tries, the first included. */
  attempts: number;
  baseNs: number;
  capNs: number;
  factor: number;
  jitter: 'none' | 'full' | 'equal' | 'decorrelated';
  /** Retry tokens earned per call and held at most; ratio < 0: no budget. */
  budgetRatio: number;
  budgetBurst: number;
  /** Callers that have a bucket each: instances of the calling component, or users. */
  callers: number;
  /** Calls every instance of the target and waits for `first` of them (0: all). */
  toAll: boolean;
  first: number;
  /** Where to go on when the call fails: Id.None fails the operation. */
  otherwise: number;
  /** Index of the pool among the caller node's local stations, Id.None: no pool. */
  pool: number;
  /** Span cells: on the way there, on the way back, between tries. */
  thereCell: number;
  backCell: number;
  retryCell: number;
  /** A timeout sends a cancellation after the request. */
  cancel: boolean;
  /** What the request and the answer carry. */
  requestBytes: number;
  responseBytes: number;
  /** See `Sites.straight`. */
  straight?: number;
}

export const JITTER = ['none', 'full', 'equal', 'decorrelated'] as const;

export class Sites {
  readonly count: number;
  readonly target: Int32Array;
  readonly op: Int32Array;
  readonly key: Int32Array;
  readonly path: Int32Array;
  readonly lane: Int32Array;
  readonly firstLane: Int32Array;
  readonly attempts: Int32Array;
  readonly base: Float64Array;
  readonly cap: Float64Array;
  readonly factor: Float64Array;
  readonly jitter: Uint8Array;
  readonly budgetRatio: Float64Array;
  readonly budgetBurst: Float64Array;
  readonly tokens: (Float64Array | null)[];
  readonly toAll: Uint8Array;
  readonly first: Int32Array;
  readonly otherwise: Int32Array;
  readonly pool: Int32Array;
  readonly thereCell: Int32Array;
  readonly backCell: Int32Array;
  readonly retryCell: Int32Array;
  readonly cancel: Uint8Array;
  readonly requestBytes: Float64Array;
  readonly responseBytes: Float64Array;
  /**
   * Of calls to a component that only tells where to call (a name): the first of their copies, one for each of the
   * components it may tell, in the order it lists them. Id.None: calls go where they say.
   */
  readonly straight: Int32Array;
  /** What the core knows: see `Site`. */
  private table: Int32Array;

  constructor(specs: readonly SiteSpec[]) {
    const n = specs.length;
    this.count = n;
    this.target = Int32Array.from(specs, (s) => s.target);
    this.op = Int32Array.from(specs, (s) => s.op);
    this.key = Int32Array.from(specs, (s) => s.key);
    this.path = Int32Array.from(specs, (s) => s.path);
    this.straight = Int32Array.from(specs, (s) => s.straight ?? -1);
    this.lane = Int32Array.from(specs, (s) => s.lane);
    this.firstLane = Int32Array.from(specs, (s) => s.firstLane ?? s.lane);
    this.attempts = Int32Array.from(specs, (s) => Math.min(255, s.attempts));
    this.base = Float64Array.from(specs, (s) => s.baseNs);
    this.cap = Float64Array.from(specs, (s) => s.capNs);
    this.factor = Float64Array.from(specs, (s) => s.factor);
    this.jitter = Uint8Array.from(specs, (s) => JITTER.indexOf(s.jitter));
    this.budgetRatio = Float64Array.from(specs, (s) => s.budgetRatio);
    this.budgetBurst = Float64Array.from(specs, (s) => s.budgetBurst);
    this.tokens = specs.map((s) =>
      s.budgetRatio < 0 ? null : new Float64Array(Math.max(1, s.callers)).fill(s.budgetBurst),
    );
    this.toAll = Uint8Array.from(specs, (s) => (s.toAll ? 1 : 0));
    this.first = Int32Array.from(specs, (s) => s.first);
    this.otherwise = Int32Array.from(specs, (s) => s.otherwise);
    this.pool = Int32Array.from(specs, (s) => s.pool);
    this.thereCell = Int32Array.from(specs, (s) => s.thereCell);
    this.backCell = Int32Array.from(specs, (s) => s.backCell);
    this.retryCell = Int32Array.from(specs, (s) => s.retryCell);
    this.requestBytes = Float64Array.from(specs, (s) => s.requestBytes);
    this.responseBytes = Float64Array.from(specs, (s) => s.responseBytes);
    this.cancel = Uint8Array.from(specs, (s) => (s.cancel ? 1 : 0));
    this.table = new Int32Array(n * Site.I);
  }

  /** Writes down what the core needs to take calls itself: see `Site`. */
  publish(memory: Memory, { route, firstNode, type }: ComponentTable, paths: readonly PathSpec[]): void {
    const table = memory.i32(Slot.Sites, this.count * Site.I);
    this.table = table;
    for (let site = 0; site < this.count; site++) {
      const at = site * Site.I;
      const target = this.target[site];
      table[at + Site.Plain] = this.isPlain(site) ? 1 : 0;
      table[at + Site.Lane] = this.firstLane[site];
      table[at + Site.Pool] = this.pool[site];
      table[at + Site.Target] = target;
      table[at + Site.Op] = this.op[site];
      table[at + Site.Key] = this.key[site];
      table[at + Site.Path] = this.path[site];
      table[at + Site.ThereCell] = this.thereCell[site];
      table[at + Site.BackCell] = this.backCell[site];
      table[at + Site.Route] = route[target];
      table[at + Site.FirstNode] = firstNode[target];
      table[at + Site.Once] = this.attempts[site] === 1 ? 1 : 0;
      table[at + Site.OfUsers] = type[paths[this.path[site]].from] === 'clients' ? 1 : 0;
    }
  }

  /** A call of one instance with neither budget nor cancellation? */
  isPlain(site: number): boolean {
    return this.tokens[site] === null && this.toAll[site] === 0 && this.cancel[site] === 0;
  }

  /** Whose turn it is among instances of a group, or copies of a shard: callers of a site take turns. */
  turnOf(site: number): number {
    return this.table[site * Site.I + Site.Turn];
  }

  setTurn(site: number, turn: number): void {
    this.table[site * Site.I + Site.Turn] = turn;
  }

  /** A call starts: its caller earns a part of a retry. */
  earn(site: number, caller: number): void {
    const tokens = this.tokens[site];
    if (tokens === null) return;
    const i = caller % tokens.length;
    tokens[i] = Math.min(this.budgetBurst[site], tokens[i] + this.budgetRatio[site]);
  }

  /** May the caller retry? Spends a token if so. */
  spend(site: number, caller: number): boolean {
    const tokens = this.tokens[site];
    if (tokens === null) return true;
    const i = caller % tokens.length;
    if (tokens[i] < 1) return false;
    tokens[i]--;
    return true;
  }
}
