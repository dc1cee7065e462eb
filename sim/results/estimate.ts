/** Paper math before a run: offered load, utilisation of each tier by multiplication, and how many events it takes. */
import type { ActorType } from '../compile/actor-type.ts';
import type { Builder } from '../compile/builder.ts';
import { compileStage, type Compiled } from '../compile/stage.ts';
import { NodeState } from '../engine/nodes.ts';
import type { World } from '../engine/world.ts';
import type { Scenario, StageSettings } from '../scenario/settings.ts';
import type { OperationOutcomes, Outcomes } from '../workload/outcomes.ts';
import { paperLoadOf } from './paper-load.ts';

export interface StageEstimate {
  name: string;
  users: number;
  /** Mean over the run. */
  offeredPerSecond: number;
  /** At the highest point of curves and spikes. */
  peakPerSecond: number;
  events: number;
  tiers: TierEstimate[];
}

export interface TierEstimate {
  component: string;
  /** The one that is busiest: "cpu", "disk", "threads" … Who waits for others is busy, too, but on paper nobody queues. */
  resource: string;
  /** The most that there may be. */
  instances: number;
  /** Of its resource, of all of them, at the peak. Above 1: too little. */
  utilization: number;
  /** The same of those that there are at first; null: no more can come. */
  atFirst: { instances: number; utilization: number } | null;
}

const S = 1_000_000_000;
/** How long the pilot is, simulated: visits are counted, not derived. Where answers take longer, until half of them have come. */
const PILOT_NS = 20 * S;
const LONGEST_PILOT_NS = 1000 * S;
const MOST_EVENTS = 400_000;
/** Requests a second of the pilot: few enough that next to nothing queues. */
const PILOT_RATE = 40;

export function estimate(scenario: Scenario, types: readonly ActorType[]): { stages: StageEstimate[] } {
  return { stages: scenario.stages.map((stage) => estimateStage(stage, types)) };
}

/** A pilot run of the stage with few users tells how often each tier is visited per request; the rest is multiplication. */
function estimateStage(stage: StageSettings, types: readonly ActorType[]): StageEstimate {
  const pilot = pilotOf(stage, paperLoadOf(stage, () => 0).mean);
  const compiled = compileStage(pilot, types);
  const { kernel } = compiled;
  const ended = run(kernel);
  const requests = Math.max(1, ended);
  const load = paperLoadOf(stage, (client) => latencyOf(kernel.outcomes, client));
  return {
    name: stage.name,
    users: stage.clients.reduce((sum, c) => sum + (c.users ?? 0), 0),
    offeredPerSecond: load.mean,
    peakPerSecond: load.peak,
    events: Math.round((kernel.events / requests) * load.requests),
    tiers: stage.components.map((c) => tier(compiled, c.name, requests, load.peak)),
  };
}

/** Runs the pilot. Returns how many requests have ended. */
function run(kernel: Compiled['kernel']): number {
  const count = (of: (o: OperationOutcomes) => number): number => sum(kernel.outcomes.operations.map(of));
  const isEnough = (): boolean =>
    kernel.events >= MOST_EVENTS ||
    (kernel.world.clock[0] >= PILOT_NS && 2 * count((o) => o.inFlight) <= count((o) => o.offered));
  while (kernel.advance(4096) && !isEnough());
  return count((o) => o.offered - o.inFlight);
}

/** Mean latency of a population's requests in the pilot, ns; 0: none was answered. */
function latencyOf({ operations }: Outcomes, population: string): number {
  const own = operations.filter((o) => o.population === population && o.latency.count > 0);
  const answers = sum(own.map((o) => o.latency.count));
  return answers === 0 ? 0 : sum(own.map((o) => o.latency.mean * o.latency.count)) / answers;
}

/** What a component has of a resource: what was used of it, token·ns, and how many there are at some of its nodes. */
interface Resource {
  name: string;
  busy: number;
  capacity: (nodes: readonly number[]) => number;
}

/** The resource that is busiest at the peak: its use per request, as the pilot found it, times the load. */
function tier({ builder, kernel }: Compiled, name: string, requests: number, peak: number): TierEstimate {
  const draft = builder.component(name);
  const nodes = Array.from({ length: draft.nodes }, (_, i) => draft.firstNode + i);
  const first = nodes.filter((node) => builder.nodes[node].state !== NodeState.Off);
  const resources = resourcesOf(builder, kernel.world, draft.resources, nodes);
  const busyOf = ({ busy, capacity }: Resource, some: readonly number[]): number =>
    ((busy / requests / S) * peak) / capacity(some);
  const [busiest] = resources.sort((a, b) => busyOf(b, nodes) - busyOf(a, nodes));
  return {
    component: name,
    resource: busiest.name,
    instances: nodes.length,
    utilization: busyOf(busiest, nodes),
    atFirst: first.length === nodes.length ? null : { instances: first.length, utilization: busyOf(busiest, first) },
  };
}

/** The cores of its machines, and the tokens of its stations. */
function resourcesOf(
  builder: Builder,
  { machines, stations }: World,
  names: readonly string[],
  nodes: readonly number[],
): Resource[] {
  const cores: Resource = {
    name: 'cpu',
    busy: sum([...machinesOf(nodes, builder)].map((machine) => machines.busyArea(machine))),
    capacity: (some) => sum([...machinesOf(some, builder)].map((machine) => builder.machines[machine].cores)),
  };
  const groups = names.map((name, group): Resource => {
    const of = (some: readonly number[]): number[] => {
      const own = new Set(some);
      return [...builder.stations.keys()].filter((i) => {
        const { group: its, node } = builder.stations[i];
        return its === group && own.has(node);
      });
    };
    return {
      name,
      busy: sum(of(nodes).map((i) => stations.busyArea(i))),
      capacity: (some) => sum(of(some).map((i) => builder.stations[i].capacity)),
    };
  });
  return [cores, ...groups];
}

const machinesOf = (nodes: readonly number[], builder: Builder): Set<number> =>
  new Set(nodes.map((node) => builder.nodes[node].machine));

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

/** The stage at a light load, for a moment, without faults. */
function pilotOf(stage: StageSettings, total: number): StageSettings {
  const shrink = Math.max(1, total / PILOT_RATE);
  return {
    ...stage,
    run: { ...stage.run, warmupNs: 0, durationNs: LONGEST_PILOT_NS },
    faults: [],
    clients: stage.clients.map((c) => ({
      ...c,
      users: c.users === null ? null : Math.max(1, Math.round(c.users / shrink)),
      arrivals:
        c.arrivals === null || c.arrivals.process.kind === 'interarrival'
          ? c.arrivals
          : {
              ...c.arrivals,
              curve: [],
              spikes: [],
              process: { ...c.arrivals.process, ratePerSecond: c.arrivals.process.ratePerSecond / shrink },
            },
    })),
  };
}
