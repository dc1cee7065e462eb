/**
 * Adds and removes instances of a server group by what it measures, as the Kubernetes HorizontalPodAutoscaler does. It
 * decides once a period, on metrics that are as old as they get in practice, and what it adds has to boot first.
 */
import type { Actor } from '../../engine/actor-instance.ts';
import { Id } from '../../engine/rows.ts';
import type { ComponentSettings } from '../../scenario/settings.ts';
import type { ServerSettings } from '../compute/server.settings.ts';
import { Behavior } from './behavior.ts';
import { Fleet, Phase } from './fleet.ts';
import { wishedByMean, wishedByUtilization, type Pod } from './hpa.ts';
import { Meters, type Sample } from './meters.ts';

type AutoscaleSettings = NonNullable<ServerSettings['autoscale']>;

/** Codes of its own timers, beside the fleet's. */
const enum Code {
  Sample = 100,
  Decide = 101,
}

export class Autoscaler {
  private readonly fleet: Fleet;
  private readonly meters: Meters;
  private readonly behavior: Behavior;
  /** Samples that are on their way to the decision, the oldest first. */
  private readonly pending: Sample[] = [];
  /** Instances wanted: what Kubernetes calls the replicas of the spec. */
  private wanted = 0;
  private changedNs = -Infinity;
  private scaleOuts = 0;
  private scaleIns = 0;

  constructor(
    private readonly actor: Actor,
    private readonly settings: AutoscaleSettings,
    private readonly cores: number,
  ) {
    this.fleet = new Fleet(actor, settings.bootNs, settings.drainNs);
    this.meters = new Meters(actor, settings.metric.kind, settings.everyNs);
    this.behavior = new Behavior(settings);
  }

  start(): void {
    this.fleet.start();
    this.wanted = this.fleet.count;
    this.after(Code.Sample, this.settings.everyNs);
  }

  onTimer(code: number, _node: number, slot: number, life: number): void {
    if (code === Code.Sample) this.sample();
    else if (code === Code.Decide) this.decide(this.pending.shift()!);
    else if (this.fleet.onTimer(code, slot, life)) this.fleet.adjust(this.wanted);
  }

  private sample(): void {
    this.pending.push(this.meters.read());
    this.after(Code.Decide, this.settings.metricDelayNs);
    this.after(Code.Sample, this.settings.everyNs);
  }

  private decide(sample: Sample): void {
    const now = this.actor.world.clock[0];
    const next = this.behavior.follow(now, this.wanted, this.wish(sample));
    if (next === this.wanted || now - this.changedNs < this.settings.cooldownNs) return;
    this.behavior.changed(now, this.wanted, next);
    this.changedNs = now;
    const isOut = next > this.wanted;
    if (isOut) this.scaleOuts++;
    else this.scaleIns++;
    const { name, component, world } = this.actor;
    world.history.add(
      isOut ? 'scale-out' : 'scale-in',
      component,
      Id.None,
      `${name} scales ${isOut ? 'out' : 'in'} from ${this.wanted} to ${next}`,
      next,
    );
    this.wanted = next;
    this.fleet.adjust(next);
  }

  private wish(sample: Sample): number {
    const { metric, tolerance } = this.settings;
    const pods = this.pods(sample);
    return metric.kind === 'cpu'
      ? wishedByUtilization(this.wanted, pods, metric.target * 100, tolerance)
      : wishedByMean(this.wanted, pods, metric.target * 1000, tolerance);
  }

  /** The instances as they are now, with what the sample says of them. */
  private pods(sample: Sample): Pod[] {
    const pods: Pod[] = [];
    this.fleet.phase.forEach((phase, slot) => {
      if (phase === Phase.Booting || phase === Phase.Serving) {
        pods.push({ status: this.status(sample, slot), usage: sample.usage[slot], request: this.cores * 1000 });
      }
    });
    return pods;
  }

  private status(sample: Sample, slot: number): Pod['status'] {
    if (this.fleet.phase[slot] === Phase.Booting) return 'unready';
    if (Number.isNaN(sample.usage[slot])) return 'missing';
    // Of the cores a whole period must have been measured since it became ready.
    const isFresh =
      this.settings.metric.kind === 'cpu' && sample.atNs - this.settings.everyNs < this.fleet.readyNs[slot];
    return isFresh ? 'unready' : 'ready';
  }

  private after(code: Code, delayNs: number): void {
    this.actor.kernel.timer(this.actor.component, Id.None, code, delayNs);
  }

  resetFigures(): void {
    this.scaleOuts = 0;
    this.scaleIns = 0;
    this.fleet.resetFigures();
  }

  figures(): Record<string, number> {
    return { ...this.fleet.figures(), scaleOuts: this.scaleOuts, scaleIns: this.scaleIns };
  }
}

export function autoscalerOf(actor: Actor, component: ComponentSettings<ServerSettings>): Autoscaler | null {
  const { autoscale } = component.own;
  return autoscale === null ? null : new Autoscaler(actor, autoscale, component.machine.cores);
}
