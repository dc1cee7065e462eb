/** Paper math before a run: offered load, utilisation of each tier by multiplication, and how many events it takes. */
import type { ActorType } from '../compile/actor-type.ts';
import type { Builder } from '../compile/builder.ts';
import { compileStage, type Compiled } from '../compile/stage.ts';
import { NodeState } from '../engine/nodes.ts';
import type { Scenario, StageSettings } from '../scenario/settings.ts';
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
  /** The most that there may be. */
  instances: number;
  /** Of the cores of all of them, at the peak. Above 1: too few. */
  utilization: number;
  /** The same of those that there are at first; null: no more can come. */
  atFirst: { instances: number; utilization: number } | null;
}

const S = 1_000_000_000;
/** Simulated seconds of the pilot: visits are counted, not derived. */
const PILOT_NS = 20 * S;
/** Requests a second of the pilot: few enough that next to nothing queues. */
const PILOT_RATE = 40;

export function estimate(scenario: Scenario, types: readonly ActorType[]): { stages: StageEstimate[] } {
  return { stages: scenario.stages.map((stage) => estimateStage(stage, types)) };
}

/** A pilot run of the stage with few users tells how often each tier is visited per request; the rest is multiplication. */
function estimateStage(stage: StageSettings, types: readonly ActorType[]): StageEstimate {
  const load = paperLoadOf(stage);
  const pilot = pilotOf(stage, load.mean);
  const compiled = compileStage(pilot, types);
  const { kernel } = compiled;
  while (kernel.advance(4096) && kernel.events < 400_000);
  const requests = Math.max(
    1,
    kernel.outcomes.operations.reduce((sum, o) => sum + o.offered - o.inFlight, 0),
  );
  return {
    name: stage.name,
    users: stage.clients.reduce((sum, c) => sum + (c.users ?? 0), 0),
    offeredPerSecond: load.mean,
    peakPerSecond: load.peak,
    events: Math.round((kernel.events / requests) * load.requests),
    tiers: stage.components.map((c) => tier(compiled, c.name, requests, load.peak)),
  };
}

/** Core time per request, as the pilot found it, times the load: of the machines the component stands on. */
function tier({ builder, kernel }: Compiled, name: string, requests: number, peak: number): TierEstimate {
  const draft = builder.component(name);
  const nodes = Array.from({ length: draft.nodes }, (_, i) => draft.firstNode + i);
  const coresOf = (list: readonly number[]): number =>
    sum([...machinesOf(list, builder)].map((machine) => builder.machines[machine].cores));
  const busy = sum([...machinesOf(nodes, builder)].map((machine) => kernel.world.machines.busyArea(machine)));
  const cores = (busy / requests / S) * peak;
  const first = nodes.filter((node) => builder.nodes[node].state !== NodeState.Off);
  return {
    component: name,
    instances: nodes.length,
    utilization: cores / coresOf(nodes),
    atFirst: first.length === nodes.length ? null : { instances: first.length, utilization: cores / coresOf(first) },
  };
}

const machinesOf = (nodes: readonly number[], builder: Builder): Set<number> =>
  new Set(nodes.map((node) => builder.nodes[node].machine));

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

/** The stage at a light load, for a moment, without faults. */
function pilotOf(stage: StageSettings, total: number): StageSettings {
  const shrink = Math.max(1, total / PILOT_RATE);
  return {
    ...stage,
    run: { ...stage.run, warmupNs: 0, durationNs: PILOT_NS },
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
