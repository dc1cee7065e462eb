/**
 * A compiled stage: every table the loop works on. Made by the builder, run by the kernel.
 */
import type { Sampler } from '../random/sampler.ts';
import type { Stream } from '../random/keys.ts';
import type { AcknowledgedWrites } from './acknowledged.ts';
import type { Actor } from './actor-instance.ts';
import type { FutureEvents } from './event-list.ts';
import type { Histograms } from './histograms.ts';
import type { History } from './history.ts';
import type { Lane } from './lanes.ts';
import type { Ledger } from './ledger.ts';
import type { Machines } from './machines.ts';
import type { Memory } from './memory.ts';
import type { Network } from './network.ts';
import type { Nodes } from './nodes.ts';
import type { Places } from './places.ts';
import type { ReadyQueue } from './ready.ts';
import type { Rows } from './rows.ts';
import type { Sites } from './sites.ts';
import type { Spans } from './spans.ts';
import type { Stations } from './stations.ts';
import type { Population } from '../workload/population.ts';

export { Route } from './layout.ts';

export interface ComponentTable {
  count: number;
  name: string[];
  type: string[];
  firstNode: number[];
  nodeCount: number[];
  /** How calls find an instance: see `Route`. */
  route: Uint8Array;
  /** Instances that callers know of (service discovery): changed by control actors only. */
  directory: Int32Array[];
  /** Span cells of the component's CPU: service, waiting for a core; of its queue for event loops; on the wire. */
  cpuCell: Int32Array;
  cpuWaitCell: Int32Array;
  /** What the core must know of each: see `Component`. */
  records: Int32Array;
  actor: (Actor | null)[];
}

/** The name of the cell that takes what does not fit into a chain of spans, and of what it is of. */
export const OTHER = 'other';

export interface Cell {
  component: number;
  resource: string;
  kind: 'waiting' | 'service' | 'network' | 'pool' | 'retry' | 'lag';
}

export interface World {
  seed: string;
  clock: Float64Array;
  /** Where all tables are. */
  memory: Memory;
  rows: Rows;
  events: FutureEvents;
  ready: ReadyQueue;
  stations: Stations;
  machines: Machines;
  nodes: Nodes;
  network: Network;
  /** Regions and zones, and which node is in which. */
  places: Places;
  lanes: readonly Lane[];
  spans: Spans;
  ledger: Ledger;
  histograms: Histograms;
  sites: Sites;
  sampler: Sampler;
  components: ComponentTable;
  populations: Population[];
  /** Four integers an instruction. */
  code: Int32Array;
  /** Assumed chances, and how they came out: see `Toss`. */
  tosses: Float64Array;
  /** Entry point of operation o at component c: `programs[c * operations + o]`, Id.None: not offered. */
  programs: Int32Array;
  /** Priority of operation o at component c where the component sets one, else Id.None; null: nobody does. */
  priorities: Int32Array | null;
  operations: string[];
  cells: Cell[];
  actors: Actor[];
  history: History;
  /** What each database has acknowledged, by component: a yardstick for stale reads, which nothing may decide by. */
  acknowledged: AcknowledgedWrites[];
  windowStartNs: number;
  endNs: number;
  /** Made by name from the seed. */
  stream(name: string): Stream;
  /** Path between two components, made on demand for routed hops. */
  pathBetween(from: number, to: number): number;
}
