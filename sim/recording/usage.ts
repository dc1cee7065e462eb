/**
 * How much of each station and machine was used since the last look: differences of the areas that the engine keeps.
 * Looks only: nothing of the engine is changed by it, not even the last bits of a sum, except the maxima of queues,
 * which it takes slice by slice and puts back at the end.
 */
import type { Builder } from '../compile/builder.ts';
import type { ComponentDraft } from '../compile/components.ts';
import type { World } from '../engine/world.ts';

/** What the instances of a component used of each of its resources (by station group, then the CPU), in token·ns. */
export interface Use {
  busy: Float64Array;
  available: Float64Array;
  /** Utilisation of the resource used most, at the instance where that is highest: of late, see `recent`. */
  busiest: number;
  queueArea: number;
  /** Longest of its queues. */
  queueMax: number;
}

/**
 * Over how long the use of one among several instances is averaged, ns and slices; the lesser. Of many, one is fully
 * busy in every tenth of a second, and another in the next: that says nothing of any.
 */
const RECENT_NS = 1_000_000_000;
const RECENT_SLICES = 10;

export class Usage {
  /** Since the last look, by station and by machine. */
  private readonly busy: Float64Array;
  private readonly capacityNs: Float64Array;
  private readonly queue: Float64Array;
  private readonly queueMax: Int32Array;
  private readonly cpu: Float64Array;
  private readonly cores: Float64Array;
  /** Part of the time that a node was in use. */
  private readonly inUse: Float64Array;
  /** As they stood at the last look. */
  private readonly before: { busy: Float64Array; capacity: Float64Array; queue: Float64Array };
  private readonly cpuBefore: Float64Array;
  private readonly usedBefore: Float64Array;
  /** By node, the utilisation of its most used resource, averaged so that what is older counts less. */
  private readonly recent: Float64Array;
  /** Of one node, by station group. */
  private readonly byGroup: { busy: Float64Array; available: Float64Array };
  /** The longest that each queue has been in the window. */
  private readonly longest: Int32Array;
  private readonly stationsOf: number[][];

  constructor(
    private readonly builder: Builder,
    private readonly world: World,
  ) {
    const stations = world.stations.specs.length;
    const machines = world.machines.count;
    const column = (length: number): Float64Array => new Float64Array(length);
    this.busy = column(stations);
    this.capacityNs = column(stations);
    this.queue = column(stations);
    this.queueMax = new Int32Array(stations);
    this.before = { busy: column(stations), capacity: column(stations), queue: column(stations) };
    this.longest = new Int32Array(stations);
    this.cpu = column(machines);
    this.cores = column(machines);
    this.cpuBefore = column(machines);
    this.inUse = column(world.nodes.count);
    this.usedBefore = column(world.nodes.count);
    this.recent = column(world.nodes.count);
    const groups = Math.max(0, ...builder.components.map(({ resources }) => resources.length));
    this.byGroup = { busy: column(groups), available: column(groups) };
    this.stationsOf = Array.from({ length: world.nodes.count }, (_, node) => world.nodes.allStations(node));
  }

  /** The window begins: what the engine resets begins again here. */
  reset(): void {
    const { stations } = this.world;
    for (const area of Object.values(this.before)) area.fill(0);
    this.usedBefore.fill(0);
    for (let i = 0; i < this.longest.length; i++) this.longest[i] = stations.queueMax(i);
  }

  /** The slice is over; it was `dt` ns long. */
  look(dt: number): void {
    const { stations, machines, nodes } = this.world;
    for (let i = 0; i < this.busy.length; i++) {
      this.busy[i] = grown(this.before.busy, i, stations.busyArea(i));
      this.capacityNs[i] = grown(this.before.capacity, i, stations.capacityArea(i));
      this.queue[i] = grown(this.before.queue, i, stations.queueArea(i));
      this.queueMax[i] = stations.queueMax(i);
      this.longest[i] = Math.max(this.longest[i], stations.queueMax(i));
      stations.setQueueMax(i, stations.queued(i));
    }
    this.cores.fill(0);
    for (let node = 0; node < nodes.count; node++) {
      this.inUse[node] = dt > 0 ? grown(this.usedBefore, node, nodes.usedNs(node)) / dt : 0;
      const m = nodes.machine[node];
      this.cores[m] = Math.max(this.cores[m], machines.cores[m] * dt * this.inUse[node]);
    }
    for (let m = 0; m < machines.count; m++) this.cpu[m] = grown(this.cpuBefore, m, machines.busySeen(m));
    if (dt === 0) return;
    const share = dt / (dt + Math.min(RECENT_NS, RECENT_SLICES * dt));
    for (let node = 0; node < nodes.count; node++)
      this.recent[node] += share * (this.utilizationOf(node) - this.recent[node]);
  }

  /** The run is over: the maxima are as if nobody had looked. */
  finish(): void {
    const { stations } = this.world;
    for (let i = 0; i < this.longest.length; i++)
      stations.setQueueMax(i, Math.max(stations.queueMax(i), this.longest[i]));
  }

  /** What a component used since the last look but one. */
  of(draft: ComponentDraft): Use {
    const cpu = draft.resources.length;
    const use: Use = {
      busy: new Float64Array(cpu + 1),
      available: new Float64Array(cpu + 1),
      busiest: 0,
      queueArea: 0,
      queueMax: 0,
    };
    const machines = new Set<number>();
    for (let node = draft.firstNode; node < draft.firstNode + draft.nodes; node++) {
      machines.add(this.world.nodes.machine[node]);
      use.busiest = Math.max(use.busiest, draft.nodes === 1 ? this.utilizationOf(node) : this.recent[node]);
      for (const i of this.stationsOf[node]) {
        const { group } = this.world.stations.specs[i];
        use.busy[group] += this.busy[i];
        use.available[group] += this.capacityNs[i] * this.inUse[node];
        use.queueArea += this.queue[i];
        use.queueMax = Math.max(use.queueMax, this.queueMax[i]);
      }
    }
    for (const m of machines) {
      use.busy[cpu] += this.cpu[m];
      use.available[cpu] += this.cores[m];
    }
    return use;
  }

  /** Of the resource that the node used most; its event loops are one. */
  utilizationOf(node: number): number {
    const m = this.world.nodes.machine[node];
    const { busy, available } = this.byGroup;
    busy.fill(0);
    available.fill(0);
    for (const i of this.stationsOf[node]) {
      const { group } = this.world.stations.specs[i];
      busy[group] += this.busy[i];
      available[group] += this.capacityNs[i] * this.inUse[node];
    }
    let most = ratio(this.cpu[m], this.cores[m]);
    for (let group = 0; group < busy.length; group++) most = Math.max(most, ratio(busy[group], available[group]));
    return most;
  }

  /** Area of the queues of a node, requests · ns. */
  queueAreaOf(node: number): number {
    let area = 0;
    for (const i of this.stationsOf[node]) area += this.queue[i];
    return area;
  }

  /** Tokens or cores of all instances. */
  capacity(draft: ComponentDraft, group: number): number {
    if (group < draft.resources.length) {
      return this.builder.stations.reduce(
        (sum, s) => sum + (s.group === group && this.builder.nodes[s.node].component === draft.id ? s.capacity : 0),
        0,
      );
    }
    const machines = new Set(
      Array.from({ length: draft.nodes }, (_, i) => this.world.nodes.machine[draft.firstNode + i]),
    );
    return [...machines].reduce((sum, m) => sum + this.world.machines.cores[m], 0);
  }
}

/** How much a figure has grown since it was remembered; remembers it anew. */
function grown(before: Float64Array, i: number, now: number): number {
  const growth = now - before[i];
  before[i] = now;
  return growth;
}

const ratio = (part: number, whole: number): number => (whole > 0 ? Math.min(1, part / whole) : 0);
