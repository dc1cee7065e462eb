/** Paper math before a run: offered load, utilisation of each tier by multiplication, and how many events it takes. */
import type { ActorType } from '../compile/actor-type.ts';
import { compileStage, type Compiled } from '../compile/stage.ts';
import { meanOf } from '../random/distribution-facts.ts';
import type { Scenario, StageSettings } from '../scenario/settings.ts';

export interface StageEstimate {
  name: string;
  users: number;
  offeredPerSecond: number;
  events: number;
  tiers: { component: string; utilization: number }[];
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
  const offered = stage.clients.map(loadOf);
  const total = offered.reduce((a, b) => a + b, 0);
  const pilot = pilotOf(stage, total);
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
    offeredPerSecond: total,
    events: Math.round((kernel.events / requests) * total * ((stage.run.durationNs + stage.run.warmupNs) / S)),
    tiers: stage.components.map((c) => ({
      component: c.name,
      utilization: tier(compiled, c.name, requests, total),
    })),
  };
}

/** Core time per request, as the pilot found it, times the offered load: of the machines the component stands on. */
function tier({ builder, kernel }: Compiled, name: string, requests: number, total: number): number {
  const draft = builder.component(name);
  const machines = new Set<number>();
  for (let i = 0; i < draft.nodes; i++) machines.add(builder.nodes[draft.firstNode + i].machine);
  let cores = 0;
  let busy = 0;
  for (const machine of machines) {
    cores += builder.machines[machine].cores;
    busy += kernel.world.machines.busyArea(machine);
  }
  return (busy / requests / S) * (total / cores);
}

function loadOf(client: StageSettings['clients'][number]): number {
  const { arrivals } = client;
  if (arrivals !== null) {
    return arrivals.process.kind === 'interarrival' ? S / meanOf(arrivals.process.gap) : arrivals.process.ratePerSecond;
  }
  const think = client.think === null ? 0 : meanOf(client.think);
  return think === 0 ? 0 : ((client.users ?? 0) * S) / think;
}

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
              process: { ...c.arrivals.process, ratePerSecond: c.arrivals.process.ratePerSecond / shrink },
            },
    })),
  };
}
