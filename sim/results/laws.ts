/**
 * The laws every run keeps, checked at its end: conservation, Little's law exactly, utilisation at most 1, spans that
 * sum to the latency, and what each actor promises. A violation is a bug in Tenfold.
 */
import { InvariantError } from '../engine/errors.ts';
import type { Kernel } from '../engine/kernel.ts';
import { FCol, Flag, ICol, Kind, Stride } from '../engine/rows.ts';
import { occupancyViolation } from './occupancy.ts';

export function checkLaws(kernel: Kernel): void {
  const { world, outcomes } = kernel;
  if (outcomes.unbalanced > 0) broken(`${outcomes.unbalanced} requests have spans that do not sum to their latency`);
  for (const o of outcomes.operations) {
    if (o.inFlight < 0) broken(`operation ${o.name} ended more requests than it started`);
  }
  countRequests(kernel);
  const inside = unfinished(kernel);
  for (let c = 0; c < world.components.count; c++) checkComponent(kernel, c, inside[c]);
  for (let i = 0; i < world.stations.specs.length; i++) {
    const wrong = world.stations.violation(i);
    if (wrong !== '')
      broken(`station ${world.stations.specs[i].resource} of ${world.nodes.nameOf(world.stations.node[i])}: ${wrong}`);
  }
  const occupancy = occupancyViolation(kernel);
  if (occupancy !== '') broken(occupancy);
  for (const actor of world.actors) {
    const wrong = actor.violation();
    if (wrong !== '') broken(`${actor.name}: ${wrong}`);
  }
}

/** Requests in flight by the books must be the rows that are requests and wait. */
function countRequests(kernel: Kernel): void {
  const { rows, windowStartNs } = kernel.world;
  let rowsInFlight = 0;
  for (let row = rows.first; row < rows.end; row++) {
    const at = row * Stride.I;
    const kind = rows.I[at + ICol.Kind];
    if ((rows.I[at + ICol.Flags] & Flag.Request) === 0) continue;
    const waits = kind === Kind.WaitCall || kind === Kind.WaitJoin || kind === Kind.Backoff || kind === Kind.GrantPool;
    if (waits && rows.F[row * Stride.F + FCol.Start] >= windowStartNs) rowsInFlight++;
  }
  const books = kernel.outcomes.operations.reduce((sum, o) => sum + o.inFlight, 0);
  if (books !== rowsInFlight) broken(`${books} requests are in flight by the books, ${rowsInFlight} in fact`);
}

/** Counts the frames inside each component, and adds their time so far to the ledger. */
function unfinished(kernel: Kernel): Int32Array {
  const { rows, nodes, ledger, components } = kernel.world;
  const inside = new Int32Array(components.count);
  for (let row = rows.first; row < rows.end; row++) {
    const at = row * Stride.I;
    const kind = rows.I[at + ICol.Kind];
    if (kind === Kind.Free || kind === Kind.Dead || (rows.I[at + ICol.Flags] & Flag.Inside) === 0) continue;
    const c = nodes.component[rows.I[at + ICol.Node]];
    inside[c]++;
    ledger.addUnfinished(c, rows.F[row * Stride.F + FCol.Start]);
  }
  return inside;
}

function checkComponent(kernel: Kernel, c: number, inside: number): void {
  const { ledger, components } = kernel.world;
  const name = components.name[c];
  if (ledger.inside(c) !== inside)
    broken(`${ledger.inside(c)} requests are inside ${name} by the books, ${inside} in fact`);
  const { area, sum } = ledger.little(c);
  if (area[0] !== sum[0] || area[1] !== sum[1]) {
    broken(
      `Little's law at ${name}: ∫N dt is ${area.join('·2^52 + ')} ns, the sojourns sum to ${sum.join('·2^52 + ')} ns`,
    );
  }
}

function broken(what: string): never {
  throw new InvariantError(what);
}
