/**
 * Numbers that everybody who touches the tables agrees on: the columns of a row, what a row is, the instruction set, the
 * states of nodes. Read by the TypeScript of the engine and by the core (see core/), so it imports nothing and holds
 * nothing but `const enum`s, which compilers put in as numbers.
 */

/** Columns of a row in each view. A `const enum`, since bundlers turn exported constants into variables that the loop would load at every use. */
export const enum Stride {
  F = 16,
  I = 32,
}

/** No row, no node, nothing. */
export const enum Id {
  None = -1,
  /** Where a call goes is not known yet: an actor keeps the row and sends it on (`Calls.dispatch`), or answers it. */
  Later = -2,
  /** @public Only the core asks. The actor must be asked. */
  Asked = -3,
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
  Parent = 22,
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
  Attempt = 12,
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
  /** @public Only the core asks. A user's request reaches the system, and is begun then as of when it was sent: see core/first-hop.ts. */
  Entry = 23,
  /** @public Only the core asks. A visit is over that was booked ahead: see core/visits.ts. */
  Visited = 24,
  LateTimeout = 25,
  Cancel = 26,
}

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

/**
 * The instruction set: what an operation compiles to, four integers an instruction: verb, operands a and b, and the
 * place of the instruction within its own component. What is random about a step is drawn by that place, so that
 * another component's code moves nobody's draws.
 *
 * No verb is specific to an actor; `Actor` is the one way from a program into an actor's own code.
 */
export const enum Verb {
  /** The operation is done: release everything, answer. */
  End = 0,
  /** a: distribution of core time. */
  Cpu = 1,
  /** a: distribution, a pure wait; a thread stays held. b: span cell. */
  Sleep = 2,
  /** a: call site. */
  Call = 3,
  Jump = 4,
  /** a: goes there when the last call's status is Miss. */
  IfMiss = 5,
  /** a: goes there with probability b ÷ 2^31. */
  Choose = 6,
  /** Starts b branches, then goes on at a; the b instructions that follow hold their entries (a) and how many must finish (b). */
  Fork = 7,
  /** A branch is done. */
  BranchEnd = 8,
  /** Answers now and goes on. */
  Respond = 9,
  /** Fails with probability a ÷ 2^31. */
  Fail = 10,
  /** a: local station of the node. */
  Seize = 11,
  Release = 12,
  /** Holds for distribution a; b: span cell. Slowdown faults stretch it. */
  Hold = 13,
  /** a: argument for `actor.step`. */
  Actor = 14,
  /** Hands the row to the node that the actor's `choose` names. */
  Forward = 15,
  /** By chance the status is Ok, or Miss, and the answer brings no value: entry a of the tosses tells how often, and counts. */
  Toss = 16,
}

/** Steps of a row's randomness that both sides draw by. */
export const enum DrawStep {
  Toss = 0x20000001,
}

/** Integers an instruction takes; and the operands of `Actor` from which on it is a guest's (`visitOf`). */
export const enum Code {
  Width = 4,
  /** @public Only the core asks. */
  Guest = 0x10000,
}

export const enum NodeState {
  Up = 0,
  /** The process is gone, its machine answers connections with resets. */
  Killed = 1,
  /** Nothing answers. */
  Silent = 2,
  /** Alive but not running: everything waits until it resumes. */
  Paused = 3,
  Booting = 4,
  /** A slot that is not in use. */
  Off = 5,
  /** Serves what it has, takes no new sessions; balancers are told. */
  Draining = 6,
}

/** Which key a call asks for, where it is not a number that a fresh key is drawn from. */
export const enum KeyFrom {
  /** The request's key. */
  Request = -1,
  /** One that stands for the user, apart from all other keys. */
  Session = -2,
}

export const enum Route {
  /** One instance, or the only one. */
  Single = 0,
  /** The call site's own round robin over the directory. */
  Turn = 1,
  /** `actor.route(row)`. */
  Actor = 2,
}

/** What `Actor.step` tells the interpreter. */
export const enum Step {
  /** Go on with the next instruction; the row's status says how it went. */
  Continue = 0,
  /** The row waits; the actor calls `kernel.resume(row)` later. */
  Suspend = 1,
  /** Leave the node at once with the status set on the row. */
  Finish = 2,
}

export const enum Discipline {
  Fifo = 0,
  Lifo = 1,
  Priority = 2,
}

export const enum Limits {
  /** Events at one instant before the run is stopped as a loop that takes no time. */
  MostAtOneInstant = 5_000_000,
}
