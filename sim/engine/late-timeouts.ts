/** Timeouts of callers that are paused: they notice them when they run again. */
import { ICol, Id, Kind, Stride } from './rows.ts';
import type { Transit } from './transit.ts';
import type { World } from './world.ts';

export class LateTimeouts {
  constructor(
    private readonly world: World,
    private readonly transit: Transit,
  ) {}

  /** The row's time is up while its node is paused. */
  park(row: number): void {
    const { rows } = this.world;
    const timer = rows.take();
    const I = rows.I;
    const at = timer * Stride.I;
    const from = row * Stride.I;
    I[at + ICol.Kind] = Kind.LateTimeout;
    I[at + ICol.Node] = I[from + ICol.Node];
    I[at + ICol.Parent] = row;
    I[at + ICol.ParentGen] = I[from + ICol.Gen];
    I[at + ICol.Tag] = I[from + ICol.Attempt];
    I[at + ICol.Flags] = 0;
    I[at + ICol.Via] = Id.None;
    this.transit.onParked(timer);
  }

  /** The node runs again. Returns the row whose time is up, Id.None: it no longer waits, or is asked again in this instant. */
  noticed(timer: number): number {
    const { rows, stations, ready } = this.world;
    const I = rows.I;
    const at = timer * Stride.I;
    const row = I[at + ICol.Parent];
    const r = row * Stride.I;
    const kind = I[r + ICol.Kind];
    const live = I[r + ICol.Gen] === I[at + ICol.ParentGen] && I[r + ICol.Attempt] === I[at + ICol.Tag];
    if (live && kind === Kind.GrantPool && !stations.isQueued(row)) {
      // It has just got its connection and is due in this instant: its timeout comes right after.
      ready.push(timer);
      return Id.None;
    }
    rows.free(timer);
    const waits = kind === Kind.WaitCall || kind === Kind.WaitJoin || kind === Kind.GrantPool;
    return live && waits ? row : Id.None;
  }
}
