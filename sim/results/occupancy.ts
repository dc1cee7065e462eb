/**
 * What the counters of the engine say is taken (tokens, places in queues, connections, memory) against the rows that
 * take it. Whatever a crash, a timeout or a cancellation forgot to give back shows here.
 */
import type { Kernel } from '../engine/kernel.ts';
import { NodeState } from '../engine/nodes.ts';
import { FCol, Flag, ICol, Id, Kind, Stride } from '../engine/rows.ts';
import type { World } from '../engine/world.ts';

interface Found {
  /** Requests inside each node. */
  inside: Int32Array;
  /** Rows that hold a token of the node's intake. */
  tokens: Int32Array;
  /** Rows that compute, whether they get a core or share it. */
  computing: Int32Array;
  /** Rows that hold an event loop or a worker. */
  looping: Int32Array;
  /** Rows that hold a connection of a pool while they wait for an answer. */
  pooled: Int32Array;
  /** Rows in any queue of the node. */
  queued: Int32Array;
  /** Routed requests whose connection each node keeps open until the answer has passed. */
  routed: Int32Array;
}

/** What is wrong, or ''. */
export function occupancyViolation(kernel: Kernel): string {
  const { world } = kernel;
  const found = count(kernel);
  for (let node = 0; node < world.nodes.count; node++) {
    const wrong = nodeViolation(world, node, found);
    if (wrong !== '') return `${world.nodes.nameOf(node)}: ${wrong}`;
  }
  const wrong = machineViolation(world, found);
  return wrong === '' ? forkViolation(world) : wrong;
}

function count(kernel: Kernel): Found {
  const { rows, nodes, stations } = kernel.world;
  const of = (): Int32Array => new Int32Array(nodes.count);
  const found = {
    inside: of(),
    tokens: of(),
    computing: of(),
    looping: of(),
    pooled: of(),
    queued: of(),
    routed: of(),
  };
  for (let row = rows.first; row < rows.end; row++) {
    const at = row * Stride.I;
    const kind = rows.I[at + ICol.Kind];
    if (isGone(kind)) continue;
    const node = rows.I[at + ICol.Node];
    const flags = rows.I[at + ICol.Flags];
    if ((flags & Flag.Inside) !== 0) found.inside[node]++;
    const waits = kind >= Kind.GrantIntake && kind <= Kind.GrantPool && stations.isQueued(row);
    // A run may be ended within an instant: then a row can have been granted what it waited for and not have gone on.
    const granted = (what: Kind): boolean => kind === what && !waits;
    if ((flags & Flag.Token) !== 0 || granted(Kind.GrantIntake)) found.tokens[node]++;
    if (kind === Kind.CpuDone) found.computing[node]++;
    if (kind === Kind.CpuDone || granted(Kind.GrantLoop)) found.looping[node]++;
    const calls = kind === Kind.WaitCall || kind === Kind.WaitJoin || granted(Kind.GrantPool);
    if (calls && usesPool(kernel.world, row)) found.pooled[node]++;
    if (waits) found.queued[node]++;
  }
  const { ways } = kernel.frames;
  ways.each((router) => found.routed[router]++);
  return found;
}

/** Does the row, which waits for an answer, hold a connection of a pool meanwhile? */
function usesPool({ rows, sites }: World, row: number): boolean {
  const site = rows.I[row * Stride.I + ICol.Calling];
  return site !== Id.None && sites.pool[site] !== Id.None;
}

function nodeViolation({ nodes, stations }: World, node: number, found: Found): string {
  const all = nodes.allStations(node);
  const intake = nodes.intake[node];
  const loops = all.filter(
    (station) => station >= nodes.loops[node] && station < nodes.loops[node] + nodes.loopCount[node],
  );
  const pools = all.filter((station) => stations.specs[station].resource.startsWith('pool '));
  const sum = (list: readonly number[], of: (station: number) => number): number =>
    list.reduce((total, station) => total + of(station), 0);
  const busy = (station: number): number => stations.busy(station);
  const books: [string, number, number][] = [
    ['requests inside', nodes.inside(node), found.inside[node]],
    ['threads or connections in use', intake === Id.None ? 0 : stations.busy(intake), found.tokens[node]],
    ['event loops or workers in use', sum(loops, busy), nodes.loopCount[node] > 0 ? found.looping[node] : 0],
    ['connections of pools in use', sum(pools, busy), found.pooled[node]],
    ['rows that wait', sum(all, (station) => stations.queued(station)), found.queued[node]],
  ];
  const wrong = books.find(([, book, fact]) => book !== fact);
  return wrong === undefined ? '' : `${wrong[1]} ${wrong[0]} by the books, ${wrong[2]} in fact`;
}

function machineViolation({ nodes, machines }: World, found: Found): string {
  const connections = new Int32Array(machines.count);
  const running = new Int32Array(machines.count);
  for (let node = 0; node < nodes.count; node++) {
    const m = nodes.machine[node];
    connections[m] += found.inside[node] + found.routed[node];
    // The jobs of a paused process are taken off the cores it shares; on cores of its own they only stop.
    if (nodes.state[node] !== NodeState.Paused || machines.isShared[m] === 0) running[m] += found.computing[node];
  }
  for (let m = 0; m < machines.count; m++) {
    if (machines.connectionsUsed(m) !== connections[m]) {
      return `machine ${m} has ${machines.connectionsUsed(m)} connections by the books, ${connections[m]} in fact`;
    }
    if (machines.connectionsUsed(m) > machines.connections[m]) return `machine ${m} has more connections than it can`;
    if (machines.running(m) !== running[m]) {
      return `machine ${m} runs ${machines.running(m)} jobs by the books, ${running[m]} in fact`;
    }
    if (machines.memoryUsed(m) < 0) return `machine ${m} has ${machines.memoryUsed(m)} bytes of memory in use`;
  }
  return '';
}

/** Branches of a fork stay at their node: whoever waits for n of them must find n, or it waits for ever. */
function forkViolation({ rows, nodes }: World): string {
  const { I, F } = rows;
  const branches = new Int32Array(rows.end);
  for (let row = rows.first; row < rows.end; row++) {
    const at = row * Stride.I;
    if (isGone(I[at + ICol.Kind]) || (I[at + ICol.Flags] & Flag.Branch) === 0) continue;
    const parent = I[at + ICol.Parent];
    const p = parent * Stride.I;
    const isAwaited = I[p + ICol.Gen] === I[at + ICol.ParentGen] && I[p + ICol.Attempt] === I[at + ICol.Tag];
    if (parent !== Id.None && isAwaited) branches[parent]++;
  }
  for (let row = rows.first; row < rows.end; row++) {
    const at = row * Stride.I;
    if (I[at + ICol.Kind] !== Kind.WaitJoin || I[at + ICol.Calling] !== Id.None) continue;
    const outstanding = F[row * Stride.F + FCol.Work];
    if (outstanding !== branches[row]) {
      return `${nodes.nameOf(I[at + ICol.Node])}: a request waits for ${outstanding} branches, there are ${branches[row]}`;
    }
  }
  return '';
}

const isGone = (kind: number): boolean => kind === Kind.Free || kind === Kind.Dead;
