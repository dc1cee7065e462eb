/**
 * One router process: the map as it has last read it, how active each piece has been, and what it believes of its
 * targets. Routers share nothing but the store.
 */
import type { Actor } from '../../../engine/actor-instance.ts';
import { mixKey } from '../../../engine/key-table.ts';
import { ICol, Stride } from '../../../engine/rows.ts';
import type { ShardRouterSettings } from '../shard-router.settings.ts';
import { Health } from '../health.ts';
import { NOBODY, Targets } from '../targets.ts';
import type { Version } from './versions.ts';

export class Router {
  readonly targets: Targets;
  readonly health: Health;
  /** The map it goes by; null: it has begun anew and has not read any. */
  map: Version | null;
  /** When the read under way began, ns; -1: there is none. */
  readSince = -1;
  /** Requests of each piece since it last told. */
  readonly counts: Float64Array<ArrayBuffer>;
  /** Requests turned away because the instance that holds their shard is out, or no map is there. */
  homeless = 0;

  constructor(
    private readonly actor: Actor,
    readonly node: number,
    private readonly own: ShardRouterSettings,
    nodes: Int32Array,
    first: Version,
  ) {
    this.targets = new Targets(nodes, new Float64Array(nodes.length).fill(1), 0, actor.world.clock);
    this.health = new Health(actor, node, own, this.targets, () => {});
    this.counts = new Float64Array(own.pieces);
    this.map = first;
  }

  pieceOf(row: number): number {
    return (mixKey(this.actor.world.rows.I[row * Stride.I + ICol.Key]) >>> 0) % this.own.pieces;
  }

  /** Slot of the instance that holds a piece, NOBODY: it is out. Hot. */
  choose(piece: number): number {
    this.counts[piece]++;
    const slot = this.map === null ? NOBODY : this.map.owners[piece];
    if (slot === NOBODY || this.targets.isActive[slot] === 0) {
      this.homeless++;
      return NOBODY;
    }
    this.targets.take(slot);
    return slot;
  }

  /** The process is gone, with its map. */
  onCrash(): void {
    this.map = null;
    this.readSince = -1;
    this.counts.fill(0);
    this.targets.forget();
    this.health.onCrash();
  }

  resetFigures(): void {
    this.homeless = 0;
    this.targets.passed.fill(0);
    this.health.resetFigures();
  }

  violation(): string {
    return this.targets.violation(this.actor.kernel.frames.ways.through(this.node));
  }
}
