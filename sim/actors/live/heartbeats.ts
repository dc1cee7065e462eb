/**
 * Heartbeats of a gateway: each connection is pinged at an interval, and one that has been silent for longer than the
 * interval and the timeout is taken for dead and closed. A sweep of the list does both; no connection has a timer.
 */
import type { Actor } from '../../engine/actor-instance.ts';
import { Wire } from '../../engine/messages.ts';
import { GatewayCode, UserCode } from '../../workload/live/codes.ts';
import type { LiveUsers } from '../../workload/live/live-users.ts';
import type { Holding } from './holding.ts';

/** Sweeps per interval: how exact the times of pings are. */
const SWEEPS = 50;

export class Heartbeats {
  /** Connections closed because the other side was silent. */
  dead = 0;

  constructor(
    private readonly actor: Actor,
    private readonly holding: Holding,
    private readonly settings: { intervalNs: number; timeoutNs: number } | null,
  ) {}

  /** A new process begins to sweep. */
  begin(node: number): void {
    if (this.settings === null) return;
    const { kernel, component } = this.actor;
    kernel.timer(component, node, GatewayCode.Sweep, this.settings.intervalNs / SWEEPS);
  }

  opened(live: LiveUsers, slot: number): void {
    live.connections.pingAt[slot] = this.actor.world.clock[0] + (this.settings?.intervalNs ?? 0);
  }

  sweep(node: number): void {
    const { intervalNs, timeoutNs } = this.settings!;
    const { world } = this.actor;
    const held = this.holding.at(node);
    const now = world.clock[0];
    let taken = 0;
    // Backwards: what is closed is replaced by the last, which has been looked at.
    for (let place = held.slots.length - 1; place >= 0; place--) {
      const live = this.holding.usersAt(held, place);
      const { connections } = live;
      const slot = held.slots[place];
      const isDead = now - connections.serverHeard[slot] > intervalNs + timeoutNs;
      if (!isDead && connections.pingAt[slot] > now) continue;
      if ((taken++ & 63) === 0) world.rows.reserve(256);
      if (isDead) {
        this.dead++;
        this.holding.close(live, slot, false);
      } else this.ping(live, slot, node);
    }
    this.begin(node);
  }

  private ping(live: LiveUsers, slot: number, node: number): void {
    const { connections } = live;
    connections.pingAt[slot] += this.settings!.intervalNs;
    if (this.holding.isCut(live, slot)) return;
    const { kernel } = this.actor;
    kernel.message(
      live.component,
      node,
      connections.client[slot],
      UserCode.Ping,
      connections.reference(slot),
      0,
      -1,
      Wire.Answer,
    );
  }
}
