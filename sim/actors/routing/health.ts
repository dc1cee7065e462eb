/**
 * Who is in and who is out, as one balancer process sees it: service discovery says who is registered, probes and the
 * answers to requests say who is healthy. Cold.
 */
import type { Actor } from '../../engine/actor-instance.ts';
import { NodeState } from '../../engine/nodes.ts';
import type { BalancerSettings } from './balancer.settings.ts';
import { Outliers } from './outliers.ts';
import { Code, Probes } from './probes.ts';
import { Standing, type Targets } from './targets.ts';

export class Health {
  private readonly probes: Probes | null;
  private readonly outliers: Outliers | null;
  private isDown = false;
  /** When each target went out, and since when all have been out, ns. */
  private readonly outSince: Float64Array;
  private openSince = -1;
  // Since the end of the warm-up.
  ejections = 0;
  private outNs = 0;
  private openNs = 0;

  /** @param onChange called when other targets than before are to be used */
  constructor(
    private readonly actor: Actor,
    private readonly node: number,
    private readonly own: Pick<BalancerSettings, 'health'>,
    private readonly targets: Targets,
    private readonly onChange: () => void,
  ) {
    const { world, kernel, component } = actor;
    const { active, passive } = own.health;
    const stream = world.stream(`${world.nodes.nameOf(node)} probes`);
    this.probes = active && new Probes(kernel, component, node, targets.node, active, stream, this.verdict);
    this.outliers = passive && new Outliers(targets.size, passive);
    this.outSince = new Float64Array(targets.size);
    for (let slot = 0; slot < targets.size; slot++) this.register(slot);
    this.changed();
  }

  // What the process learns.

  /** A request to a target failed. */
  failed(slot: number): void {
    const { targets, outliers } = this;
    if (outliers === null || targets.is(slot, Standing.Ejected) || !targets.is(slot, Standing.Member)) return;
    const now = this.actor.world.clock[0];
    if (!outliers.failed(slot, now)) return;
    const { ejectNs } = this.own.health.passive!;
    outliers.forget(slot);
    outliers.ends[slot] = now + ejectNs;
    this.ejections++;
    this.judge(slot, Standing.Ejected, true);
    this.actor.kernel.timer(this.actor.component, this.node, Code.EjectionEnd, ejectNs, slot);
  }

  /** News of a probe. */
  probed(slot: number, number: number, isGood: boolean): void {
    this.probes!.over(slot, number, isGood);
  }

  onTimer(code: number, slot: number, data: number): void {
    if (code === Code.Probe) this.probes!.tick(slot, data);
    else if (code === Code.ProbeTimeout) this.probes!.over(slot, data, false);
    else if (this.targets.is(slot, Standing.Ejected) && this.outliers!.ends[slot] <= this.actor.world.clock[0]) {
      this.judge(slot, Standing.Ejected, false);
    }
  }

  private readonly verdict = (slot: number, isHealthy: boolean): void => {
    if (this.targets.is(slot, Standing.Unhealthy) === isHealthy) this.judge(slot, Standing.Unhealthy, !isHealthy);
  };

  /** Takes a target out for a reason, or takes the reason back. */
  private judge(slot: number, reason: Standing.Unhealthy | Standing.Ejected, isOut: boolean): void {
    const { targets } = this;
    const { history, nodes, clock } = this.actor.world;
    const before = targets.isOut(slot);
    targets.set(slot, reason, isOut);
    if (targets.isOut(slot) === before) return;
    const target = targets.node[slot];
    const who = nodes.nameOf(this.node);
    const whom = nodes.nameOf(target);
    if (isOut) {
      this.outSince[slot] = clock[0];
      const what = reason === Standing.Ejected ? `${who} ejects ${whom}` : `${who} marks ${whom} unhealthy`;
      history.add('detected', nodes.component[target], target, what);
    } else {
      this.outNs += clock[0] - this.outSince[slot];
      targets.warm(slot);
      history.add('recovered-target', nodes.component[target], target, `${who} uses ${whom} again`);
    }
    this.changed();
  }

  private changed(): void {
    const before = this.targets.failsOpen;
    this.targets.refresh();
    this.onChange();
    if (this.targets.failsOpen === before) return;
    const now = this.actor.world.clock[0];
    if (before) this.openNs += now - this.openSince;
    else this.openSince = now;
  }

  // Who is registered.

  /** The registry of a component changed. */
  onDirectory(component: number): void {
    const { targets } = this;
    const { nodes } = this.actor.world;
    let isNew = false;
    for (let slot = 0; slot < targets.size; slot++) {
      if (nodes.component[targets.node[slot]] !== component) continue;
      const was = targets.is(slot, Standing.Member);
      if (!this.register(slot)) continue;
      isNew = true;
      if (!was && targets.is(slot, Standing.Member)) targets.warm(slot);
    }
    if (isNew) this.changed();
  }

  /** Takes over what service discovery says of a slot. True: it said something new. */
  private register(slot: number): boolean {
    const { targets } = this;
    const { nodes, components } = this.actor.world;
    const node = targets.node[slot];
    const isMember = components.directory[nodes.component[node]].includes(node);
    // The registry says whether who has left it is draining or gone.
    const isDraining = !isMember && nodes.state[node] === NodeState.Draining;
    const before = targets.standing[slot];
    targets.set(slot, Standing.Member, isMember);
    targets.set(slot, Standing.Draining, isDraining);
    if (targets.standing[slot] === before) return false;
    if (!isMember) this.forget(slot);
    else if (!this.isDown) this.probes?.start(slot);
    return true;
  }

  /** What was known of a target's health is of no use any more. */
  private forget(slot: number): void {
    const { targets } = this;
    this.probes?.stop(slot);
    this.outliers?.forget(slot);
    if (targets.isOut(slot)) this.outNs += this.actor.world.clock[0] - this.outSince[slot];
    targets.set(slot, Standing.Unhealthy, false);
    targets.set(slot, Standing.Ejected, false);
  }

  // The process's own life.

  onCrash(): void {
    this.isDown = true;
    for (let slot = 0; slot < this.targets.size; slot++) this.forget(slot);
    this.changed();
  }

  onRestart(): void {
    this.isDown = false;
    for (let slot = 0; slot < this.targets.size; slot++) {
      if (this.targets.is(slot, Standing.Member)) this.probes?.start(slot);
    }
  }

  // Figures.

  resetFigures(): void {
    this.ejections = 0;
    this.outNs = 0;
    this.openNs = 0;
    this.openSince = this.actor.world.clock[0];
    this.outSince.fill(this.openSince);
  }

  /** Seconds that targets were out, added up over the targets. */
  get unhealthySeconds(): number {
    let time = this.outNs;
    const now = this.actor.world.clock[0];
    for (let slot = 0; slot < this.targets.size; slot++) {
      if (this.targets.isOut(slot)) time += now - this.outSince[slot];
    }
    return time / 1e9;
  }

  /** Seconds in which all targets were out, and all used nevertheless. */
  get failOpenSeconds(): number {
    return (this.openNs + (this.targets.failsOpen ? this.actor.world.clock[0] - this.openSince : 0)) / 1e9;
  }
}
