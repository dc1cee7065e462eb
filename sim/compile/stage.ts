/**
 * A stage's settings → a kernel ready to run: declares every component, lets each actor compile itself, and freezes
 * what the builder collected into the world's tables.
 */
import type { ActorType } from './actor-type.ts';
import { Builder } from './builder.ts';
import { compilePopulations } from './populations.ts';
import { addStraightSites } from './straight.ts';
import { routedTo } from './targets.ts';
import { identityKey, Stream } from '../random/keys.ts';
import { compileWires } from './wires.ts';
import type { StageSettings } from '../scenario/settings.ts';
import { AcknowledgedWrites } from '../engine/acknowledged.ts';
import { Code, Verb } from '../engine/code.ts';
import { Core } from '../engine/core.ts';
import { EventList, type FutureEvents } from '../engine/event-list.ts';
import { Histograms } from '../engine/histograms.ts';
import { History } from '../engine/history.ts';
import { Kernel } from '../engine/kernel.ts';
import { Lanes } from '../engine/lanes.ts';
import { Ledger } from '../engine/ledger.ts';
import { Machines } from '../engine/machines.ts';
import { fill, Memory } from '../engine/memory.ts';
import { Network } from '../engine/network.ts';
import { Nodes } from '../engine/nodes.ts';
import { Places } from '../engine/places.ts';
import { ReadyQueue } from '../engine/ready.ts';
import { Id, Rows } from '../engine/rows.ts';
import { Sites } from '../engine/sites.ts';
import { Component, Toss } from '../engine/records.ts';
import { Cell, Num, Slot } from '../engine/slots.ts';
import { Spans } from '../engine/spans.ts';
import { Stations } from '../engine/stations.ts';
import { Wires } from '../engine/wires.ts';
import type { ComponentTable, World } from '../engine/world.ts';
import { OperationOutcomes, Outcomes, outcomeTables } from '../workload/outcomes.ts';
import { Population, Requests } from '../workload/population.ts';
import { Faults } from '../faults/faults.ts';
import { markRetimed } from '../faults/retimed.ts';

/** Rows in one pool: 8 million, a gigabyte. */
const MOST_ROWS = 1 << 23;
/** Rows that one event may take at most, beside fan-outs to whole groups. */
const RESERVE = 512;
/** What tells the draws of different paths apart is a number of so many bits, made of their names. */
const MOST_PLACES = 0xfffff;
/** Components up to which paths are found in a square table. */
const MOST_SQUARE = 1024;

export interface Compiled {
  kernel: Kernel;
  builder: Builder;
  faults: Faults;
}

/** What a recorder puts in the place of parts of the engine, to see what passes through them. */
export interface Parts {
  Network: typeof Network;
  Spans: typeof Spans;
  Requests: typeof Requests;
}

const PLAIN: Parts = { Network, Spans, Requests };

/** @param isCoreless leaves out the core: the same results from TypeScript alone, its oracle */
export function compileStage(
  stage: StageSettings,
  types: readonly ActorType[],
  { parts = PLAIN, isCoreless = false }: { parts?: Parts; isCoreless?: boolean } = {},
): Compiled {
  const builder = new Builder(stage);
  const kinds = new Map(types.map((t) => [t.type, t]));
  for (const client of stage.clients) builder.declare(client.name, 'clients', null);
  for (const component of stage.components) builder.declare(component.name, component.type, component);
  for (const component of inPlacementOrder(stage)) {
    const draft = builder.component(component.name);
    builder.assembler.beginComponent();
    const actor = kinds.get(component.type)!.create(component, builder);
    draft.actor = actor;
  }
  const plans = compilePopulations(builder);
  markRetimed(builder, stage.faults);
  const memory = Memory.take();
  const rows = rowsFor(stage, memory);
  const loop = isCoreless ? new EventList(rows) : new Core(memory);
  memory.cells[Cell.Recorded] = parts === PLAIN ? 0 : 1;
  memory.cells[Cell.IsCalm] = stage.faults.length === 0 ? 1 : 0;
  const world = assemble(builder, stage, { parts, memory, rows, events: loop });
  world.populations = plans.map(
    (spec, i) => new Population(i, { ...spec, identity: identityKey(stage.run.seed, spec.name, 'requests') }, world),
  );
  plans.forEach(({ live }, i) => (world.populations[i].live = live));
  const names = plans.flatMap((plan) => plan.names.map((name) => [plan.name, name]));
  const tables = outcomeTables(names.length, memory, world.histograms);
  const operations = names.map(([population, name], i) => new OperationOutcomes(population, name, tables, i));
  const outcomes = new Outcomes(operations, builder.cells.length, world.clock, world.endNs, memory);
  const faults = new Faults(stage.faults, world);
  const kernel = new Kernel(world, outcomes, RESERVE + 4 * widestEvent(builder), loop, parts.Requests);
  builder.components.forEach((c) => (kernel.outages.restartAfter[c.id] = c.restartNs));
  faults.start(kernel);
  return { kernel, builder, faults };
}

/** Most rows that one event can ask for: a fan-out to a whole group, a fork, a batch of arrivals. */
function widestEvent(builder: Builder): number {
  const { code } = builder.assembler;
  let widest = 1;
  for (const c of builder.components) widest = Math.max(widest, c.nodes);
  for (const client of builder.stage.clients) widest = Math.max(widest, client.arrivals?.batch ?? 1);
  for (let at = 0; at < code.length; at += Code.Width)
    if (code[at] === Verb.Fork) widest = Math.max(widest, code[at + 2]);
  return widest;
}

/** Components that stand on another one's machine come after it; otherwise by name. */
function inPlacementOrder(stage: StageSettings): StageSettings['components'] {
  const placed = new Set<string>();
  const order: StageSettings['components'] = [];
  const left = [...stage.components];
  while (left.length > 0) {
    const next = left.findIndex((c) => c.on === null || placed.has(c.on));
    if (next < 0) throw new Error('components stand on each other in a circle');
    const [component] = left.splice(next, 1);
    placed.add(component.name);
    order.push(component);
  }
  return order;
}

function rowsFor(stage: StageSettings, memory: Memory): Rows {
  const users = stage.clients.reduce((sum, c) => sum + (c.users ?? 0), 0);
  return new Rows(roundUp(Math.max(4096, users + (users >> 1) + 4096)), MOST_ROWS, memory);
}

/** What the tables are made of, beside the builder. */
interface Ground {
  parts: Parts;
  memory: Memory;
  rows: Rows;
  events: FutureEvents;
}

function assemble(builder: Builder, stage: StageSettings, { parts, memory, rows, events }: Ground): World {
  const clock = memory.numbers.subarray(Num.Clock, Num.Clock + 1);
  const sampler = builder.sampler;
  const names = builder.components.map((c) => c.name);
  const machines = new Machines(
    builder.machines.map((m) => ({ ...m, shared: m.tokens > m.cores || m.retimed })),
    rows,
    events,
    clock,
    memory,
  );
  const nodes = new Nodes(
    builder.nodes,
    builder.components.map((c) => c.firstNode),
    names,
    builder.components.map((c) => c.nodes),
    clock,
    memory,
  );
  builder.nodes.forEach((n, i) => {
    if (nodes.accepts(i)) machines.useMemory(n.machine, n.baseBytes);
  });
  const histograms = new Histograms(memory, memory);
  const records = memory.i32(Slot.Components, names.length * Component.I);
  const passedAhead = memory.i32(Slot.PassedAhead, names.length);
  const ledger = new Ledger(names.length, records, clock, memory.numbers, histograms, passedAhead);
  addStraightSites(builder);
  // Paths that only routed hops need are made on demand; the table must know them before it is frozen.
  for (const a of builder.components)
    if (a.type !== 'clients') for (const b of routedTo(builder, a)) builder.path(a.id, b);
  const places = builder.paths.map(({ from, to }) => identityKey('', names[from], names[to])[0] & MOST_PLACES);
  builder.settlePaths();
  const where = placesOf(builder);
  const wireSpecs = compileWires(builder);
  const sites = new Sites(builder.sites);
  const wires = wireSpecs === null ? null : new Wires(wireSpecs, rows, sites, nodes, where.ofNode, where.count, clock);
  const network = new parts.Network(builder.paths, sampler, places, where, lossBetween(builder), wires, memory);
  const components = componentTable(builder, records);
  const priorities = builder.priorities.size === 0 ? null : tableOf(builder, builder.priorities);
  memory.cells[Cell.HasPriorities] = priorities === null ? 0 : 1;
  const world: World = {
    seed: stage.run.seed,
    clock,
    memory,
    rows,
    events,
    ready: new ReadyQueue(memory),
    stations: new Stations(builder.stations, rows, clock, memory),
    machines,
    nodes,
    network,
    places: where,
    lanes: new Lanes(builder.lanes, rows, events, clock, memory).all,
    spans: new parts.Spans(rows, clock, memory),
    ledger,
    histograms,
    sites,
    sampler,
    components,
    populations: [],
    code: fill(memory.i32(Slot.Code, builder.assembler.code.length), builder.assembler.code, (word) => word),
    tosses: tossTable(builder, memory),
    programs: programTable(builder, memory, components),
    priorities,
    operations: builder.operations,
    cells: builder.cells,
    actors: builder.components.flatMap((c) => (c.actor === null ? [] : [c.actor])),
    history: new History(clock),
    acknowledged: builder.components.map(() => new AcknowledgedWrites(clock, memory.ground())),
    windowStartNs: stage.run.warmupNs,
    endNs: stage.run.warmupNs + stage.run.durationNs,
    stream: (name) => new Stream(stage.run.seed, name),
    pathBetween: pathFinder(builder, memory, components),
  };
  nodes.connect(memory);
  sites.publish(memory, components, builder.paths);
  return world;
}

function placesOf({ places, sampler }: Builder): Places {
  const { length } = places.names;
  const distances = new Float64Array(length * length);
  for (let from = 0; from < length; from++)
    for (let to = 0; to < length; to++)
      distances[from * length + to] = sampler.mean(sampler.add(places.delay(from, to)));
  return new Places(places.names, places.regionNames, places.ofNode, distances);
}

/** Losses on links between places; null: there are none. */
function lossBetween({ places }: Builder): Float64Array | null {
  const { length } = places.names;
  const table = Float64Array.from({ length: length * length }, (_, i) =>
    places.loss(Math.floor(i / length), i % length),
  );
  return table.some((loss) => loss > 0) ? table : null;
}

function componentTable(builder: Builder, records: Int32Array): ComponentTable {
  const all = builder.components;
  for (const c of all) if (c.actor !== null) c.actor.onwardCell = builder.cell(c.id, 'network', 'network');
  const cpuCell = Int32Array.from(all, (c) => builder.cell(c.id, 'cpu', 'service'));
  const cpuWaitCell = Int32Array.from(all, (c) => builder.cell(c.id, 'cpu', 'waiting'));
  all.forEach(({ actor }, c) => {
    records[c * Component.I + Component.Number] = c;
    records[c * Component.I + Component.CpuCell] = cpuCell[c];
    records[c * Component.I + Component.CpuWaitCell] = cpuWaitCell[c];
    records[c * Component.I + Component.OnwardCell] = actor?.onwardCell ?? 0;
  });
  return {
    count: all.length,
    name: all.map((c) => c.name),
    type: all.map((c) => c.type),
    firstNode: all.map((c) => c.firstNode),
    nodeCount: all.map((c) => c.nodes),
    route: Uint8Array.from(all, (c) => c.route),
    directory: all.map((c) => Int32Array.from(c.directory)),
    cpuCell,
    cpuWaitCell,
    records,
    actor: all.map((c) => c.actor),
  };
}

function tossTable({ tosses }: Builder, memory: Memory): Float64Array {
  const table = memory.f64(Slot.Tosses, tosses.length * Toss.F);
  tosses.forEach((probability, entry) => (table[entry * Toss.F + Toss.Probability] = probability));
  return table;
}

/** component × operation → entry point. */
function programTable(builder: Builder, memory: Memory, { records }: ComponentTable): Int32Array {
  const own = tableOf(builder, builder.programs);
  const table = memory.i32s(own.length);
  table.set(own);
  const width = builder.operations.length;
  builder.components.forEach(({ programForAll }, c) => {
    for (let at = c * width; at < (c + 1) * width; at++) if (table[at] === Id.None) table[at] = programForAll;
    records[c * Component.I + Component.Programs] = table.byteOffset + c * width * 4;
  });
  return table;
}

/** Paths between components by number, remembered: routed hops look them up for every request. */
function pathFinder(
  builder: Builder,
  memory: Memory,
  { records }: ComponentTable,
): (from: number, to: number) => number {
  const count = builder.components.length;
  if (count > MOST_SQUARE) return (from, to) => builder.path(from, to);
  const known = memory.i32s(count * count).fill(Id.None);
  for (let c = 0; c < count; c++) records[c * Component.I + Component.Paths] = known.byteOffset + c * count * 4;
  return (from, to) => {
    const at = from * count + to;
    if (known[at] === Id.None) known[at] = builder.path(from, to);
    return known[at];
  };
}

/** component × operation → value, Id.None where there is none. */
function tableOf(builder: Builder, map: Map<number, Map<number, number>>): Int32Array {
  const width = builder.operations.length;
  const table = new Int32Array(builder.components.length * width).fill(Id.None);
  for (const [component, entries] of map)
    for (const [operation, value] of entries) table[component * width + operation] = value;
  return table;
}

function roundUp(n: number): number {
  let power = 4096;
  while (power < n) power *= 2;
  return power;
}
