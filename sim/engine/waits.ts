/**
 * Rows that wait for a token of a station, until they get it or their patience is over.
 */
import type { Sampler } from '../random/sampler.ts';
import type { Answers } from './answers.ts';
import type { FutureEvents } from './event-list.ts';
import { FCol, Stride, ICol, Kind, Id, Status, type Rows } from './rows.ts';
import type { Spans } from './spans.ts';
import type { Stations } from './stations.ts';
import type { World } from './world.ts';

export class Waits {
  private readonly rows: Rows;
  private readonly events: FutureEvents;
  private readonly stations: Stations;
  private readonly spans: Spans;
  private readonly sampler: Sampler;
  private readonly clock: Float64Array;

  constructor(
    world: World,
    private readonly answers: Answers,
  ) {
    this.rows = world.rows;
    this.events = world.events;
    this.stations = world.stations;
    this.spans = world.spans;
    this.sampler = world.sampler;
    this.clock = world.clock;
  }

  /** Queues the row for a token; it goes on as `kind` when it gets one. */
  wait(row: number, station: number, kind: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    I[at + ICol.Kind] = kind;
    this.rows.F[row * Stride.F + FCol.Mark] = this.clock[0];
    this.spans.enter(row, this.stations.waitCell[station]);
    this.stations.enqueue(station, row);
    const patience = this.stations.patience[station];
    if (patience !== Id.None) this.watchPatience(row, station, patience);
  }

  /** The row waits only so long. */
  watchPatience(row: number, station: number, patience: number): void {
    const timer = this.rows.take();
    const I = this.rows.I;
    const from = row * Stride.I;
    const at = timer * Stride.I;
    this.sampler.sample(patience, I[from + ICol.IdA], I[from + ICol.IdB], 0x30000000);
    I[at + ICol.Kind] = Kind.Patience;
    I[at + ICol.Node] = I[from + ICol.Node];
    I[at + ICol.IdA] = I[from + ICol.IdA];
    I[at + ICol.IdB] = I[from + ICol.IdB];
    I[at + ICol.Parent] = row;
    I[at + ICol.ParentGen] = I[from + ICol.Gen];
    I[at + ICol.Key] = station;
    I[at + ICol.Tag] = 0;
    this.rows.F[timer * Stride.F + FCol.Data] = this.clock[0];
    this.rows.F[timer * Stride.F + FCol.Time] = this.clock[0] + Math.round(this.sampler.out[0]);
    this.events.push(timer);
  }

  /** The patience of a waiting row is over. */
  outOfPatience(timer: number): void {
    const I = this.rows.I;
    const at = timer * Stride.I;
    const row = I[at + ICol.Parent];
    const station = I[at + ICol.Key];
    const kind = I[row * Stride.I + ICol.Kind];
    const F = this.rows.F;
    // The same wait: a row may wait for an event loop many times.
    const same =
      I[row * Stride.I + ICol.Gen] === I[at + ICol.ParentGen] &&
      (kind === Kind.GrantIntake || kind === Kind.GrantLoop) &&
      F[row * Stride.F + FCol.Mark] === F[timer * Stride.F + FCol.Data];
    this.rows.free(timer);
    if (!same || !this.stations.isQueued(row)) return;
    this.stations.remove(station, row);
    this.answers.finish(row, Status.Rejected);
  }
}
