/**
 * Where things are in the linear memory that TypeScript and the core share: the directory holds the address of every
 * table, `Cell`s and `Num`s are single numbers at fixed places. Read by both, like `layout.ts`, and for the same reason
 * nothing but `const enum`s.
 *
 * ```
 * 0          directory: one address for each Slot
 * 1 KiB      cells: int32, one for each Cell
 * 2 KiB      numbers: float64, one for each Num
 * 3 KiB      what the core could not record at once
 * 4 KiB      the wheels of the core's event list
 * 84.75 KiB  what the core keeps for a moment
 * 88.75 KiB  the row pool, room for the most there may be
 * the heap   tables, one after another, as they are made
 * spans      the chains of spans, likewise
 * ```
 */

/** Fixed addresses, and sizes in bytes. */
export const enum Place {
  Directory = 0,
  Cells = 1024,
  Numbers = 2048,
  /** What the core could not record at once: room for 64, where an event records a request's end and that it left a node. */
  Late = 3072,
  /** @public The wheels of the core's event list: 2048 slots of 32 bytes and twice 256 of 4, and a bit for each. */
  Near = 0x1000,
  /** @public */
  Far = 0x11100,
  /** @public */
  Epochs = 0x11600,
  /** @public Only the core asks. Numbers that it keeps for a moment. */
  Scratch = 0x15300,
  /** The first row, at the same place in memories of every size. A row's number is its address, in rows, so the first is not 0. */
  Rows = 0x16300,
  Page = 65536,
}

/** Addresses of tables: int32 unless stated. */
export const enum Slot {
  Order,
  Code,
  // Records of components, nodes, machines, stations and call sites: see `Component`, `Node`, `Machine`, `Station`, `Site`.
  Components,
  Nodes,
  NodeStations,
  Machines,
  Stations,
  Sites,
  /** Heads and tails of queues with priorities. */
  PriorityLists,
  /** By component: requests booked ahead that pass it after the next checkpoint. */
  PassedAhead,
  Tosses, // float64
  // Paths.
  Quick, // float64
  QuickBack, // float64
  Ways,
  // Queues of the loop.
  Ready,
  Lanes,
  // Distributions.
  /** See `Drawn`. */
  Distributions,
  ExponentialEdges, // float64
  ExponentialDensity, // float64
  /** See random/exp.ts. */
  ExpFractions, // float64
  // Populations and how their requests end.
  Populations,
  ChoiceWeights, // float64
  ChoiceSites,
  ChoiceOutcomes,
  ChoiceOperations,
  Offered, // float64
  Ended, // float64
  BandCells, // float64
  BandCount, // float64
  BandLatency, // float64
  OfferedBySecond, // float64
  CompletedBySecond, // float64
  ErredBySecond, // float64
  LatencyBySlot,
  Fingerprint,
  Histograms,
  /** Chains of spans, which stand at a place of their own. */
  Chains,
  // Of a recorded run: what passes over paths, tries of populations, and where single requests are.
  PathRequests, // float64
  PathAnswers, // float64
  PathRequestNs, // float64
  PathAnswerNs, // float64
  PopulationOffered, // float64
  PopulationAttempts, // float64
  /** Requests that ended, four numbers a population, by outcome; and of this slice of time, by bucket, how long those took that were completed. */
  PopulationEnded, // float64
  PopulationLatency, // float64
  CellComponent,
  TrailStart, // float64
  TrailCount,
  TrailTries,
  TrailCut, // uint8
  TrailSpans, // float64
  TrailFree,
  /** When those requests end whose trails were given back ahead of that. */
  TrailAhead, // float64
  // Of the core's own event list: the heap of what is due in the present slot. Its wheels stand at fixed places.
  Heap,
}

/** Single int32 numbers. */
export const enum Cell {
  RowsHead,
  RowsFresh,
  RowsLive,
  RowsCapacity,
  ReadyHead,
  ReadyTail,
  ReadyMask,
  ChainsHead,
  ChainsFresh,
  ChainsAvailable,
  WaysHead,
  /** Nodes that are paused, cuts in force: side by side at a multiple of eight bytes, looked at together. */
  Paused = 12,
  Cut = 13,
  /** 1: somebody records spans, requests and messages. */
  Recorded,
  /** 1: no faults, so nothing can come between an answer and the user it is on its way to. */
  IsCalm,
  /** 1: processes may end although there are no faults: see `Outages.expectDeaths`. */
  MayDie,
  HasPriorities,
  /** 1: there is something that the core looks up. */
  HasLookups,
  /** Log₂ of the rows for which there must be room before an event. */
  ReserveBits,
  AtThisInstant,
  SpanCells,
  /** First of the histograms of operations: of those that were completed, and of the others, in turn. */
  LatencyHistograms,
  HeapRoom,
  /** Timeout lanes. */
  LaneCount,
  /** @public Only the core asks: how many rows it may have handled when it must look at more than what is due. See core/loop.ts. */
  Bound,
  /** @public Only the core asks: what is to be recorded before the next row, for want of room. */
  Late,
  /** Trails that were given back, and those that have ever been in use. */
  TrailsFree,
  TrailsUsed,
  /** Trails that were given back of requests that end later: see core/recorded.ts. */
  TrailsAhead,
}

/** Single float64 numbers. */
export const enum Num {
  Clock,
  /** The next boundary of time, ns; and the one up to which answers may be booked that are on their way home. */
  Limit,
  Horizon,
  /** The longest first hop of requests that are begun when they arrive: see core/first-hop.ts. */
  FirstHop,
  /** End of the warm-up as the ledger, and as the outcomes know it, ns. */
  LedgerWindow,
  OutcomesWindow,
  Attempts,
  Unbalanced,
  SlotSeconds,
  /** Rows that were handled and are no events of the system (clocks of timeouts), less events that took no row (see core/way-home.ts). */
  Uncounted,
  /** Of a recorded run: when its window begins, ns; requests that ended in it, those of them that were followed, and what a request must exceed to be kept (see `RequestSample`): in rank, and in latency, ns. */
  SampleFrom,
  SampleEnded,
  SampleFollowed,
  BarOrdinary,
  BarSlow,
  BarSlowest,
}
