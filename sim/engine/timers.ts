/**
 * Timers of components and of those who have some without being one.
 */
import { FCol, ICol, Id, Kind, Stride } from './rows.ts';
import type { World } from './world.ts';

/** The first control's number; the others follow downwards. */
const FIRST_CONTROL = -2;

/** Who has timers without being a component: faults, outages, a recorder. */
export interface Control {
  onTimer(code: number, node: number, value: number, data: number): void;
}

export class Timers {
  private readonly controls: Control[] = [];

  constructor(private readonly world: World) {}

  /** Makes someone known who is not a component; what comes back stands for a component in `set`. Simultaneous timers fire in this order. */
  addControl(control: Control): number {
    return FIRST_CONTROL - (this.controls.push(control) - 1);
  }

  /** Calls `onTimer(code, node, value, data)` of the component in `delayNs`. A timer of a node dies with its incarnation; node Id.None: the control plane. */
  set(component: number, node: number, code: number, delayNs: number, value = 0, data = 0): void {
    const { rows, clock, nodes, events, components } = this.world;
    const row = rows.take();
    const I = rows.I;
    const at = row * Stride.I;
    I[at + ICol.Kind] = Kind.Timer;
    I[at + ICol.Node] = node !== Id.None ? node : component >= 0 ? components.firstNode[component] : Id.None;
    I[at + ICol.Via] = node;
    I[at + ICol.Tag] = node === Id.None ? 0 : nodes.incarnation[node];
    I[at + ICol.Site] = component;
    I[at + ICol.Pc] = code;
    I[at + ICol.Key] = value;
    I[at + ICol.IdA] = component >= 0 ? component : FIRST_CONTROL - component;
    I[at + ICol.IdB] = code;
    I[at + ICol.Flags] = 0;
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Span] = Id.None;
    rows.F[row * Stride.F + FCol.Data] = data;
    rows.F[row * Stride.F + FCol.Time] = clock[0] + Math.round(delayNs);
    events.push(row);
  }

  /** A timer is due. */
  fire(row: number): void {
    const { rows, nodes, components } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    const node = I[at + ICol.Via];
    const live = node === Id.None || nodes.incarnation[node] === I[at + ICol.Tag];
    const component = I[at + ICol.Site];
    const code = I[at + ICol.Pc];
    const value = I[at + ICol.Key];
    const data = rows.F[row * Stride.F + FCol.Data];
    rows.free(row);
    if (!live) return;
    const owner = component >= 0 ? components.actor[component]! : this.controls[FIRST_CONTROL - component];
    owner.onTimer(code, node, value, data);
  }
}
