/**
 * What a recording says, once decoded: the only thing that a replay page sees of a run.
 *
 * A recording is bounded whatever the run's length: time is cut into a few hundred slices of equal, round width, and each
 * column holds one figure per slice. Figures of the whole stage (`result`) are those of the report, so what a page shows
 * equals it. Times are seconds from the end of the warm-up (negative during it) unless a name says otherwise; durations
 * are milliseconds; ratios are 0…1; a figure that does not exist (a percentile of nothing) is NaN.
 *
 * How it is written down is in docs/recording.md; `decode.ts` reads it, `encode.ts` writes it.
 */
import type { StageResult, TimeKind } from '../result.ts';

/** The version this code reads and writes. A reader refuses a newer one. */
export const RECORDING_VERSION = 1;

/** How many, per slice. */
export type Counts = Uint32Array;
/** A level, a ratio or a time, per slice. */
export type Levels = Float32Array;

export interface Recording {
  version: number;
  /** Version of Tenfold that recorded. */
  tenfold: string;
  scenario: { name: string; file: string; hash: string; teaches: string };
  /** Of what is recorded; with replications, the first one's. The results are pooled over all of them. */
  seed: string;
  replications: number;
  ok: boolean;
  /** The command that reproduces the run. */
  command: string;
  /** In the order of the scenario. */
  stages: StageRecording[];
}

/** What decoding gives. Something is always there: a broken recording has problems and what could be saved. */
export interface DecodedRecording {
  /** null: not even the header could be read, or it is of a newer version. */
  recording: Recording | null;
  /** Sentences for the reader: what is broken, cut off or too new. Empty when all is well. */
  problems: string[];
}

export interface StageRecording {
  /** The stage in the report, to the digit. */
  result: Omit<StageResult, 'series' | 'checkpoints'>;
  slices: Slices;
  components: ComponentRecording[];
  populations: PopulationRecording[];
  /** Everybody who sends something to somebody: populations, callers, routers, and components among themselves. */
  links: LinkRecording[];
  faults: FaultRecording[];
  /** What happened, in order of time: the words of the failover report, and changes of topology. */
  happenings: Happening[];
  /** A sample of requests, by start. */
  requests: RequestRecording[];
  /** Requests that ended in the window, and those of them whose hops were followed, of which `requests` is a sample. */
  requestsEnded: number;
  requestsFollowed: number;
  /** What was left out to keep the recording small, as sentences. Empty: nothing. */
  dropped: string[];
}

export interface Slices {
  count: number;
  /** Slices of the warm-up, at the beginning; slice `warmup` begins at time 0. */
  warmup: number;
  /** Width of a slice. The first one, and the last one, may be narrower. */
  seconds: number;
  /** Slice i is from edges[i] to edges[i + 1]; count + 1 numbers, ascending. */
  edges: Float64Array;
}

export interface ComponentRecording {
  name: string;
  type: string;
  /** How its type is drawn: 'box', 'drum', 'diamond', 'chip' … An unknown word is a box. */
  picture: string;
  /** Where its instances stand, without repetition ('eu', 'eu/a'); empty: the scenario has no places. */
  places: string[];
  /** Component on whose machine it stands; null: it has its own. */
  on: string | null;
  /** Settings worth showing, in words: "cores" "8", "memory" "32 GiB", "policy" "least-connections". */
  facts: { name: string; value: string }[];
  /** Individually recorded instances, at most 64; figures below are of all of them. */
  instances: InstanceRecording[];
  /** Instances there are (slots that autoscaling may fill included). */
  instanceCount: number;
  /** Instances that served, at the end of each slice. */
  up: Counts;
  /** Over the instances in use. The first is the one most used on the whole. */
  resources: ResourceRecording[];
  /** Utilisation of the busiest resource in the slice, mean over instances. */
  utilization: Levels;
  /** The same of the busiest instance; of several, over about the last second, or ten slices if that is less. */
  utilizationBusiest: Levels;
  /** Requests waiting, all queues together: mean over the slice. */
  queueMean: Levels;
  /** Most requests waiting in any one of its queues during the slice. */
  queueMax: Counts;
  /** Requests inside (waiting or being served) at the end of the slice. */
  inside: Counts;
  arrivals: Counts;
  completed: Counts;
  /** Turned away: a full queue, a connection limit, a process that is not there. */
  rejected: Counts;
  /** Answered with an error: something it needed failed or timed out. */
  failed: Counts;
  /** Ended by a crash while inside. */
  killed: Counts;
  /** Sojourn of those completed in the slice. */
  p50Ms: Levels;
  p95Ms: Levels;
  p99Ms: Levels;
  /** Mean per request that left in the slice. */
  waitMs: Levels;
  serviceMs: Levels;
  /** What its type adds. */
  readings: ReadingRecording[];
}

export interface ResourceRecording {
  /** "cpu", "threads", "connections", "disk", "event-loop", "pool db" … */
  resource: string;
  /** Tokens or cores, of all instances. */
  capacity: number;
  utilization: Levels;
}

export interface ReadingRecording {
  /** As in the report: hitRatio, hits, replicationLagMs, staleReads; or connections, memory. */
  name: string;
  /** count: how many in each slice. level: what it was at the end of each slice. */
  kind: 'count' | 'level';
  values: Levels;
}

export type InstanceState = 'up' | 'killed' | 'silent' | 'paused' | 'booting' | 'off' | 'draining';

export interface InstanceRecording {
  /** `app#2`. */
  name: string;
  /** '' without places. */
  place: string;
  /** What it was from slice `fromSlice` on; the first is from slice 0. Role is 'primary', 'replica', 'leader' … or ''. */
  states: { fromSlice: number; state: InstanceState; role: string }[];
  /** Of its busiest resource. */
  utilization: Levels;
  /** Requests waiting, mean over the slice. */
  queueMean: Levels;
  /** Requests inside at the end of the slice. */
  inside: Counts;
}

export interface PopulationRecording {
  name: string;
  /** Closed population: how many users; 0: open arrivals. */
  users: number;
  /** '' without places. */
  place: string;
  /** Component its requests go to first. */
  entry: string;
  operations: string[];
  /** Requests (intents) started in the slice; attempts sent, and those among them that were retries. */
  offered: Counts;
  attempts: Counts;
  retries: Counts;
  /** Ended in the slice. */
  completed: Counts;
  failed: Counts;
  timedOut: Counts;
  rejected: Counts;
  /** Of all slices of the window: ends of requests that had begun in the warm-up, which the report does not count. */
  early: { completed: number; failed: number; timedOut: number; rejected: number };
  /** Requests under way at the end of the slice. */
  inFlight: Counts;
  /** Latency of those completed in the slice. */
  p50Ms: Levels;
  p95Ms: Levels;
  p99Ms: Levels;
  /** The same as a histogram that can be merged over slices. */
  heat: Heat;
}

/** Latencies by slice and bucket. Buckets are of equal ratio, four to a doubling. */
export interface Heat {
  /** Bucket b is from edgesMs[b] to edgesMs[b + 1]; buckets + 1 numbers. */
  edgesMs: Float64Array;
  buckets: number;
  /** counts[slice * buckets + bucket]. */
  counts: Uint32Array;
}

export interface LinkRecording {
  /** Names of populations or components; the same one twice for traffic among its own instances. */
  from: string;
  to: string;
  /** Mean one-way delay of what was sent, and of the answers; NaN: nothing was. */
  delayMs: number;
  responseMs: number;
  /** Requests sent, answers sent back. */
  requests: Counts;
  answers: Counts;
  /** Messages of the components themselves: replication, heartbeats, votes, probes. */
  messages: Counts;
}

export interface FaultRecording {
  /** As the scenario names it; '' when nobody planned it (out of memory). */
  name: string;
  /** What happened: "app#2 loses power". */
  what: string;
  /** '' when it is no one component's. */
  component: string;
  /** Index among the component's instances; -1: the component as a whole. */
  instance: number;
  start: number;
  /** null: it lasted to the end. */
  end: number | null;
}

export interface Happening {
  at: number;
  /** 'fault', 'heal', 'crash', 'restart', 'detected', 'election', 'promoted', 'fenced', 'scale-out', 'ready', 'drained' … */
  kind: string;
  component: string;
  instance: number;
  what: string;
  value: number;
}

export type RequestOutcome = 'completed' | 'failed' | 'timedOut' | 'rejected';

export interface RequestRecording {
  /** Short and stable: the same request has it in every run of the same seed. */
  id: string;
  population: string;
  operation: string;
  user: number;
  /** When it was first sent. */
  start: number;
  latencyMs: number;
  outcome: RequestOutcome;
  attempts: number;
  /** Why it is in the sample. */
  picked: 'slowest' | 'failed' | 'ordinary';
  /** Its time from first send to its end, one after the other without gaps; they sum to `latencyMs`. */
  spans: SpanRecording[];
  /** True: it had more spans than are kept, and the last one stands for the rest. */
  cut: boolean;
}

export interface SpanRecording {
  /** Where; '' when not known. */
  component: string;
  /** Index among the component's instances, -1: not known. */
  instance: number;
  /** "cpu", "threads", "network", "retry" … */
  resource: string;
  kind: TimeKind;
  /** From the request's start. */
  startMs: number;
  endMs: number;
}
