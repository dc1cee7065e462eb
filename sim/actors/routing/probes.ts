/**
 * Active health checks of one balancer process: it asks every registered target at a fixed interval, and so many
 * failures in a row take a target out, so many good answers bring it back.
 *
 * A probe is a real message over a connection: the machine of a killed process refuses it (a failure after one round
 * trip), a silent machine or a cut lets it run into its timeout, a paused process answers late, and one that is
 * drowning in work still answers. The first probe of each target comes after a random part of the interval, so probes
 * of many targets, and of many balancers, do not come at once.
 */
import type { Kernel } from '../../engine/kernel.ts';
import { Wire } from '../../engine/messages.ts';
import type { Stream } from '../../random/keys.ts';

/** Codes of messages and timers of a balancer. */
export const enum Code {
  Probe = 1,
  ProbeAnswer = 2,
  ProbeTimeout = 3,
  EjectionEnd = 4,
}

export interface ProbeSettings {
  intervalNs: number;
  timeoutNs: number;
  /** Failures in a row that take a target out; good answers in a row that bring it back. */
  unhealthy: number;
  healthy: number;
}

const UNIT = 0x40000000;

export class Probes {
  /** Changes when a target is registered or leaves: timers of before are void. */
  private readonly epoch: Int32Array;
  private readonly good: Int32Array;
  private readonly bad: Int32Array;
  /** Number of the probe under way, 0: none. */
  private readonly waiting: Float64Array;
  /** The next one is due, but this one is not over. */
  private readonly due: Uint8Array;
  private sent = 0;

  /** @param verdict called with a slot when so many probes in a row have gone the same way */
  constructor(
    private readonly kernel: Kernel,
    private readonly component: number,
    /** The balancer's own node, and the nodes of its targets. */
    private readonly self: number,
    private readonly nodes: Int32Array,
    private readonly settings: ProbeSettings,
    private readonly stream: Stream,
    private readonly verdict: (slot: number, isHealthy: boolean) => void,
  ) {
    const size = nodes.length;
    this.epoch = new Int32Array(size);
    this.good = new Int32Array(size);
    this.bad = new Int32Array(size);
    this.waiting = new Float64Array(size);
    this.due = new Uint8Array(size);
  }

  /** Begins to probe a target. */
  start(slot: number): void {
    this.stop(slot);
    const phase = this.stream.below(UNIT) / UNIT;
    this.kernel.timer(this.component, this.self, Code.Probe, phase * this.settings.intervalNs, slot, this.epoch[slot]);
  }

  stop(slot: number): void {
    this.epoch[slot]++;
    this.good[slot] = 0;
    this.bad[slot] = 0;
    this.waiting[slot] = 0;
    this.due[slot] = 0;
  }

  /** The interval is over. */
  tick(slot: number, epoch: number): void {
    if (epoch !== this.epoch[slot]) return;
    this.kernel.timer(this.component, this.self, Code.Probe, this.settings.intervalNs, slot, epoch);
    if (this.waiting[slot] === 0) this.send(slot);
    else this.due[slot] = 1;
  }

  private send(slot: number): void {
    const number = ++this.sent;
    this.due[slot] = 0;
    this.waiting[slot] = number;
    this.kernel.timer(this.component, this.self, Code.ProbeTimeout, this.settings.timeoutNs, slot, number);
    this.kernel.message(this.component, this.self, this.nodes[slot], Code.Probe, slot, number, -1, Wire.Connection);
  }

  /** Probe `number` is over: answered, refused, or out of time. Later news of the same probe are ignored. */
  over(slot: number, number: number, isGood: boolean): void {
    if (this.waiting[slot] !== number) return;
    this.waiting[slot] = 0;
    this.good[slot] = isGood ? this.good[slot] + 1 : 0;
    this.bad[slot] = isGood ? 0 : this.bad[slot] + 1;
    if (this.good[slot] >= this.settings.healthy) this.verdict(slot, true);
    if (this.bad[slot] >= this.settings.unhealthy) this.verdict(slot, false);
    if (this.due[slot] === 1) this.send(slot);
  }
}
