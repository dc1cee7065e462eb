/** What the core must know of the populations: see `PopCol`. */
import type { Memory } from '../engine/memory.ts';
import { PopCol, PopF, PopFlag } from '../engine/records.ts';
import { Slot } from '../engine/slots.ts';
import type { KeyPopularity } from '../random/zipf.ts';
import type { World } from '../engine/world.ts';
import { firstHopOf } from './first-hop.ts';

/** Returns the longest first hop of requests that are begun when they arrive, ns; 0: there are none. */
export function writePopulations(world: World): number {
  const { memory, populations } = world;
  const table = memory.i32(Slot.Populations, populations.length * PopCol.Width);
  const doubles = new Float64Array(memory.buffer, table.byteOffset, table.length / 2);
  // Live users ask for more than they choose from: they connect, too.
  const choices = populations.flatMap(({ spec }) => spec.outcomes.map((outcome, i) => ({ outcome, spec, i })));
  const weights = memory.f64(Slot.ChoiceWeights, choices.length);
  const sites = memory.i32(Slot.ChoiceSites, choices.length);
  const outcomes = memory.i32(Slot.ChoiceOutcomes, choices.length);
  const operations = memory.i32(Slot.ChoiceOperations, choices.length);
  choices.forEach(({ outcome, spec, i }, at) => {
    weights[at] = spec.weights[i];
    sites[at] = spec.sites[i];
    outcomes[at] = outcome;
    operations[at] = spec.operations[i];
  });
  let first = 0;
  let longest = 0;
  populations.forEach(({ spec, live, journeys }, index) => {
    const at = index * PopCol.Width;
    const isHosted = live !== null || journeys !== null || spec.ownKeys > 0;
    const isSteady = !isHosted && spec.batch === 1 && spec.shape.isFlat;
    const isRowless = !isHosted && spec.users > 0;
    table[at + PopCol.Flags] =
      (isHosted ? PopFlag.Hosted : 0) | (isSteady ? PopFlag.Steady : 0) | (isRowless ? PopFlag.Rowless : 0);
    table[at + PopCol.Users] = spec.users;
    table[at + PopCol.Node] = spec.node;
    table[at + PopCol.Priority] = spec.priority;
    table[at + PopCol.IdA] = spec.identity[0];
    table[at + PopCol.IdB] = spec.identity[1];
    table[at + PopCol.Think] = spec.think;
    table[at + PopCol.Gap] = spec.gap;
    table[at + PopCol.Choices] = spec.weights.length;
    table[at + PopCol.FirstChoice] = first;
    doubles[at / 2 + PopF.Rate] = spec.ratePerSecond;
    doubles[at / 2 + PopF.FirstHop] = isRowless ? firstHopOf(world, spec) : 0;
    longest = Math.max(longest, doubles[at / 2 + PopF.FirstHop]);
    first += spec.outcomes.length;
    if (spec.keys !== null) writeKeys(memory, spec.keys, table, doubles, at);
  });
  return longest;
}

function writeKeys(memory: Memory, keys: KeyPopularity, table: Int32Array, doubles: Float64Array, at: number): void {
  doubles[at / 2 + PopF.Keys] = keys.count;
  if (keys.table === null) return;
  const { own, alias } = keys.table;
  const pairs = memory.room(own.length * 8);
  table[at + PopCol.Own] = pairs;
  const shares = new Float32Array(memory.buffer, pairs, own.length * 2);
  const aliases = new Uint32Array(memory.buffer, pairs, own.length * 2);
  for (let key = 0; key < own.length; key++) {
    shares[2 * key] = own[key];
    aliases[2 * key + 1] = alias[key];
  }
}
