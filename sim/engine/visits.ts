/**
 * Visits of which it is known when they come when they will be over, so that the core may book all that they come to then (see
 * core/visits.ts): each takes one of so many tokens, in order, for a constant time, and nobody else computes on the machine.
 */
import { Code, Verb } from './code.ts';
import { holdsNothingScarce } from './holdings.ts';
import type { Owner } from './lookups.ts';
import { Component, Visits } from './records.ts';
import { Id } from './rows.ts';
import type { World } from './world.ts';

/** The most tokens of a station: each may need a row that stands in for its visits, all in one event. */
const MOST_TOKENS = 128;

/**
 * Lets the core book visits to the nodes of a component; not where one may take longer than another, may come or go on without delay, or
 * shares its machine.
 *
 * @param where visits take their token: `Visits.Loop`, or `Visits.Local` and the number of a local station
 * @param isAsked may somebody ask for the operation?
 */
export function letCoreBookVisits(
  world: World,
  owner: Owner,
  where: number,
  isAsked: (operation: number) => boolean,
): void {
  const { memory, nodes, stations, components } = world;
  const { component, firstNode, nodeCount } = owner;
  if (!takesConstantTime(world, component, where, isAsked) || !isFarAway(world, component)) return;
  if (!hasMachinesForItself(world, owner)) return;
  const own = Array.from({ length: nodeCount }, (_, i) => firstNode + i);
  const tokens = own.map((node) =>
    where === Visits.Loop ? nodes.loops[node] : nodes.station(node, where - Visits.Local),
  );
  if (!own.every((node) => holdsNothingScarce(world, node) && nodes.loopLimit[node] === Infinity)) return;
  if (!tokens.every((station) => stations.limit[station] === Infinity && stations.capacity(station) <= MOST_TOKENS))
    return;
  for (const station of tokens) stations.bookAhead(station, memory);
  components.records[component * Component.I + Component.Visits] = where;
}

/** Does every operation begin with the same constant step on the CPU, after which the actor acts? */
function takesConstantTime(
  { code, programs, operations, sampler }: World,
  component: number,
  where: number,
  isAsked: (operation: number) => boolean,
): boolean {
  const first = component * operations.length;
  const times = new Set<number>();
  for (let operation = 0; operation < operations.length; operation++) {
    const pc = programs[first + operation];
    if (pc === Id.None || !isAsked(operation)) continue;
    const step = where === Visits.Loop ? pc : pc + 1;
    const verbs = [0, 1, 2, 3].map((i) => code[(pc + i) * Code.Width]);
    const wanted = where === Visits.Loop ? [Verb.Cpu, Verb.Actor] : [Verb.Seize, Verb.Cpu, Verb.Release, Verb.Actor];
    if (wanted.some((verb, i) => verbs[i] !== verb)) return false;
    const time = code[step * Code.Width + 1];
    if (!sampler.isConstant(time)) return false;
    times.add(sampler.constant(time));
  }
  return times.size === 1 && !times.has(0);
}

/** Does every message to and from it take some time, and always the same? */
function isFarAway({ network }: World, component: number): boolean {
  return network.alwaysTakesTime(({ from, to }) => to === component || from === component);
}

/** Is on its machines nobody but its nodes, one on each, who contend for no core? */
function hasMachinesForItself({ machines, nodes }: World, { firstNode, nodeCount }: Owner): boolean {
  const own = new Set(nodes.machine.subarray(firstNode, firstNode + nodeCount));
  if ([...own].some((machine) => machines.isShared[machine] === 1)) return false;
  return nodes.machine.filter((machine) => own.has(machine)).length === nodeCount && own.size === nodeCount;
}
