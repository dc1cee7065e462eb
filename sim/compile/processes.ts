/**
 * Processes of components that handle requests of others (balancers, routers, points of presence, name servers): each has
 * cores for its own computing, which requests wait for. Where computing takes no time there are none to wait for.
 */
import { Verb } from '../engine/code.ts';
import type { Distribution } from '../random/distribution.ts';
import { takesNoTime } from '../random/distribution-facts.ts';
import type { ComponentSettings, QueueSettings } from '../scenario/settings.ts';
import type { Builder } from './builder.ts';
import type { ComponentDraft } from './components.ts';

const UNBOUNDED: QueueSettings = { limit: null, discipline: 'fifo', patience: null };

/** Place of the cores among a node's stations. */
const CPU = 0;

interface ProcessSettings {
  /** Core time of a request here. */
  cpu: Distribution;
  /** Most requests inside at once, where that can be set; null: no limit. */
  connections?: number | null;
}

/** Adds process `i` of the component. */
export function addProcess(
  builder: Builder,
  draft: ComponentDraft,
  component: ComponentSettings<ProcessSettings>,
  i: number,
): void {
  const { cpu, connections = null } = component.own;
  const isFree = takesNoTime(cpu);
  const cores = Math.max(1, Math.floor(component.machine.cores));
  const machine = builder.machine(component, i, isFree ? 0 : cores);
  const node = builder.node(draft, { machine });
  if (!isFree) builder.nodes[node].stations.push(builder.station(node, 'cpu', cores, UNBOUNDED));
  // On a machine of its own the limit holds at the door, requests that wait for a core included.
  if (connections === null || component.on !== null) return;
  const draftOfMachine = builder.machines[machine];
  draftOfMachine.connections = Math.min(connections, draftOfMachine.connections ?? Infinity);
}

/** Emits the computing of a request, with which a program begins. */
export function emitComputing(builder: Builder, cpu: Distribution): void {
  if (takesNoTime(cpu)) return;
  const asm = builder.assembler;
  asm.emit(Verb.Seize, CPU);
  asm.emit(Verb.Cpu, builder.distribution(cpu));
  asm.emit(Verb.Release, CPU);
}
