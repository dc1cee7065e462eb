/**
 * The pool of rows: everything that moves.
 *
 * A row is 128 bytes, two cache lines, seen through a Float64Array `F` (16 columns) and an Int32Array `I` (32 columns)
 * over one buffer. It is at once the event record, the message on the wire, the frame that runs a program on a node,
 * and the link in a station's queue; a user and an open request are rows too. Growing replaces the arrays, so it
 * happens only between events (see `reserve`): inside one event `F` and `I` may be kept in locals.
 */

/** Columns of a row in each view. A `const enum`, since bundlers turn exported constants into variables that the loop would load at every use. */
export const enum Stride {
  F = 16,
  I = 32,
}

/**
 * Binary logarithms of the strides. `(row << Shift.I) & Shift.Range` is a non-negative number that stays one when a
 * column is added: the loop's compiler then needs no check for overflow, nor for a sign, at every use.
 */
export const enum Shift {
  F = 4,
  I = 5,
  Range = 0x3fffffff,
}

/** No row, no node, nothing. */
export const enum Id {
  None = -1,
  /** Where a call goes is not known yet: an actor keeps the row and sends it on (`Calls.dispatch`), or answers it. */
  Later = -2,
}

/** Columns of `F`: row * Stride.F + column. */
export const enum FCol {
  /** When the row's event is due, ns. */
  Time = 0,
  /** Frame: arrival at its node. Request: first send. ns. */
  Start = 1,
  /** Demand of the CPU step in progress, ns of core time; on a shared machine its virtual finish time. */
  Work = 2,
  /** When the row began to wait or to be served, ns. */
  Mark = 3,
  /** Demand of the CPU step in progress, ns of core time. Shares its place with the queue links: not while queued. */
  Demand = 8,
  /**
   * While an actor handles the row: whatever it keeps there. On an answer, and in the caller once it is back: the version
   * of the value it brings, as the time (ns) up to which the value holds every committed write to its key; 0: no value.
   */
  Data = 15,
}

/** Columns of `I`: row * Stride.I + column. Columns 0–7 and 30–31 overlap the doubles above. */
export const enum ICol {
  /** Link in a slot of the event list, or in the free list. */
  Next = 8,
  Kind = 9,
  /** Where the row is, or where it is going. */
  Node = 10,
  /** Next instruction. */
  Pc = 11,
  /** Row to answer to, -1: nobody waits. */
  Parent = 12,
  ParentGen = 13,
  /** Counts the lives of this row. */
  Gen = 14,
  /** Status (bits 0–7), priority (8–10), event-loop process (11–24), then `Flag`s. */
  Flags = 15,
  QNext = 16,
  QPrev = 17,
  /** Identity: two words from which everything random about the row is drawn. */
  IdA = 18,
  IdB = 19,
  Key = 20,
  User = 21,
  /** Outgoing calls: sequence number << 8 | attempt. A reply is accepted when it carries this value. */
  Attempt = 22,
  /** The parent's `Attempt` when this row was sent. */
  Tag = 23,
  /** Call site that is being executed (as a caller), or that sent this row (as a message). */
  Site = 24,
  /** Way back through the nearest router the row has passed (see `Ways`), -1: none. A timer's node. */
  Via = 25,
  /** Children still awaited; while a router chooses, or has the answer, the index of the chosen target. */
  Join = 26,
  /** Span chain, -1: not on a critical path. */
  Span = 27,
  /** Operation name id. */
  Op = 28,
  /** Call site in progress of this row's own. */
  Calling = 29,
}

/** What a row is, or what is due for it. The order of simultaneous events is by `ORDER` of their kind. */
export const enum Kind {
  Free = 0,
  /** Killed while linked in the event list; freed when it comes up. */
  Dead = 1,
  Arrive = 2,
  Reply = 3,
  ReplyVia = 4,
  CpuDone = 5,
  DelayDone = 6,
  Begin = 7,
  Backoff = 8,
  Source = 9,
  Lane = 10,
  Machine = 11,
  Patience = 12,
  Timer = 13,
  Message = 14,
  Resume = 15,
  GrantIntake = 16,
  GrantLoop = 17,
  GrantSeize = 18,
  GrantPool = 19,
  WaitCall = 20,
  WaitJoin = 21,
  WaitActor = 22,
  LateTimeout = 25,
  Cancel = 26,
}

/** Simultaneous events: completions, then replies, then arrivals, then clocks. Indexed by `Kind`. */
export const ORDER = new Uint8Array([9, 9, 3, 2, 2, 0, 0, 4, 4, 4, 5, 0, 5, 6, 3, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 5, 3]);

/** How an answer ended. Values above `Miss` are failures. */
export const enum Status {
  Ok = 0,
  Miss = 1,
  Error = 2,
  /** A queue was full. */
  Rejected = 3,
  /** Nothing listens, or a connection limit. */
  Refused = 4,
  /** The process died with the request in it. */
  Reset = 5,
  Timeout = 6,
  /** The caller took the request back before it was served. */
  Cancelled = 7,
}

/** Bits of the flags column. */
export const enum Flag {
  StatusMask = 0xff,
  PriorityShift = 8,
  PriorityMask = 0x700,
  ProcessShift = 11,
  ProcessMask = 0x1fff800,
  /** Counted as inside its node. */
  Inside = 1 << 25,
  /** Holds a token of the intake station. */
  Token = 1 << 26,
  /** A branch of a fork: answers to its parent without a network. */
  Branch = 1 << 27,
  /** A user's or an open arrival's intent, not a frame. */
  Request = 1 << 28,
  /** Has a span chain of its own (a request, or a branch). */
  OwnSpan = 1 << 29,
  /** Work that a component gave the node (`Site` says which): told when it ends. */
  Work = 1 << 30,
}

export class RowPoolExhausted extends Error {}

export class Rows {
  F: Float64Array;
  I: Int32Array;
  capacity: number;
  /** Rows in use. */
  live = 0;
  peak = 0;
  private head = Id.None;

  constructor(
    capacity: number,
    private readonly maximum: number,
  ) {
    this.capacity = capacity;
    const buffer = new ArrayBuffer(capacity * Stride.F * 8);
    this.F = new Float64Array(buffer);
    this.I = new Int32Array(buffer);
    this.link(0);
  }

  /** Grows, between events only, so that at least `count` more rows can be taken. False: over the memory budget. */
  reserve(count: number): boolean {
    if (this.capacity - this.live >= count) return true;
    let capacity = this.capacity;
    while (capacity - this.live < count) capacity *= 2;
    if (capacity > this.maximum) return false;
    const from = this.capacity;
    const buffer = new ArrayBuffer(capacity * Stride.F * 8);
    const grown = new Int32Array(buffer);
    grown.set(this.I);
    this.I = grown;
    this.F = new Float64Array(buffer);
    this.capacity = capacity;
    this.link(from);
    return true;
  }

  /** Takes a row. Its columns hold what the last life left, except `Gen`, which is new, and `Flags`, none of which is set. */
  take(): number {
    const row = this.head;
    if (row === Id.None) throw new RowPoolExhausted('more rows taken in one event than were reserved');
    this.head = this.I[row * Stride.I + ICol.Next];
    this.live++;
    if (this.live > this.peak) this.peak = this.live;
    return row;
  }

  free(row: number): void {
    const at = row * Stride.I;
    const I = this.I;
    I[at + ICol.Kind] = Kind.Free;
    // Whoever looks at all rows must not take a timer for the request that this row was before.
    I[at + ICol.Flags] = 0;
    I[at + ICol.Gen] = (I[at + ICol.Gen] + 1) | 0;
    I[at + ICol.Next] = this.head;
    this.head = row;
    this.live--;
  }

  private link(from: number): void {
    for (let row = this.capacity - 1; row >= from; row--) {
      this.I[row * Stride.I + ICol.Next] = this.head;
      this.head = row;
    }
  }
}
