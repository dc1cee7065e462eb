/**
 * `balancer`: passes requests on to one of its targets, and learns who is up from probes, answers and refusals.
 *
 * A request keeps its connection to the balancer until the answer has passed; a core is held only while the balancer
 * computes. It serves every operation, since it passes on whatever it gets.
 */
import { Actor } from '../../engine/actor-instance.ts';
import type { ActorType } from '../../compile/actor-type.ts';
import type { ComponentDraft } from '../../compile/components.ts';
import { addProcess, emitComputing } from '../../compile/processes.ts';
import { Verb } from '../../engine/code.ts';
import { Wire } from '../../engine/messages.ts';
import { ICol, Stride } from '../../engine/rows.ts';
import { Route } from '../../engine/world.ts';
import type { ComponentSettings } from '../../scenario/settings.ts';
import { check, references, settings, type BalancerSettings } from './balancer.settings.ts';
import { Code } from './probes.ts';
import { BalancerProcess, type TargetList } from './process.ts';
import { Sticky } from './sticky.ts';
import { NOBODY } from './targets.ts';

export const balancer: ActorType<BalancerSettings> = {
  type: 'balancer',
  summary: 'Passes requests on to one of several targets, and learns which are up.',
  picture: 'diamond',
  settings,
  serves: ['named', 'read', 'write', 'get', 'set', 'delete'],
  references,
  check,
  metrics: {
    imbalance: 'count',
    retries: 'count',
    ejections: 'count',
    unhealthySeconds: 'count',
    failOpenSeconds: 'count',
    usersMoved: 'count',
  },
  create(component, builder) {
    const draft = builder.component(component.name);
    for (let i = 0; i < component.instances; i++) addProcess(builder, draft, component, i);
    draft.route = component.instances === 1 ? Route.Single : Route.Turn;
    draft.programForAll = builder.assembler.pc;
    emitComputing(builder, component.own.cpu);
    builder.assembler.emit(Verb.Forward);
    return new Balancer(component, draft);
  },
};

class Balancer extends Actor {
  private readonly own: BalancerSettings;
  private processes: BalancerProcess[] = [];
  private sticky: Sticky | null = null;
  private list!: TargetList;

  constructor(component: ComponentSettings<BalancerSettings>, draft: ComponentDraft) {
    super(draft.name, draft.id, draft.firstNode, draft.nodes);
    this.own = component.own;
  }

  override start(): void {
    this.list = this.targetList();
    if (this.own.sticky !== null) this.sticky = new Sticky(this.world, this.own.sticky.forNs);
    for (let i = 0; i < this.nodeCount; i++) {
      this.makeRoom();
      this.processes.push(new BalancerProcess(this, this.firstNode + i, this.own, this.list, this.sticky));
    }
  }

  /** All instances of the target components, those not in use yet included. */
  private targetList(): TargetList {
    const { components } = this.world;
    const nodes: number[] = [];
    const names: string[] = [];
    const weights: number[] = [];
    for (const { name, weight } of this.own.targets) {
      const c = components.name.indexOf(name);
      for (let i = 0; i < components.nodeCount[c]; i++) {
        nodes.push(components.firstNode[c] + i);
        names.push(`${name}#${i + 1}`);
        weights.push(this.own.weights?.[i] ?? weight);
      }
    }
    return { nodes: Int32Array.from(nodes), names, weights: Float64Array.from(weights) };
  }

  /** Room for a probe's timer of every target of one process. */
  private makeRoom(): void {
    this.world.rows.reserve(this.list.nodes.length + 1024);
  }

  override choose(row: number): number {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    const slot = this.processes[I[at + ICol.Node] - this.firstNode].choose(row);
    if (slot === NOBODY) return NOBODY;
    I[at + ICol.Join] = slot;
    return this.list.nodes[slot];
  }

  override returned(row: number, status: number): boolean {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    return this.processes[I[at + ICol.Node] - this.firstNode].returned(row, I[at + ICol.Join], status);
  }

  override onTimer(code: number, node: number, value: number, data: number): void {
    this.processes[node - this.firstNode].health.onTimer(code, value, data);
  }

  /** A probe at its target, or the answer back at the balancer. */
  override onMessage(code: number, from: number, to: number, value: number, data: number): void {
    if (code === Code.Probe)
      this.kernel.message(this.component, to, from, Code.ProbeAnswer, value, data, -1, Wire.Answer);
    else this.processes[to - this.firstNode].health.probed(value, data, true);
  }

  override onRefused(_code: number, from: number, _to: number, value: number, data: number): void {
    this.processes[from - this.firstNode].health.probed(value, data, false);
  }

  override onDirectory(component: number): void {
    this.makeRoom();
    for (const process of this.processes) process.health.onDirectory(component);
  }

  override onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    if (how !== 'pause') this.processes[node - this.firstNode].onCrash();
  }

  override onRestart(node: number): void {
    this.makeRoom();
    this.processes[node - this.firstNode].health.onRestart();
  }

  override resetFigures(): void {
    for (const process of this.processes) process.resetFigures();
    if (this.sticky !== null) this.sticky.moved = 0;
  }

  override figures(): Record<string, number> {
    const { processes } = this;
    const sum = (of: (process: BalancerProcess) => number): number =>
      processes.reduce((total, each) => total + of(each), 0);
    const { active, passive } = this.own.health;
    return {
      imbalance: this.imbalance(),
      ...(this.own.retries > 0 && { retries: sum((p) => p.retries) }),
      ...(passive !== null && { ejections: sum((p) => p.health.ejections) }),
      ...((active !== null || passive !== null) && {
        // Each process has its own opinion: their mean.
        unhealthySeconds: sum((p) => p.health.unhealthySeconds) / processes.length,
        failOpenSeconds: sum((p) => p.health.failOpenSeconds) / processes.length,
      }),
      ...(this.sticky !== null && { usersMoved: this.sticky.moved }),
    };
  }

  /** Requests passed to the busiest target ÷ mean over the targets in use; 1 is even, 0 when nothing was passed. */
  private imbalance(): number {
    let most = 0;
    let total = 0;
    let used = 0;
    for (let slot = 0; slot < this.list.nodes.length; slot++) {
      const passed = this.processes.reduce((sum, { targets }) => sum + targets.passed[slot], 0);
      if (passed > 0 || this.processes[0].targets.isActive[slot] === 1) used++;
      most = Math.max(most, passed);
      total += passed;
    }
    return total === 0 ? 0 : (most * used) / total;
  }

  override violation(): string {
    for (const process of this.processes) {
      const wrong = process.violation();
      if (wrong !== '') return wrong;
    }
    return '';
  }
}
