/**
 * Burials: the rows at a process that died are freed, and their callers told. Cold: a crash looks at every row of the pool.
 */
import type { Holdings } from './holdings.ts';
import { type Death, type Notices, sortByIdentity } from './notices.ts';
import { FCol, Flag, ICol, Id, Kind, Stride } from './rows.ts';
import type { World } from './world.ts';

export class Burials {
  constructor(
    private readonly world: World,
    private readonly holdings: Holdings,
    private readonly notices: Notices,
  ) {}

  /** Everything of the node's process is gone. */
  clear(node: number, how: Death): void {
    const { nodes, machines, stations, rows } = this.world;
    const machine = nodes.machine[node];
    const victims: number[] = [];
    for (let row = rows.first; row < rows.end; row++) if (this.isAt(row, node)) victims.push(row);
    sortByIdentity(rows, victims);
    rows.reserve(victims.length * 2 + 256);
    if (machines.isShared[machine] === 1) machines.evict(machine, node, () => {});
    else for (const row of victims) if (rows.I[row * Stride.I + ICol.Kind] === Kind.CpuDone) machines.finish(machine);
    for (const station of nodes.allStations(node)) stations.clear(station);
    machines.useMemory(machine, -nodes.base[node]);
    const due = this.world.ready.waiting();
    for (const row of victims) this.bury(row, node, how, due);
  }

  /** Is the row a frame at this node, in whatever state? Messages under way are not. */
  private isAt(row: number, node: number): boolean {
    const I = this.world.rows.I;
    const at = row * Stride.I;
    if (I[at + ICol.Node] !== node || (I[at + ICol.Flags] & Flag.Request) !== 0) return false;
    const kind = I[at + ICol.Kind];
    return (
      kind === Kind.CpuDone ||
      kind === Kind.DelayDone ||
      kind === Kind.Backoff ||
      kind === Kind.Resume ||
      (kind >= Kind.GrantIntake && kind <= Kind.WaitActor)
    );
  }

  private bury(row: number, node: number, how: Death, due: ReadonlySet<number>): void {
    const { rows, nodes, ledger, components, spans, machines } = this.world;
    const I = rows.I;
    const at = row * Stride.I;
    const component = nodes.component[node];
    const kind = I[at + ICol.Kind];
    if (kind === Kind.WaitActor) components.actor[component]?.onRowGone(row);
    if ((I[at + ICol.Flags] & Flag.Inside) !== 0) {
      ledger.kill(component, rows.F, row * Stride.F + FCol.Start);
      nodes.enter(node, -1);
      this.holdings.dropConnection(node);
      // The row may be used again for an event that sets no flags.
      I[at + ICol.Flags] &= ~Flag.Inside;
    }
    if ((I[at + ICol.Flags] & Flag.OwnSpan) !== 0) spans.drop(row);
    const awaited = I[at + ICol.Parent] !== Id.None || I[at + ICol.Via] !== Id.None;
    if (awaited && (I[at + ICol.Flags] & Flag.Branch) === 0) this.tell(row, how);
    spans.strand(row);
    // A row that is linked in the event list, or due in this instant, is freed when it comes up.
    const linked =
      kind === Kind.DelayDone ||
      kind === Kind.Backoff ||
      (kind === Kind.CpuDone && machines.isShared[nodes.machine[node]] === 0);
    if (!linked && !due.has(row)) {
      rows.free(row);
      return;
    }
    I[at + ICol.Kind] = Kind.Dead;
    I[at + ICol.Gen]++;
    I[at + ICol.Span] = Id.None;
    I[at + ICol.Parent] = Id.None;
    I[at + ICol.Node] = Id.None;
  }

  /** The caller of a killed frame gets a reset; of a silent one nothing, except that a router gives up in the end. */
  private tell(row: number, how: Death): void {
    const { I } = this.world.rows;
    const at = row * Stride.I;
    if (how === 'power' && I[at + ICol.Via] === Id.None) return;
    this.notices.send(row, I[at + ICol.Node], I[at + ICol.Via], how);
  }
}
