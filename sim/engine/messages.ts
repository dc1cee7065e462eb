/**
 * Messages between actors, which are no requests: sent, lost, delivered or refused.
 */
import { Identities } from './identities.ts';
import { NodeState } from './nodes.ts';
import { FCol, ICol, Id, Kind, Stride } from './rows.ts';
import type { World } from './world.ts';

/** How a message travels. */
export const enum Wire {
  /** Lost when the network loses it. */
  Datagram = 0,
  /** Opens a connection, or uses the sender's: lost segments are sent again, a dead process refuses. */
  Connection = 1,
  /** Back on the connection that the receiver opened. */
  Answer = 2,
  /** The machine of a dead process answers for it. Made here alone. */
  Refusal = 3,
}

export class Messages {
  readonly identities: Identities;

  constructor(private readonly world: World) {
    this.identities = new Identities(world, 'messages');
  }

  /**
   * Sends a message from one node to a node, delivered to `onMessage` of `component`; `delayNs` < 0: the path's own
   * delay. A datagram is lost where the network loses it. Over a connection lost segments are sent again, and when the
   * process it is for is dead its machine says so: `onRefused` one trip later. An answer goes back on a connection that
   * `to` opened. Silence is silence: a node without power, a cut, say nothing.
   */
  send(
    component: number,
    from: number,
    to: number,
    code: number,
    value = 0,
    data = 0,
    delayNs = -1,
    wire: Wire = Wire.Datagram,
  ): void {
    const { rows, clock, nodes, events, network } = this.world;
    if (network.isCut && !network.passes(from, to)) return;
    const row = rows.take();
    const I = rows.I;
    const at = row * Stride.I;
    I[at + ICol.Kind] = Kind.Message;
    I[at + ICol.Node] = to;
    I[at + ICol.User] = from;
    I[at + ICol.Tag] = 0;
    I[at + ICol.Via] = Id.None;
    I[at + ICol.Site] = component;
    I[at + ICol.Pc] = code;
    I[at + ICol.Key] = value;
    this.identities.give(row, from);
    I[at + ICol.Flags] = wire;
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Span] = Id.None;
    rows.F[row * Stride.F + FCol.Data] = data;
    let delay = delayNs;
    if (delay < 0) {
      // An answer is the response of the path it came by.
      const back = wire >= Wire.Answer;
      const path = this.world.pathBetween(nodes.component[back ? to : from], nodes.component[back ? from : to]);
      if (wire === Wire.Datagram) {
        if (this.isLost(row, network.lossOn(path, from, to))) {
          rows.free(row);
          return;
        }
        network.travelDatagram(path, I[at + ICol.IdA], I[at + ICol.IdB], 0x70000001, from, to);
      } else network.travel(path, back, I[at + ICol.IdA], I[at + ICol.IdB], 0x70000001, from, to);
      delay = network.out[0];
    }
    rows.F[row * Stride.F + FCol.Time] = clock[0] + Math.round(delay);
    events.push(row);
  }

  private isLost(row: number, loss: number): boolean {
    const { rows, sampler } = this.world;
    if (loss === 0) return false;
    sampler.uniform(rows.I[row * Stride.I + ICol.IdA], rows.I[row * Stride.I + ICol.IdB], 0x70000000);
    return sampler.out[0] < loss;
  }

  /** A message is due. */
  deliver(row: number): void {
    const { rows, nodes, components, network } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    const from = I[at + ICol.User];
    const to = I[at + ICol.Node];
    const component = I[at + ICol.Site];
    const code = I[at + ICol.Pc];
    const value = I[at + ICol.Key];
    const wire = I[at + ICol.Flags];
    const data = rows.F[row * Stride.F + FCol.Data];
    rows.free(row);
    if (network.isCut && !network.passes(from, to)) return;
    if (nodes.accepts(to)) {
      const actor = components.actor[component]!;
      if (wire === Wire.Refusal) actor.onRefused(code, to, from, value, data);
      else actor.onMessage(code, from, to, value, data);
    } else if (wire === Wire.Connection && nodes.state[to] !== NodeState.Silent) {
      this.send(component, to, from, code, value, data, -1, Wire.Refusal);
    }
  }
}
