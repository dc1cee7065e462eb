/**
 * Steps on a CPU: an event loop first, where the node has some, then cores of the machine.
 */
import type { Sampler } from '../random/sampler.ts';
import { Code } from './code.ts';
import type { Holdings } from './holdings.ts';
import type { Ledger } from './ledger.ts';
import type { Machines } from './machines.ts';
import type { Nodes } from './nodes.ts';
import { FCol, Stride, Flag, ICol, Kind, type Rows } from './rows.ts';
import type { Spans } from './spans.ts';
import type { Stations } from './stations.ts';
import type { Waits } from './waits.ts';
import type { World } from './world.ts';

export class Cpu {
  private readonly rows: Rows;
  private readonly stations: Stations;
  private readonly machines: Machines;
  private readonly nodes: Nodes;
  private readonly spans: Spans;
  private readonly ledger: Ledger;
  private readonly sampler: Sampler;
  private readonly clock: Float64Array;
  private readonly code: Int32Array;

  constructor(
    private readonly world: World,
    private readonly holdings: Holdings,
    private readonly waits: Waits,
  ) {
    this.rows = world.rows;
    this.stations = world.stations;
    this.machines = world.machines;
    this.nodes = world.nodes;
    this.spans = world.spans;
    this.ledger = world.ledger;
    this.sampler = world.sampler;
    this.clock = world.clock;
    this.code = world.code;
  }

  /** The row needs CPU time. */
  start(row: number, distribution: number): void {
    const I = this.rows.I;
    const at = row * Stride.I;
    const node = I[at + ICol.Node];
    this.sampler.sample(distribution, I[at + ICol.IdA], I[at + ICol.IdB], this.code[I[at + ICol.Pc] * Code.Width + 3]);
    this.rows.F[row * Stride.F + FCol.Work] = this.sampler.out[0];
    if (this.nodes.loopCount[node] > 0) {
      const station = this.loopOf(row, node);
      if (!this.stations.acquire(station)) {
        this.waits.wait(row, station, Kind.GrantLoop);
        return;
      }
    }
    this.run(row, this.nodes.component[node]);
  }

  /** Hands the row to the machine. */
  run(row: number, component: number): void {
    const F = this.rows.F;
    const at = row * Stride.F;
    F[at + FCol.Demand] = F[at + FCol.Work];
    F[at + FCol.Mark] = this.clock[0];
    this.spans.enter(row, this.world.components.cpuCell[component]);
    this.machines.run(this.nodes.machine[this.rows.I[row * Stride.I + ICol.Node]], row);
  }

  /** A CPU step is done. */
  done(row: number): void {
    const I = this.rows.I;
    const F = this.rows.F;
    const at = row * Stride.I;
    const node = I[at + ICol.Node];
    const machine = this.nodes.machine[node];
    const component = this.nodes.component[node];
    const elapsed = this.clock[0] - F[row * Stride.F + FCol.Mark];
    let service = elapsed;
    if (this.machines.isShared[machine] === 0) this.machines.finish(machine);
    else {
      const wanted = Math.round(F[row * Stride.F + FCol.Demand] / this.machines.speed(machine));
      if (wanted < elapsed) service = wanted;
      this.spans.split(row, service, this.world.components.cpuWaitCell[component]);
      this.ledger.addWait(component, elapsed - service);
    }
    this.ledger.addService(component, service);
    if (this.nodes.loopCount[node] > 0) this.holdings.release(this.loopOf(row, node));
  }

  private loopOf(row: number, node: number): number {
    return (
      this.nodes.loops[node] + ((this.rows.I[row * Stride.I + ICol.Flags] & Flag.ProcessMask) >> Flag.ProcessShift)
    );
  }
}
