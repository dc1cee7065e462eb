/**
 * Work that actors begin and resume: rows that no caller sent, and rows that wait for their actor.
 */
import { Identities } from './identities.ts';
import { FCol, Flag, ICol, Id, Kind, Stride } from './rows.ts';
import type { World } from './world.ts';

export class Work {
  private readonly identities: Identities;

  constructor(private readonly world: World) {
    this.identities = new Identities(world, 'spawned');
  }

  /** Starts work at a node that nobody waits for (applying a log, filling a cache): runs operation `op`. */
  spawn(node: number, op: number, key: number, data: number, value = 0): number {
    const { rows, nodes, programs, operations } = this.world;
    const row = rows.take();
    const I = rows.I;
    const at = row * Stride.I;
    I[at + ICol.Node] = node;
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Flags] = 0;
    this.identities.give(row, node);
    I[at + ICol.Key] = key;
    I[at + ICol.User] = value;
    I[at + ICol.Op] = op;
    I[at + ICol.Tag] = 0;
    I[at + ICol.Attempt] = 0;
    I[at + ICol.Calling] = Id.None;
    I[at + ICol.Site] = Id.None;
    I[at + ICol.Via] = Id.None;
    I[at + ICol.Join] = 0;
    I[at + ICol.Span] = Id.None;
    rows.F[row * Stride.F + FCol.Data] = data;
    I[at + ICol.Pc] = programs[nodes.component[node] * operations.length + op];
    I[at + ICol.Kind] = Kind.Resume;
    if (nodes.loopCount[node] > 0) {
      I[at + ICol.Flags] = nodes.nextLoop(node) << Flag.ProcessShift;
    }
    this.world.ready.push(row);
    return row;
  }

  /**
   * A node gets work from the component `owner`, as if a request for operation `op` had come in (bits 16 and up: the
   * population it goes back to): it waits for a thread, counts as a request there, and `onDone` of the owner tells how
   * it ended. The identity is the work's own, so that it asks the same of whoever does it.
   */
  assign(owner: number, node: number, op: number, key: number, user: number, idA: number, idB: number): number {
    const { rows } = this.world;
    const row = rows.take();
    const I = rows.I;
    const at = row * Stride.I;
    I[at + ICol.Kind] = Kind.Arrive;
    I[at + ICol.Node] = node;
    I[at + ICol.Op] = op;
    I[at + ICol.Key] = key;
    I[at + ICol.User] = user;
    I[at + ICol.IdA] = idA;
    I[at + ICol.IdB] = idB;
    I[at + ICol.Flags] = Flag.Work;
    I[at + ICol.Site] = owner;
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Tag] = 0;
    I[at + ICol.Attempt] = 0;
    I[at + ICol.Calling] = Id.None;
    I[at + ICol.Via] = Id.None;
    I[at + ICol.Join] = 0;
    I[at + ICol.Span] = Id.None;
    rows.F[row * Stride.F + FCol.Data] = 0;
    this.world.ready.push(row);
    return row;
  }

  /** A row that an actor suspended goes on with the next instruction, in this instant. */
  resume(row: number): void {
    const I = this.world.rows.I;
    I[row * Stride.I + ICol.Pc]++;
    I[row * Stride.I + ICol.Kind] = Kind.Resume;
    this.world.ready.push(row);
  }
}
