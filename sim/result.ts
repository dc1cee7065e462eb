/**
 * The result of a run: plain JSON, stable in shape, the only thing that reports and pictures see.
 *
 * Nothing of the host or of the wall clock is in it. What each word means exactly is in docs/definitions.md.
 */

/** How many requests (a user's intents, not attempts) met which end in the window. */
export interface RequestCounts {
  offered: number;
  completed: number;
  /** Answered with an error, after all attempts. */
  failed: number;
  /** Given up by the client's timeout, after all attempts. */
  timedOut: number;
  /** Refused at a full queue or a connection limit, after all attempts. */
  rejected: number;
  /** Started in the window, not ended at its end. */
  inFlight: number;
}

/** Latency of successes in milliseconds. A percentile without enough data is null: "no data" never passes. */
export interface LatencySummary {
  mean: number | null;
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  p999: number | null;
  max: number | null;
  count: number;
}

export interface OperationResult extends RequestCounts {
  latencyMs: LatencySummary;
}

/** One resource of a component, over all its instances. */
export interface ResourceResult {
  /** "cpu", "threads", "connections", "disk", "memory", "event-loop", "pool db" … */
  resource: string;
  capacity: number;
  /** Busy time ÷ (capacity × time), mean over instances; of memory, in bytes, the most that was in use at any one. */
  utilization: number;
  /** The same for the busiest instance. */
  utilizationBusiest: number;
}

export interface ComponentResult {
  name: string;
  type: string;
  /** Time-averaged instances that were up. */
  instances: number;
  /** The busiest resource's utilisation (mean over instances). */
  utilization: number;
  utilizationBusiest: number;
  /** Name of that busiest resource. */
  bottleneck: string;
  resources: ResourceResult[];
  queueMean: number;
  queueMax: number;
  /** Mean per served request, milliseconds; null: none was served. */
  waitMs: number | null;
  serviceMs: number | null;
  sojournMs: LatencySummary;
  arrivals: number;
  completed: number;
  errors: number;
  costPerMonth: number;
  /** What the type adds: hitRatio, replicationLagMs, staleReads, … Numbers only. */
  extra: Record<string, number>;
}

/** Kinds of time on a request's critical path. */
export type TimeKind = 'waiting' | 'service' | 'network' | 'pool' | 'retry' | 'lag';

/** Where the time of the requests at or above a percentile went. */
export interface Hotspot {
  component: string;
  resource: string;
  kind: TimeKind;
  utilization: number;
  /** Share of the total latency of the requests at or above the p99, 0…1; all shares sum to 1. */
  shareOfP99: number;
  /** The same around the median. */
  shareOfP50: number;
  why: string;
}

/** What keeps a system down by itself, and its measured share. */
export interface Sustainer {
  what: 'retries' | 'expired work' | 'cold cache';
  /** 0…1: of the attempts, of the answers, of the look-ups. */
  share: number;
  text: string;
}

/** What one fault did. Times in seconds; "after" counts from the fault. null: did not happen in the window. */
export interface Failover {
  fault: string;
  component: string;
  atSeconds: number;
  firstFailureAfterSeconds: number | null;
  /** The first answer after service had stopped; null: it never stopped for a second, or never came back. */
  firstGoodAfterSeconds: number | null;
  detectedAfterSeconds: number | null;
  /** A new leader was chosen, and begins to take over. */
  decidedAfterSeconds: number | null;
  promotedAfterSeconds: number | null;
  /** Enough of the run was before the fault to compare with; without it nobody can tell when service was as good again. */
  hasBaseline: boolean;
  recoveredAfterSeconds: number | null;
  rpoSeconds: number;
  requestsFailed: number;
  acknowledgedWritesLost: number;
  staleReads: number;
  /** Writes of one key in different places that knew nothing of each other. */
  conflicts: number;
  /** Things that were done or delivered twice. */
  duplicates: number;
  /** From the fault until the copy that had led is a replica again that has caught up. */
  rejoinedAfterSeconds: number | null;
  /** Writes, acknowledged or not, that it had and nobody else, and that it gave up. */
  writesDiscarded: number;
  /** The planned switch back to the preferred copy; null: there was none. */
  failback: {
    /** From the fault until the leader in its place takes no more writes. */
    beganAfterSeconds: number;
    /** From the fault until the preferred copy takes writes again; null: not in this run. */
    doneAfterSeconds: number | null;
    /** How long nobody took writes. */
    unavailableSeconds: number | null;
    requestsFailed: number;
    acknowledgedWritesLost: number;
  } | null;
  /** The trigger is long gone, the load as before, and the system still down; null: no such thing. */
  metastable: {
    /** From when on it is judged, after the fault. */
    afterSeconds: number;
    goodputPerSecond: number;
    demandPerSecond: number;
    sustainedBy: Sustainer[];
  } | null;
  /** What happened, in order: "t+5.0s balancer lb marks app#2 unhealthy". */
  timeline: { atSeconds: number; what: string }[];
}

export interface ThresholdResult {
  /** "latency p(99) < 250ms", as written, with its scope: "db: utilization < 80%". */
  threshold: string;
  /** In the threshold's own unit; null is "no data", which fails. */
  observed: number | null;
  /** The observed value as a person reads it: "312 ms". */
  observedText: string;
  ok: boolean;
  verdict: 'pass' | 'fail' | 'inconclusive';
}

/** One second (or more) of the window, for sparklines and timelines. */
export interface SeriesPoint {
  atSeconds: number;
  offeredPerSecond: number;
  goodputPerSecond: number;
  errorsPerSecond: number;
  p50Ms: number | null;
  p99Ms: number | null;
}

/** One minute of the window, from the end of the warm-up on. */
export interface MinuteResult {
  atSeconds: number;
  /** 60, but for the last one. */
  seconds: number;
  /** Of the requests that ended in it, the share that was completed; null: none ended. */
  availability: number | null;
}

/** Users of a population who travelled. */
export interface JourneyResult {
  population: string;
  /** Journeys begun in the window. */
  trips: number;
  /** Requests sent from another place than home. */
  sentAway: number;
}

/** What the stage says about itself, computed from the measurements above. */
export interface Verdict {
  ok: boolean;
  /** The component and resource that limit the stage. */
  hottest: { component: string; resource: string; utilization: number } | null;
  /** What broke and why, one sentence; or, when nothing did, what is too uncertain to say. Empty when all holds. */
  broke: string;
  /** What changed from the stage before, one sentence from the patch; empty for the first. */
  change: string;
}

export interface StageResult {
  name: string;
  /** What the author says this stage teaches. */
  teaches: string;
  users: number;
  simulatedSeconds: number;
  warmupSeconds: number;
  events: number;
  requests: RequestCounts;
  /** Attempts sent by clients, retries included. */
  attempts: number;
  offeredPerSecond: number;
  goodputPerSecond: number;
  /** Closed populations: N ÷ (think + unloaded latency); open ones: the configured rate. */
  demandPerSecond: number;
  /** Completed ÷ (offered − in flight and not yet overdue); null: nothing was due. */
  availability: number | null;
  latencyMs: LatencySummary;
  /** Successes and failures, a failure at the moment it gave up. */
  latencyAllMs: LatencySummary;
  operations: Record<string, OperationResult>;
  components: ComponentResult[];
  hotspots: Hotspot[];
  failovers: Failover[];
  costPerMonth: number;
  thresholds: ThresholdResult[];
  /** 'break': the author expects a threshold to fail, because the stage teaches by breaking. */
  expected: 'pass' | 'break';
  series: SeriesPoint[];
  minutes: MinuteResult[];
  /** Of populations that travel. */
  journeys: JourneyResult[];
  warnings: string[];
  verdict: Verdict;
  fingerprint: string;
  /** 256 running fingerprints over the run, for finding the first difference. */
  checkpoints: string[];
  /** True when a limit or an interrupt ended the stage early; such a stage never passes. */
  partial: boolean;
  /** JSON pointer into this stage → confidence interval; empty where none is justified. */
  intervals: Record<string, { low: number; high: number; level: number; method: string }>;
}

export interface RunResult {
  schema: 1;
  tenfold: string;
  scenario: { name: string; file: string; hash: string };
  seed: string;
  replications: number;
  ok: boolean;
  stages: StageResult[];
  /** The command that reproduces this result. */
  replay: string;
}
