/**
 * Populations: who sends requests. Closed ones are users who think, ask and wait; open ones arrive whatever happens.
 *
 * What a user asks for, with which key, how long it thinks: pure functions of (seed, population, user, request), so
 * two architectures meet the same users.
 */
import type { KeyPopularity } from '../random/zipf.ts';
import { derive } from '../random/counter.ts';
import type { Calls, RequestEnds } from '../engine/calls.ts';
import type { Fingerprint } from '../engine/fingerprint.ts';
import { FCol, Stride, Flag, ICol, Kind, Id, Status } from '../engine/rows.ts';
import { identityKey } from '../random/keys.ts';
import { Route, type World } from '../engine/world.ts';
import { Outcome, type Outcomes } from './outcomes.ts';
import { Journeys, type JourneySpec } from './journeys.ts';
import type { LiveUsers } from './live/live-users.ts';
import type { LoadShape } from './load-shape.ts';

/** Steps of a request's identity from which its choices are drawn. */
const enum Draw {
  Operation = 0x60000001,
  Think = 0x60000002,
  Key = 0x60000003,
  Gap = 0x60000004,
  OwnKey = 0x60000005,
  Residual = 0x60000010,
}

export interface PopulationSpec {
  name: string;
  component: number;
  node: number;
  /** Closed: how many users; 0: open. */
  users: number;
  /** Distribution of the think time. */
  think: number;
  /** Open: distribution of the gap between arrivals, or Id.None when paced. */
  gap: number;
  /** Arrivals per second, at factor 1. */
  ratePerSecond: number;
  poisson: boolean;
  batch: number;
  shape: LoadShape;
  /** Cumulative weights, and per operation its call site and its place in the outcomes. */
  weights: number[];
  sites: number[];
  outcomes: number[];
  operations: number[];
  keys: KeyPopularity | null;
  /** Keys of each user's own; 0: they share theirs. */
  ownKeys: number;
  /** Null: they stay where they are. */
  travel: JourneySpec | null;
  priority: number;
  identity: [number, number];
}

export class Population {
  private readonly pair = new Int32Array(2);
  /** What its users do, when they hold live connections. */
  live: LiveUsers | null = null;
  /** Where its users are, when they travel. */
  readonly journeys: Journeys | null;

  constructor(
    readonly index: number,
    readonly spec: PopulationSpec,
    private readonly world: World,
  ) {
    const { travel, node, users, name } = spec;
    const identity = identityKey(world.seed, name, 'journeys');
    this.journeys = travel === null ? null : new Journeys(world, travel, node, users, identity);
  }

  /** Time zero: users begin in equilibrium, with the rest of a think time; an open source draws its first gap. */
  start(): void {
    if (this.live !== null) return;
    const { rows } = this.world;
    const spec = this.spec;
    for (let user = 0; user < spec.users; user++) {
      rows.reserve(64);
      const row = this.newRequest(user);
      this.residual(row, user);
      this.world.events.push(row);
    }
    if (spec.users === 0) {
      const source = this.newRequest(0);
      rows.I[source * Stride.I + ICol.Kind] = Kind.Source;
      this.scheduleSource(source, 0);
    }
  }

  /** The node at which a request of the user comes in, where that depends on nothing else: see first-hop.ts. */
  doorOf(user: number): number {
    const { sites, components } = this.world;
    const target = sites.target[this.spec.sites[0]];
    if (components.route[target] === Route.Single) return components.firstNode[target];
    return components.actor[target]!.doorOf(this.spec.node, user);
  }

  /**
   * One of the user's own keys. Ranks of shared keys are not negative; the own keys of a population are a range of what is
   * left, which begins at a number that is the population's.
   */
  ownKey(user: number, a: number, b: number): number {
    const { ownKeys, identity } = this.spec;
    let pick = 0;
    if (ownKeys > 1) {
      this.world.sampler.uniform(a, b, Draw.OwnKey);
      pick = Math.floor(this.world.sampler.out[0] * ownKeys);
    }
    return (1 << 31) | ((identity[1] + user * ownKeys + pick) & 0x7fffffff);
  }

  /** The key a request or a call asks for: a rank, 0 the most popular. */
  keyFor(a: number, b: number): number {
    return this.spec.keys === null ? a & 0x7fffffff : this.spec.keys.pick(a, b, Draw.Key);
  }

  /** Which of its operations a request asks for. */
  choose(row: number): number {
    const { I } = this.world.rows;
    const { weights } = this.spec;
    if (weights.length === 1) return 0;
    this.world.sampler.uniform(I[row * Stride.I + ICol.IdA], I[row * Stride.I + ICol.IdB], Draw.Operation);
    const u = this.world.sampler.out[0];
    let choice = 0;
    while (choice < weights.length - 1 && u >= weights[choice]) choice++;
    return choice;
  }

  newRequest(number: number): number {
    const { rows } = this.world;
    const row = rows.take();
    const I = rows.I;
    const at = row * Stride.I;
    derive(this.spec.identity[0], this.spec.identity[1], number, Math.floor(number / 4294967296), this.pair);
    I[at + ICol.Kind] = Kind.Begin;
    I[at + ICol.Node] = this.spec.node;
    I[at + ICol.Pc] = 0;
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Flags] = Flag.Request | Flag.OwnSpan | (this.spec.priority << Flag.PriorityShift);
    I[at + ICol.IdA] = this.pair[0];
    I[at + ICol.IdB] = this.pair[1];
    I[at + ICol.User] = number | 0;
    I[at + ICol.Attempt] = 0;
    I[at + ICol.Tag] = 0;
    I[at + ICol.Calling] = Id.None;
    I[at + ICol.Via] = Id.None;
    I[at + ICol.Site] = Id.None;
    I[at + ICol.Span] = Id.None;
    I[at + ICol.Join] = 0;
    I[at + ICol.Op] = this.index << 16;
    return row;
  }

  /** Residual think time: length-biased by resampling sixteen draws, times a uniform (renewal theory). */
  private residual(row: number, user: number): void {
    const { sampler, rows } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    const a = I[at + ICol.IdA];
    const b = I[at + ICol.IdB];
    if (sampler.isExponential(this.spec.think)) {
      sampler.sample(this.spec.think, a, b, Draw.Residual);
      rows.F[row * Stride.F + FCol.Time] = Math.round(sampler.out[0]);
      return;
    }
    let total = 0;
    let chosen = 0;
    for (let i = 0; i < 16; i++) {
      sampler.sample(this.spec.think, a, b, Draw.Residual + i);
      const draw = sampler.out[0];
      total += draw;
      sampler.uniform(a, b, Draw.Residual + 32 + i);
      if (total > 0 && sampler.out[0] * total < draw) chosen = draw;
      if (sampler.isConstant(this.spec.think)) break;
    }
    sampler.uniform(a, b, Draw.Residual + 64);
    I[at + ICol.User] = user;
    rows.F[row * Stride.F + FCol.Time] = Math.round(chosen * sampler.out[0]);
  }

  /** An open source comes up: it sends, and waits for its next turn. */
  source(source: number, begin: (row: number) => void): void {
    const { rows } = this.world;
    const F = rows.F;
    const counter = F[source * Stride.F + FCol.Data];
    if (this.accepts(source)) {
      for (let i = 0; i < this.spec.batch; i++) {
        const row = this.newRequest(counter + 1 + i);
        begin(row);
      }
      F[source * Stride.F + FCol.Data] = counter + this.spec.batch;
    }
    this.scheduleSource(source, this.world.clock[0]);
  }

  /** Poisson arrivals at a varying rate: thinning of a process at the highest rate (Lewis & Shedler 1979). */
  private accepts(source: number): boolean {
    const { shape, poisson } = this.spec;
    if (shape.isFlat || !poisson) return true;
    const I = this.world.rows.I;
    const at = source * Stride.I;
    this.world.sampler.uniform(I[at + ICol.IdA], I[at + ICol.IdB], Draw.Gap + 1 + I[at + ICol.Join] * 2);
    return this.world.sampler.out[0] * shape.highest < shape.factor(this.world.clock[0] - this.world.windowStartNs);
  }

  private scheduleSource(source: number, now: number): void {
    const { rows, events } = this.world;
    const next = this.nextTurn(source, now);
    if (next === Infinity) {
      rows.free(source);
      return;
    }
    rows.F[source * Stride.F + FCol.Time] = next;
    events.push(source);
  }

  /**
   * When the source has its next turn. Where load varies, a gap is over when the factor has summed up to it; with thinning,
   * gaps are those of the highest rate. Infinity: never, since nothing comes any more.
   */
  private nextTurn(source: number, now: number): number {
    const { rows, sampler, windowStartNs } = this.world;
    const I = rows.I;
    const at = source * Stride.I;
    const { gap, shape, poisson, batch, ratePerSecond } = this.spec;
    const turn = ++I[at + ICol.Join];
    if (gap === Id.None) {
      const evenly = (turn * 1e9 * batch) / ratePerSecond;
      // From time zero, not from the turn before: what is rounded does not add up.
      if (shape.isFlat) return Math.round(evenly);
      return Math.max(now, Math.round(windowStartNs + shape.after(-windowStartNs, evenly)));
    }
    sampler.sample(gap, I[at + ICol.IdA], I[at + ICol.IdB], Draw.Gap + turn * 2);
    if (shape.isFlat) return now + Math.round(sampler.out[0]);
    if (poisson) return now + Math.round(sampler.out[0] / shape.highest);
    return Math.max(now, Math.round(windowStartNs + shape.after(now - windowStartNs, sampler.out[0])));
  }
}

/** Starts and ends requests for all populations. */
export class Requests implements RequestEnds {
  /** The core is about to complete a request: for those who record. */
  completes(_row: number): void {}

  constructor(
    protected readonly world: World,
    private readonly calls: Calls,
    readonly outcomes: Outcomes,
    private readonly fingerprint: Fingerprint,
  ) {}

  begin(row: number): void {
    const { I } = this.world.rows;
    const at = row * Stride.I;
    const population = this.world.populations[I[at + ICol.Op] >> 16];
    if (population.live !== null) {
      population.live.due(row);
      return;
    }
    const choice = population.choose(row);
    this.send(row, choice, population.spec.sites[choice], population.keyFor(I[at + ICol.IdA], I[at + ICol.IdB]));
  }

  /** A request of its population's operation number `choice` goes out over a site. */
  send(row: number, choice: number, site: number, key: number): void {
    this.open(row, choice, site, key);
    this.calls.start(row, site);
  }

  /** All but the sending itself. */
  open(row: number, choice: number, site: number, key: number): void {
    const { rows, spans, sites } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    const population = this.world.populations[I[at + ICol.Op] >> 16];
    const spec = population.spec;
    I[at + ICol.Op] = (population.index << 16) | spec.operations[choice];
    I[at + ICol.Join] = choice;
    I[at + ICol.Key] =
      spec.ownKeys === 0 ? key : population.ownKey(I[at + ICol.User], I[at + ICol.IdA], I[at + ICol.IdB]);
    population.journeys?.settle(row);
    rows.F[row * Stride.F + FCol.Start] = this.world.clock[0];
    this.outcomes.begin(spec.outcomes[choice]);
    spans.begin(row, sites.thereCell[site]);
  }

  /** An answer that nobody awaits any more. */
  late(row: number): void {
    const { rows, populations } = this.world;
    const population = rows.I[row * Stride.I + ICol.Op] >> 16;
    populations[population]?.live?.halves.late(row);
  }

  attempted(_row: number): void {
    this.outcomes.attempts++;
  }

  succeeded(row: number): void {
    const { rows, spans, clock } = this.world;
    const F = rows.F;
    const at = row * Stride.F + FCol.Start;
    const offset = this.outcomes.band(F, at);
    const total = spans.settle(row, this.outcomes.bandCells, offset);
    if (total !== clock[0] - F[at]) this.outcomes.unbalanced++;
    this.end(row, Outcome.Completed, Status.Ok);
  }

  failed(row: number, status: number): void {
    const outcome =
      status === Status.Timeout
        ? Outcome.TimedOut
        : status === Status.Rejected || status === Status.Refused
          ? Outcome.Rejected
          : Outcome.Failed;
    const { rows, spans, clock } = this.world;
    const at = row * Stride.F + FCol.Start;
    const total = spans.settle(row, this.outcomes.bandCells, this.outcomes.failures(rows.F, at));
    if (total !== clock[0] - rows.F[at]) this.outcomes.unbalanced++;
    this.end(row, outcome, status);
  }

  private end(row: number, outcome: Outcome, status: number): void {
    const { rows, spans, clock } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    const population = this.world.populations[I[at + ICol.Op] >> 16];
    const spec = population.spec;
    this.outcomes.end(spec.outcomes[I[at + ICol.Join]], outcome, rows.F, row * Stride.F + FCol.Start);
    const high = Math.floor(clock[0] / 4294967296);
    this.fingerprint.fold(
      I[at + ICol.IdA],
      I[at + ICol.IdB],
      outcome,
      spans.digest(row),
      (clock[0] - high * 4294967296) | 0,
      high,
    );
    spans.drop(row);
    this.over(row, status);
  }

  /** A request has ended and is counted: its user goes on. */
  over(row: number, status: number): void {
    const { rows, populations } = this.world;
    const { live, spec } = populations[rows.I[row * Stride.I + ICol.Op] >> 16];
    if (live !== null) live.ended(row, status);
    else if (spec.users === 0) rows.free(row);
    else this.think(row, spec);
  }

  private think(row: number, spec: PopulationSpec): void {
    const { rows, sampler, clock } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    sampler.sample(spec.think, I[at + ICol.IdA], I[at + ICol.IdB], Draw.Think);
    derive(I[at + ICol.IdA], I[at + ICol.IdB], 0x7e57, 1, pair);
    I[at + ICol.IdA] = pair[0];
    I[at + ICol.IdB] = pair[1];
    I[at + ICol.Kind] = Kind.Begin;
    // Another request, of which nothing is drawn by what the user did before; and no late answer is for it.
    I[at + ICol.Attempt] = 0;
    I[at + ICol.Gen] = (I[at + ICol.Gen] + 1) | 0;
    const think = Math.round(sampler.out[0]);
    rows.F[row * Stride.F + FCol.Time] = clock[0] + think;
    if (think === 0) this.world.ready.push(row);
    else this.world.events.push(row);
  }
}

const pair = new Int32Array(2);
