/**
 * What stands at the addresses that the directory of slots.ts leads to: the shapes of records, as places of their columns.
 * Read by TypeScript and by the core, like `layout.ts`, and for the same reason nothing but `const enum`s.
 */

/** A trail: see recording/trails.ts. */
export const enum Trail {
  /** Spans it holds; what comes after them is part of the last one. */
  Most = 48,
  /** Trails in use at a time, at most: 13 MB; and how many of them may have been given back ahead of time. */
  InUse = 16384,
  Ahead = 8192,
  /** Numbers a span: until when, ns; and where, cell and node in one (exact: both are below 2²⁶). */
  Width = 2,
  Nodes = 0x4000000,
}

/**
 * A chain of spans: 32 bytes of columns, then groups of spans, the cells of a group before its times. So the first eight,
 * which are all that most requests have, stand in the same two cache lines as the columns.
 */
export const enum Chain {
  Bytes = 384,
  I = 96,
  F = 48,
  /** Distinct cells a chain can hold; a request that visits more books the rest under the last one's cell 0, "other". */
  Length = 24,
  /** Columns as int32: spans so far, the row on the critical path, the open cell. */
  Count = 0,
  Owner = 1,
  Open = 2,
  /** A bit for each of its cells, by the cell's last five bits. Of a free chain: the next one. */
  Seen = 3,
  /** Of a recorded run: the trail that is written of it, Id.None: none; the node of its owner when the open span began. */
  Trail = 6,
  At = 7,
  /**
   * @public Only the core asks. Of 32 bytes, one for the last five bits of a cell: which of the spans it was when the core last
   * booked one with these bits. Nobody else keeps it, so it is a guess.
   */
  Places = 8,
  /** The first cell. */
  Cells = 16,
}

/** Columns of a chain as float64: when the open span began, ns, and the first time, ns. */
export const enum ChainF {
  Mark = 2,
  Times = 12,
}

/** A group of spans of a chain. */
export const enum ChainGroup {
  /** Log₂ of the spans in it. */
  Shift = 3,
  Mask = 7,
  /** @public Only the core asks. */
  Bytes = 96,
  I = 24,
  F = 12,
}

/** Sizes of what a recorded run keeps by population. */
export const enum Recorded {
  /** Ways to end: see `Outcome`. */
  Outcomes = 4,
  /** Log₂ of the buckets of a `Histogram` that are one of `LatencySlices`, and how many of these there are. */
  BucketShift = 3,
  Buckets = 752,
}

/** The size of an entry of a timeout lane, in bytes and in numbers. */
export const enum EntrySize {
  Bytes = 24,
  I = 6,
  F = 3,
}

/** The columns of an entry as int32; the first, as float64, is when it is due, ns. */
export const enum Entry {
  Row = 2,
  Gen = 3,
  Tag = 4,
}

/** The int32 columns of a lane: address of its ring, entries in it less one, first, next free, and whether it has an event. */
export const enum LaneCol {
  Width = 8,
  Ring = 0,
  Mask = 1,
  Head = 2,
  Tail = 3,
  Armed = 4,
}

/** Column of a lane as float64: its delay, ns. */
export const enum LaneF {
  Delay = 3,
}

/** The int32 columns of a population. */
export const enum PopCol {
  Width = 24,
  /** Bits: see `PopFlag`. */
  Flags = 0,
  Users = 1,
  Node = 2,
  Priority = 3,
  IdA = 4,
  IdB = 5,
  /** Distributions of the think time and of the gap between arrivals. */
  Think = 6,
  Gap = 7,
  /** How many operations it has, and where they begin in the tables of choices. */
  Choices = 8,
  FirstChoice = 9,
  /** Address of the alias table of its keys, 0: all alike. A key takes a float32, its share of its column, and its alias. */
  Own = 14,
}

/** The columns of a population as float64: arrivals a second; keys, 0: the identity is the key. */
export const enum PopF {
  Rate = 5,
  Keys = 6,
  /** How long the first hop of a request takes that is begun when it arrives (see core/first-hop.ts), ns; 0: they are begun when they are sent. */
  FirstHop = 8,
}

export const enum PopFlag {
  /** The core neither begins nor ends its requests: its users hold connections (`LiveUsers`), travel, or have own keys. */
  Hosted = 1,
  /** Single arrivals at a constant rate. */
  Steady = 2,
  /** Users of whom the core knows all there is to know while they think: they need no row meanwhile. */
  Rowless = 4,
}

/** A way back (see `Ways`): int32. */
export const enum Way {
  I = 8,
  /** Log₂ of its bytes. @public Only the core asks. */
  Shift = 5,
  /** Node of the router. */
  Router = 0,
  /** Index of the chosen target, in the router's own numbering. */
  Target = 1,
  /** Path from the router's component to the target's. */
  Path = 2,
  /** Targets tried before this one. */
  Tries = 3,
  /** The way of the router before, Id.None: none. In a free way the next free one. */
  Below = 4,
}

/** A histogram in the directory of histograms: the address of its cells, and how many there are. */
export const enum HistCol {
  Width = 2,
  Address = 0,
  Length = 1,
}

/** The size of a node's record, in bytes and in numbers. */
export const enum NodeSize {
  /** @public Only the core asks. */
  Bytes = 64,
  I = 16,
  F = 8,
}

/** What the core must know of a node: columns as int32. */
export const enum Node {
  State = 0,
  /** Addresses of the records of its component and its machine, and of the station that admits requests, 0: everyone enters. */
  Component = 1,
  Machine = 2,
  Intake = 3,
  /** Number of the first of its event loops. */
  Loops = 4,
  LoopCount = 5,
  /** The event loop whose turn it is. */
  LoopNext = 6,
  /** Requests inside: admitted or waiting. */
  Inside = 7,
  /** Where its local stations begin in `NodeStations`. */
  StationStart = 8,
  /** Address of the record by which the core routes requests at this node itself (`Router`), 0: it asks the actor. */
  Router = 9,
}

/** Columns of a node as float64. */
export const enum NodeF {
  LoopLimit = 5,
  PerRequest = 6,
  /** Multiplies disk and other held times: a slowdown fault. */
  Slowness = 7,
}

/** A component: what the core must know of it, and the ledger's account of it (see `Ledger`). */
export const enum Component {
  /** @public Only the core asks. */
  Bytes = 128,
  I = 32,
  F = 16,
  Number = 0,
  /** Address of the entry points of its operations, and of the paths to all components (0: they must be asked for). */
  Programs = 1,
  Paths = 2,
  /** Span cells: of its CPU, service and waiting for a core, and of the way on from it. */
  CpuCell = 3,
  CpuWaitCell = 4,
  OnwardCell = 5,
  /** Address of what may be looked up of it, 0: nothing. See `Lookup`. */
  Lookup = 6,
  /** Requests inside. */
  Inside = 7,
  /** Number of the histogram of its sojourns. */
  Sojourns = 8,
  /** Where visits take a token that are booked ahead: see `Visits`. */
  Visits = 9,
}

/** The tokens of visits that are booked ahead. */
export const enum Visits {
  /** @public Only the core asks. None are. */
  None = 0,
  /** Those of the node's only event loop. */
  Loop = 1,
  /** From here on those of a local station of the node. */
  Local = 2,
}

/** Columns of a component as float64. */
export const enum ComponentF {
  /** When the area under the number inside was brought up to date, ns; that area, low and high limb. */
  Last = 5,
  Area = 6,
  Arrivals = 8,
  /** Sum of the sojourns within the window, low and high limb, ns. */
  Sum = 9,
  Completed = 11,
  Errors = 12,
  TurnedAway = 13,
  WaitNs = 14,
  ServiceNs = 15,
}

/** A call site, as far as the core can take a call: 64 bytes of int32. */
export const enum Site {
  /** @public Only the core asks. */
  Bytes = 64,
  I = 16,
  /** 1: a call of one instance with neither budget nor cancellation. */
  Plain = 0,
  /** The lane of the first try. */
  Lane = 1,
  Pool = 2,
  Target = 3,
  Op = 4,
  Key = 5,
  Path = 6,
  ThereCell = 7,
  BackCell = 8,
  /** Of the target: see `Route`, and its first node. */
  Route = 9,
  FirstNode = 10,
  /** 1: what fails is not tried again. */
  Once = 11,
  /** Whose turn it is among nodes of the target: see `Sites.turnOf`. */
  Turn = 12,
  /** 1: who calls is a user. */
  OfUsers = 13,
}

/** A machine: 128 bytes, of which the first 64 are enough for one that shares no cores and keeps no account of memory. */
export const enum Machine {
  /** @public Only the core asks. */
  Bytes = 128,
  I = 32,
  F = 16,
  /** Jobs. */
  Running = 0,
  ConnectionsUsed = 1,
  /** 1: its cores are shared. */
  Shared = 4,
  /** The first of the pending completions of a shared machine: the others follow by `ICol.QNext`, in the order of time. */
  Pending = 22,
  /** Address of the heap of a shared machine, rows in it, and the room there is. */
  Heap = 23,
  Size = 24,
  Room = 25,
  Number = 27,
}

/** Columns of a machine as float64. */
export const enum MachineF {
  Cores = 1,
  Speed = 3,
  Last = 4,
  /** Core·ns of work done, low and high limb. */
  Area = 5,
  Connections = 7,
  MemoryUsed = 8,
  Memory = 9,
  MemoryPeak = 10,
  Virtual = 14,
}

/** A station: 128 bytes, of which the first 64 are enough while nobody waits. */
export const enum Station {
  /** @public Only the core asks. */
  Bytes = 128,
  I = 32,
  F = 16,
  Capacity = 0,
  Busy = 1,
  Queued = 2,
  QueueMax = 3,
  Discipline = 4,
  Patience = 5,
  WaitCell = 6,
  /** The first and the last that waits. Stations with priorities have a pair for each (`PriorityLists`) instead. */
  Head = 20,
  Tail = 21,
  Number = 22,
  /** Where visits are booked ahead (see core/visits.ts): the address of a `Booked` for each token, and whose turn it is. */
  Lanes = 24,
  /** @public Only the core asks. */
  Turn = 25,
}

/** Up to when the visits that take turns with a token are booked. */
export const enum Booked {
  /** @public Only the core asks. */
  Bytes = 16,
  I = 4,
  /** @public Only the core asks. The identity of the last, two words. */
  By = 2,
}

/** Columns of a station as float64. */
export const enum StationF {
  Limit = 4,
  Last = 5,
  /** Areas, low and high limb, of busy tokens and of the queue, ns·tokens. */
  BusyArea = 6,
  QueueArea = 8,
}

/** How the core chooses a target by itself. */
export const enum RouterPolicy {
  /** It does not. */
  Asked = 0,
  Random = 1,
  LeastConnections = 2,
}

/** What a router chooses by: numbers, and the addresses of its tables, int32 unless stated. */
export const enum Router {
  Bytes = 96,
  Policy = 0,
  /** Targets that get requests, and requests that all have. */
  ActiveCount = 1,
  Total = 2,
  /** 1: active targets weigh the same. */
  Even = 3,
  /** State of the stream of random numbers, four words. */
  Stream = 4,
  /** By slot: its node, its requests, and (float64) those it has had. The slots that are active. */
  Nodes = 8,
  Outstanding = 9,
  Passed = 10,
  Active = 11,
  /** Of the least connections: see `LeastConnections`. */
  Order = 12,
  Place = 13,
  Count = 14,
  Start = 15,
  /** Numbers that `Start` has room for. */
  Room = 16,
  Least = 17,
  /** 1: it is all the same to it, and to whoever is on its machine, when exactly an answer passes. */
  Indifferent = 20,
  /** 1: nothing about its choice depends on when it is made. */
  Timeless = 21,
  /** What is drawn by who asks is drawn at this step. */
  Step = 22,
}

/** Column of a router as float64: until when any target is warming up, ns. */
export const enum RouterF {
  WarmUntil = 9,
}

/** A distribution as the core knows it, 16 bytes: its kind, and (float64) the one parameter of those that the core draws from. */
export const enum Drawn {
  /** @public Only the core asks. */
  Bytes = 16,
  I = 4,
  F = 2,
  Kind = 0,
  Parameter = 1,
}

/** An assumed chance, as float64: the probability, and how often it came out well and not. */
export const enum Toss {
  F = 3,
  Probability = 0,
  Hits = 1,
  Misses = 2,
}
