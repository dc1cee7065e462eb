/** What requests hold of a node while they are inside: `Holdings`. */
import { Flag, Id } from '../layout';
import { Machine, MachineF, Node, NodeF } from '../records';
import * as nodes from './nodes';
import { pushReady } from './pool';
import * as stations from './stations';
import { bump, flagsOf, setFlags } from './tables';

/** Does the machine have so many bytes left? */
@inline
export function isMemoryFor(machine: usize, bytes: f64): bool {
  return load<f64>(machine, MachineF.MemoryUsed * 8) + bytes <= load<f64>(machine, MachineF.Memory * 8);
}

/** Takes them. */
@inline
export function useMemory(machine: usize, bytes: f64): void {
  const used = load<f64>(machine, MachineF.MemoryUsed * 8) + bytes;
  store<f64>(machine, used, MachineF.MemoryUsed * 8);
  if (used > load<f64>(machine, MachineF.MemoryPeak * 8)) store<f64>(machine, used, MachineF.MemoryPeak * 8);
}

/** Gives a token back and wakes whoever gets it. */
export function release(station: usize): void {
  const next = stations.release(station);
  if (next != Id.None) pushReady(next);
}

export function dropToken(at: usize, n: usize): void {
  const flags = flagsOf(at);
  if ((flags & Flag.Token) == 0) return;
  setFlags(at, flags & ~Flag.Token);
  release(load<u32>(n, Node.Intake * 4));
}

/** A connection to the node is closed. */
export function dropConnection(n: usize): void {
  const machine = nodes.machineIn(n);
  bump(machine, Machine.ConnectionsUsed, -1);
  const memory = load<f64>(n, NodeF.PerRequest * 8);
  if (memory == 0) return;
  store<f64>(machine, load<f64>(machine, MachineF.MemoryUsed * 8) - memory, MachineF.MemoryUsed * 8);
}
