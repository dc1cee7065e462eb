/**
 * One filler per key: who of those that miss may fill, who waits, and who is next when nothing comes.
 *
 * Waiting rows are not on the event loop of the node; they only keep a connection.
 */
import type { Actor } from '../../../engine/actor-instance.ts';
import { FCol, Flag, ICol, Id, Status, Stride } from '../../../engine/rows.ts';
import { Leases } from './leases.ts';

/** Code of the one timer: a lease with a line behind it is over. */
const LEASE_OVER = 1;

export class Coalescing {
  private readonly leases: Leases[];

  /**
   * @param cache whose nodes these are
   * @param leaseNs how long a filler may take before another one gets the chance
   * @param waitCell span cell of the wait for somebody else's fill
   */
  constructor(
    private readonly cache: Actor,
    leaseNs: number,
    private readonly waitCell: number,
  ) {
    const { rows, clock } = cache.world;
    this.leases = Array.from({ length: cache.nodeCount }, () => new Leases(rows, clock, leaseNs));
  }

  /** A miss. True: somebody fills the key already, and the row waits for it. */
  waits(node: number, row: number): boolean {
    const { rows, clock, spans } = this.cache.world;
    const leases = this.at(node);
    const key = rows.I[row * Stride.I + ICol.Key];
    let lease = leases.find(key);
    if (lease === Id.None || leases.isOpenTo(lease, row)) {
      if (lease === Id.None) lease = leases.open(key);
      this.grant(node, lease, row);
      return false;
    }
    const first = !leases.isContended(lease);
    leases.wait(lease, row);
    rows.F[row * Stride.F + FCol.Mark] = clock[0];
    spans.enter(row, this.waitCell);
    if (first) this.watch(node, lease);
    return true;
  }

  /** Is what the row brings refused, because its key was deleted since it got the lease? */
  refuses(node: number, row: number): boolean {
    return this.at(node).refuses(row);
  }

  /** The key is stored: wakes the next of those who waited for it, and returns it. After Id.None the lease is over. */
  served(node: number, key: number): number {
    const leases = this.at(node);
    const lease = leases.find(key);
    if (lease === Id.None) return Id.None;
    const row = leases.shift(lease);
    if (row === Id.None) leases.close(lease);
    else this.wake(row, Status.Ok);
    return row;
  }

  deleted(node: number, key: number): void {
    const leases = this.at(node);
    const lease = leases.find(key);
    if (lease === Id.None) return;
    leases.revoke(lease);
    this.handOver(node, lease);
  }

  /** The time of a lease is over. What its holder brings late is still welcome. */
  expired(node: number, lease: number, serial: number): void {
    const leases = this.at(node);
    if (leases.serial[lease] === serial && leases.isContended(lease)) this.handOver(node, lease);
  }

  /** A row that waited is gone. */
  gone(row: number): void {
    this.at(this.cache.world.rows.I[row * Stride.I + ICol.Node]).leave(row);
  }

  /** The node is gone, and with it who waited there. */
  clear(node: number): void {
    this.at(node).clear();
  }

  private at(node: number): Leases {
    return this.leases[node - this.cache.firstNode];
  }

  private grant(node: number, lease: number, row: number): void {
    const leases = this.at(node);
    leases.grant(lease, row);
    if (leases.isContended(lease)) this.watch(node, lease);
  }

  /** Sets the timer of a lease that others wait for. Without them nobody needs to know when it ends. */
  private watch(node: number, lease: number): void {
    const leases = this.at(node);
    const left = Math.max(0, leases.until[lease] - this.cache.world.clock[0]);
    this.cache.kernel.timer(this.cache.component, node, LEASE_OVER, left, lease, leases.serial[lease]);
  }

  /** The lease goes to the next in line whose caller still waits, or ends. */
  private handOver(node: number, lease: number): void {
    const leases = this.at(node);
    for (;;) {
      const row = leases.shift(lease);
      if (row === Id.None) {
        leases.close(lease);
        return;
      }
      this.cache.world.rows.F[row * Stride.F + FCol.Data] = 0;
      // A client that gave up closed its connection, so the lease is not wasted on it.
      const chosen = this.isAwaited(row);
      if (chosen) this.grant(node, lease, row);
      this.wake(row, Status.Miss);
      if (chosen) return;
    }
  }

  private isAwaited(row: number): boolean {
    const I = this.cache.world.rows.I;
    const at = row * Stride.I;
    const parent = I[at + ICol.Parent];
    if (parent === Id.None) return false;
    const caller = parent * Stride.I;
    return I[caller + ICol.Gen] === I[at + ICol.ParentGen] && I[caller + ICol.Attempt] === I[at + ICol.Tag];
  }

  private wake(row: number, status: Status): void {
    const { rows, clock, ledger } = this.cache.world;
    const flags = row * Stride.I + ICol.Flags;
    ledger.addWait(this.cache.component, clock[0] - rows.F[row * Stride.F + FCol.Mark]);
    rows.I[flags] = (rows.I[flags] & ~Flag.StatusMask) | status;
    this.cache.kernel.resume(row);
  }
}
