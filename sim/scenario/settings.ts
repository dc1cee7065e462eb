/**
 * A scenario after parsing, merging and validation: every default filled in, every quantity in its base unit
 * (durations: integer nanoseconds; sizes: bytes; rates: per second; ratios: 0…1; money: dollars a month).
 *
 * The settings of one component type belong to its actor; here is what all scenarios share.
 */
import type { Distribution } from '../random/distribution.ts';
import type { ConnectSettings } from './fields/connect.ts';

export interface RetrySettings {
  /** The first try included; 1 means no retry. */
  attempts: number;
  backoff: { baseNs: number; capNs: number; factor: number; jitter: 'none' | 'full' | 'equal' | 'decorrelated' };
  /** Token bucket: every first try earns `ratio` tokens up to `burst`, every retry spends one. null: no budget. */
  budget: { ratio: number; burst: number } | null;
}

export type EncodingName = 'json' | 'protobuf';

/** What an encoding makes of a message, per KiB of what it would be as JSON. */
export interface EncodingSettings {
  /** Bytes, against JSON. */
  size: number;
  encodeNsPerKib: number;
  decodeNsPerKib: number;
}

/** What a call carries. */
export interface PayloadSettings {
  requestBytes: number;
  responseBytes: number;
  /** null: no core time for it, and the bytes as stated. */
  encoding: EncodingName | null;
}

/** What a new connection costs. */
export interface ConnectionSettings {
  /** Before the request can be sent. */
  roundTrips: number;
  /** 0: every request opens one. */
  keepAliveNs: number;
  /** At whoever is called. */
  cpu: Distribution;
}

export interface CallOptions {
  payload?: PayloadSettings;
  /** null: waits for ever. */
  timeoutNs: number | null;
  retry: RetrySettings;
  onError: 'fail' | 'continue';
  /** Steps to run instead when the call fails; null: see onError. */
  otherwise: Step[] | null;
}

/** Whose key a step asks for: the request's, one drawn anew, or (session stores) one that stands for the user. */
export type KeyChoice = 'request' | 'random' | 'session';

export type Step =
  | { verb: 'cpu'; time: Distribution }
  | { verb: 'sleep'; time: Distribution }
  | ({ verb: 'call'; target: string; op: string | null; to: 'one' | 'all'; first: number | null } & CallOptions)
  | ({ verb: 'read' | 'write'; target: string; key: KeyChoice } & CallOptions)
  | ({ verb: 'get'; target: string; key: KeyChoice; hit: Step[]; miss: Step[] } & CallOptions)
  | ({ verb: 'set' | 'delete'; target: string; key: KeyChoice } & CallOptions)
  | PublishStep
  | { verb: 'push'; to: 'room' | 'all' }
  | { verb: 'parallel'; branches: Step[][]; first: number | null }
  | { verb: 'choose'; branches: { name: string; weight: number; steps: Step[] }[] }
  | { verb: 'repeat'; times: number; steps: Step[] }
  | { verb: 'respond' }
  | { verb: 'fail'; probability: number };

/** Hands a message to a log or a broker of queues. What a target has no use for it refuses (`ActorType.accepts`). */
export interface PublishStep {
  verb: 'publish';
  target: string;
  /** Of a log; null: the only one. */
  topic: string | null;
  /** Of a broker of queues; null: the only one. */
  exchange: string | null;
  /** What exchanges route by. */
  routingKey: string | null;
  /** Key of the message; 'none': it has none. */
  key: 'request' | 'random' | 'none';
  /** When it counts as accepted; null: as the target says. */
  acks: 0 | 1 | 'all' | null;
  /** Goes on only when it is accepted, or has failed. */
  wait: boolean;
  onError: 'fail' | 'continue';
  otherwise: Step[] | null;
}

export interface MachineSettings {
  cores: number;
  memoryBytes: number;
  /** Most requests being served or waiting at once on the whole machine; null: no limit. */
  connections: number | null;
  pricePerMonth: number;
  /** Work done per second of core time, 1 = as the demands are stated. */
  speed: number;
}

export interface QueueSettings {
  /** Most requests waiting; null: unbounded. */
  limit: number | null;
  discipline: 'fifo' | 'lifo' | 'priority';
  /** How long a request waits before the server gives it up (reneging); null: for ever. */
  patience: Distribution | null;
}

export type KeySettings =
  | { kind: 'zipf'; exponent: number; count: number }
  | { kind: 'uniform'; count: number }
  /** So many of each user, which nobody else asks for. */
  | { kind: 'own'; count: number };

export interface TravelSettings {
  /** Share of the users who ever travel. */
  share: number;
  /** Regions or zones, one of them each time. */
  to: string[];
  /** Times at home and away. */
  home: Distribution;
  away: Distribution;
}

export interface ClientSettings {
  users: number | null;
  think: Distribution | null;
  arrivals: {
    process: { kind: 'poisson' | 'constant'; ratePerSecond: number } | { kind: 'interarrival'; gap: Distribution };
    batch: number;
    /** Piecewise linear factor on the rate; empty: constant 1. */
    curve: { atNs: number; times: number }[];
    spikes: { name: string; atNs: number; forNs: number; times: number }[];
  } | null;
  does: { operation: string; weight: number }[];
  keys: KeySettings | null;
  /** Some of the users are elsewhere for a while, now and then; absent: all stay. */
  travel?: TravelSettings;
  timeoutNs: number | null;
  retry: RetrySettings;
  priority: number;
  cancel: boolean;
  /** The users hold live connections; absent: they send requests. */
  connect?: ConnectSettings;
  entry: string;
  /** Place they are in; absent: near everything. */
  in?: string;
  /** What the operations carry, by name; absent: nothing to speak of. */
  payloads?: Record<string, PayloadSettings>;
}

/** A region: a place, or several zones that fail apart. */
export interface RegionSettings {
  name: string;
  /** In the order of the file; none: the region is one place. */
  zones: string[];
  /** One-way delays to other regions. */
  latency: { to: string; delay: Distribution }[];
  betweenZones: Distribution;
  /** One-way delay between its users and its network, ns; null: the delay of the network. */
  accessNs: number | null;
  source: string | null;
}

export interface LinkSettings {
  from: string;
  to: string;
  /** null: as the places of both ends have it. */
  delay: Distribution | null;
  /** Delay of the answers; null: the same as `delay`. */
  response: Distribution | null;
  loss: number;
  /** Bits a second each way; absent: no limit. */
  bandwidth?: number;
  /** false: each message has the bandwidth for itself. */
  shared?: boolean;
  connection?: ConnectionSettings;
}

/** A link between two places, in one direction. What it does not say is as the matrix has it. */
export interface PlaceLinkSettings {
  from: string;
  to: string;
  delay?: Distribution;
  loss: number;
  bandwidth?: number;
  shared?: boolean;
}

/** Either a time (at, for) or a process (every, repair). Times count from the end of the warm-up. */
export interface FaultSchedule {
  atNs: number | null;
  /** null: until the end. */
  forNs: number | null;
  every: Distribution | null;
  repair: Distribution | null;
}

export type FaultSettings = { name: string } & FaultSchedule &
  (
    | { kind: 'crash'; target: string; how: 'kill' | 'power' | 'pause' }
    | { kind: 'slow'; target: string; factor: number }
    | { kind: 'delay'; from: string; to: string; add: Distribution }
    | { kind: 'lose'; from: string; to: string; probability: number }
    | { kind: 'partition'; sides: string[][] }
  );

/** One expectation: `metric (aggregate) op limit`, e.g. latency p(99) < 250 ms. */
export interface ThresholdSettings {
  /** Where it is measured. */
  scope: { kind: 'stage' } | { kind: 'operation' | 'component'; name: string } | { kind: 'failover' };
  metric: string;
  /** 'mean', 'min', 'max', 'p' or null where the metric is one number. */
  aggregate: { kind: 'mean' | 'max' | 'min' } | { kind: 'p'; percent: number } | null;
  operator: '<' | '<=' | '>' | '>=' | '==' | '!=';
  /** In the base unit of the metric: milliseconds for times, 0…1 for ratios, per second for rates. */
  limit: number;
  /** As written, scope included, for the report. */
  text: string;
}

/** What every component has, whatever its type. Its own settings are in `own`. */
export interface ComponentSettings<Own = unknown> {
  name: string;
  type: string;
  instances: number;
  machine: MachineSettings;
  /** Stands on the machine of this component; null: has its own machine per instance. */
  on: string | null;
  /** Places its instances stand in, in turn; absent: near everything, or where its host stands. */
  in?: string[];
  /** May users call it? Absent: if it is an entry. */
  public?: boolean;
  own: Own;
}

export interface StageSettings {
  name: string;
  teaches: string;
  /** 'break': the author expects a threshold of this stage to fail; the run is good only if one does. */
  expect: 'pass' | 'break';
  /** What this stage changes, as "path: old → new" phrases made from the patch. */
  changes: string[];
  run: { durationNs: number; warmupNs: number; seed: string };
  networkDelay: Distribution;
  /** Of every link that says nothing else; absent: connections cost nothing. */
  connection?: ConnectionSettings;
  encodings?: Record<EncodingName, EncodingSettings>;
  /** Absent: the scenario has no places. */
  regions?: RegionSettings[];
  placeLinks?: PlaceLinkSettings[];
  links: LinkSettings[];
  clients: (ClientSettings & { name: string })[];
  components: ComponentSettings[];
  faults: FaultSettings[];
  thresholds: ThresholdSettings[];
}

export interface Scenario {
  name: string;
  teaches: string;
  /** Base name of the file. */
  file: string;
  /** Of the canonical resolved scenario. */
  hash: string;
  stages: StageSettings[];
}

/** Something wrong (or surprising) in a scenario file, with its place. */
export interface Problem {
  severity: 'error' | 'warning';
  file: string;
  line: number;
  column: number;
  /** What is wrong. */
  message: string;
  /** What is allowed, or "did you mean …". Empty when there is nothing to add. */
  hint: string;
  /** The source line itself. */
  source: string;
}

/** What a component type finds wrong with one of its components; `path` is relative to the component. */
export interface OwnFinding {
  path: (string | number)[];
  message: string;
  hint?: string;
  severity?: 'error' | 'warning';
}
