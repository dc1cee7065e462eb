/** Operations of a stage by number, and where the program of each begins at the components that serve it. */
import type { Distribution } from '../random/distribution.ts';
import { takesNoTime } from '../random/distribution-facts.ts';
import type { Sampler } from '../random/sampler.ts';

export interface Overhead {
  operation: number;
  base: number;
  cpu: number;
  /** The core time is that of a handshake. */
  opens: boolean;
}

export class OperationDrafts {
  readonly names: string[] = [];
  /** component → operation → entry point. */
  readonly programs = new Map<number, Map<number, number>>();
  /** Operations that are another one with core time before it. A base comes before what is built on it. */
  readonly overheads: Overhead[] = [];

  constructor(private readonly sampler: Sampler) {}

  named(name: string): number {
    const known = this.names.indexOf(name);
    if (known >= 0) return known;
    return this.names.push(name) - 1;
  }

  /** Operation `base` with so much core time before it: what an encoding or a handshake adds at whoever is called. */
  after(base: number, cpu: Distribution, opens: boolean): number {
    if (takesNoTime(cpu)) return base;
    const name = `${this.names[base]} after ${JSON.stringify(cpu)}`;
    const known = this.names.indexOf(name);
    if (known >= 0) return known;
    const operation = this.named(name);
    this.overheads.push({ operation, base, cpu: this.sampler.add(cpu), opens });
    return operation;
  }

  program(component: number, operation: number, pc: number): void {
    let programs = this.programs.get(component);
    if (programs === undefined) this.programs.set(component, (programs = new Map()));
    programs.set(operation, pc);
  }
}
