/**
 * Users who travel: some of a closed population are in another place for a while, and home again. They stay who they are
 * (keys, session), but what they send begins where they are, and so do their look-ups of names.
 *
 * Where a user is matters only when it sends, so it is worked out then: no event marks a departure (users with live
 * connections, which a departure breaks, set a clock for it). When users leave and come back is a function of seed, population and user alone. At time zero journeys are in equilibrium.
 */
import { derive } from '../random/counter.ts';
import type { World } from '../engine/world.ts';
import { ICol, Stride } from '../engine/rows.ts';

export interface JourneySpec {
  /** Share of the users who ever travel. */
  share: number;
  /** Distributions of the time at home between two journeys, and of the time away. */
  home: number;
  away: number;
  /** Places to go to; their nodes follow that of the population's home. */
  destinations: number;
}

/** Steps of a journey's identity from which its choices are drawn. */
const enum Draw {
  Travels = 1,
  Begins = 2,
  Stay = 3,
  Destination = 4,
  Residual = 16,
}

/** Draws among which the length of a stay that is under way at time zero is chosen. */
const CANDIDATES = 16;

export class Journeys {
  /** Journeys begun, and requests sent from another place than home, since the end of the warm-up. */
  trips = 0;
  sentAway = 0;
  /** By user: until when it stays where it is, ns, where that is (0: home), and how many stays it has had. */
  private readonly untilNs: Float64Array;
  private readonly where: Uint8Array;
  private readonly stays: Int32Array;
  private readonly pair = new Int32Array(2);

  /**
   * @param home node of the population
   * @param identity what the draws of this population's journeys come from
   */
  constructor(
    private readonly world: World,
    private readonly spec: JourneySpec,
    private readonly home: number,
    users: number,
    private readonly identity: readonly [number, number],
  ) {
    this.untilNs = new Float64Array(users).fill(Infinity);
    this.where = new Uint8Array(users);
    this.stays = new Int32Array(users);
    for (let user = 0; user < users; user++) if (this.uniform(user, Draw.Travels) < spec.share) this.begin(user);
  }

  resetFigures(): void {
    this.trips = 0;
    this.sentAway = 0;
  }

  /** A user begins a request: from where it is by now. */
  settle(row: number): void {
    const { I } = this.world.rows;
    const user = I[row * Stride.I + ICol.User];
    I[row * Stride.I + ICol.Node] = this.nodeOf(user);
    if (this.where[user] > 0) this.sentAway++;
  }

  /** Node of the place where a user is by now. */
  nodeOf(user: number): number {
    while (this.world.clock[0] >= this.untilNs[user]) this.move(user);
    return this.home + this.where[user];
  }

  /** When a user moves on, ns; Infinity: never. */
  leavesNs(user: number): number {
    return this.untilNs[user];
  }

  private move(user: number): void {
    const isHome = this.where[user] === 0;
    this.stays[user]++;
    this.where[user] = isHome ? this.destination(user) : 0;
    if (isHome) this.trips++;
    this.untilNs[user] += Math.max(1, this.sample(isHome ? this.spec.away : this.spec.home, user, Draw.Stay));
  }

  private destination(user: number): number {
    const { destinations } = this.spec;
    return destinations === 1 ? 1 : 1 + Math.floor(this.uniform(user, Draw.Destination) * destinations);
  }

  /** Time zero: away or at home as often as the mean times say, and the rest of a stay to go. */
  private begin(user: number): void {
    const { home, away } = this.spec;
    const [atHome, abroad] = [this.world.sampler.mean(home), this.world.sampler.mean(away)];
    const isAway = this.uniform(user, Draw.Begins) * (atHome + abroad) < abroad;
    if (isAway) this.where[user] = this.destination(user);
    this.untilNs[user] = Math.max(1, this.residual(isAway ? away : home, user));
  }

  /** What is left of a stay that one comes upon: long ones are come upon more often (renewal theory). */
  private residual(distribution: number, user: number): number {
    let total = 0;
    let chosen = 0;
    for (let i = 0; i < CANDIDATES; i++) {
      const stay = this.sample(distribution, user, Draw.Residual + 2 * i);
      total += stay;
      if (total > 0 && this.uniform(user, Draw.Residual + 2 * i + 1) * total < stay) chosen = stay;
    }
    return Math.round(chosen * this.uniform(user, Draw.Residual + 2 * CANDIDATES));
  }

  private sample(distribution: number, user: number, draw: number): number {
    this.identify(user);
    this.world.sampler.sample(distribution, this.pair[0], this.pair[1], draw);
    return Math.round(this.world.sampler.out[0]);
  }

  private uniform(user: number, draw: number): number {
    this.identify(user);
    this.world.sampler.uniform(this.pair[0], this.pair[1], draw);
    return this.world.sampler.out[0];
  }

  private identify(user: number): void {
    derive(this.identity[0], this.identity[1], user, this.stays[user], this.pair);
  }
}
