/**
 * `database`: keys that are read and written. One node, or shards of a primary with replicas that follow its log, with
 * failover by election or by a monitor; or leaderless copies with quorums. What is acknowledged is tracked: who holds
 * it, which reads miss it, which faults lose it.
 *
 * Synchronous replication waits for every replica that follows: one that is down blocks writes until it is back or the
 * caller gives up. After a failover those count that have answered the new primary.
 */
import type { ActorType } from '../../compile/actor-type.ts';
import type { ComponentDraft } from '../../compile/components.ts';
import { Actor, type Readings } from '../../engine/actor-instance.ts';
import { HashRing, PLACES_PER_MEMBER } from '../../engine/hash-ring.ts';
import { ICol, Stride } from '../../engine/rows.ts';
import type { ComponentSettings } from '../../scenario/settings.ts';
import { check, nodes, settings, type DatabaseSettings } from './database.settings.ts';
import { type Compiled, compileDatabase, copiesOf } from './database/programs.ts';
import { Leaderless } from './database/leaderless.ts';
import { MultiPrimary } from './database/multi-primary.ts';
import { Replicated } from './database/replicated.ts';

/** Places on the ring of shards: beyond a thousand shards each has fewer, to bound the time it takes to make it. */
const MOST_PLACES = 200_000;

export const database: ActorType<DatabaseSettings> & { nodes: typeof nodes } = {
  type: 'database',
  summary: 'Keys on disk: one node, a primary with replicas, shards, or leaderless copies with quorums.',
  picture: 'drum',
  settings,
  nodes,
  check,
  serves: ['read', 'write'],
  references: () => [],
  metrics: {
    reads: 'count',
    writes: 'count',
    staleReads: 'count',
    ownWritesSeen: 'count',
    ownWritesMissed: 'count',
    acknowledgedWritesLost: 'count',
    replicationLagMs: 'ms',
    replicationLagMaxMs: 'ms',
    promotions: 'count',
    elections: 'count',
    conflictsSplitBrain: 'count',
    conflicts: 'count',
    writesDiscarded: 'count',
    siblingsMax: 'count',
    divergentKeys: 'count',
  },
  create(component, builder) {
    const draft = builder.component(component.name);
    return new Database(component, draft, compileDatabase(component, builder, draft));
  },
};

/** How a database does what it does: with leaders, or without. */
export interface Regime {
  /** Node for a call of the row, which belongs to the shard. */
  route(row: number, shard: number, site: number): number;
  step(row: number, act: number): number;
  onTimer(code: number, node: number, value: number, data: number): void;
  onMessage(code: number, from: number, to: number, value: number, data: number): void;
  onCrash(node: number, how: 'kill' | 'power' | 'pause'): void;
  onRestart(node: number): void;
  onRowGone(row: number): void;
  resetFigures(): void;
  figures(): Record<string, number>;
  readings(): Readings;
  role(node: number): string;
  violation(): string;
}

class Database extends Actor {
  private regime!: Regime;
  private ring: HashRing | null = null;

  constructor(
    private readonly settings: ComponentSettings<DatabaseSettings>,
    draft: ComponentDraft,
    private readonly compiled: Compiled,
  ) {
    super(draft.name, draft.id, draft.firstNode, copiesOf(settings.own) * settings.own.shards);
  }

  override start(): void {
    const { own } = this.settings;
    if (own.shards > 1) {
      // Named by shard, so that replicas move no keys.
      const names = Array.from({ length: own.shards }, (_, i) => `${this.name}/shard#${i + 1}`);
      this.ring = new HashRing(names, Math.max(8, Math.min(PLACES_PER_MEMBER, Math.floor(MOST_PLACES / own.shards))));
    }
    const place = { kernel: this.kernel, world: this.world, component: this.component, firstNode: this.firstNode };
    if (own.multiPrimary !== undefined)
      this.regime = new MultiPrimary(place, own.multiPrimary, own.shards, this.compiled);
    else if (own.quorum !== null) this.regime = new Leaderless(place, own.quorum, this.compiled);
    else this.regime = new Replicated(place, own, this.compiled, this.ring);
  }

  override route(row: number, site: number): number {
    const shard = this.ring === null ? 0 : this.ring.ownerOf(this.world.rows.I[row * Stride.I + ICol.Key]);
    return this.regime.route(row, shard, site);
  }

  override step(row: number, act: number): number {
    return this.regime.step(row, act);
  }

  override onTimer(code: number, node: number, value: number, data: number): void {
    this.regime.onTimer(code, node, value, data);
  }

  override onMessage(code: number, from: number, to: number, value: number, data: number): void {
    this.regime.onMessage(code, from, to, value, data);
  }

  override onCrash(node: number, how: 'kill' | 'power' | 'pause'): void {
    this.regime.onCrash(node, how);
  }

  override onRestart(node: number): void {
    this.regime.onRestart(node);
  }

  override onRowGone(row: number): void {
    this.regime.onRowGone(row);
  }

  override resetFigures(): void {
    this.regime.resetFigures();
  }

  override figures(): Record<string, number> {
    return this.regime.figures();
  }

  override readings(): Readings {
    return this.regime.readings();
  }

  override role(node: number): string {
    return this.regime.role(node);
  }

  override violation(): string {
    return this.regime.violation();
  }
}
