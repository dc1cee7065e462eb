/** What requests hold of a node while they are inside: `Holdings`. */
import { Flag, Id } from '../layout';
import { Machine, MachineF, Node, NodeF } from '../records';
import * as nodes from './nodes';
import { pushReady } from './pool';
import * as stations from './stations';
import { bump, flagsOf, setFlags } from './tables';

/** Takes so many bytes of a machine. False: it has not so many left, and nothing has changed. */
@inline
export function claimMemory(machine: usize, bytes: f64): bool {
  const used = load<f64>(machine, MachineF.MemoryUsed * 8) + bytes;
  if (used > load<f64>(machine, MachineF.Memory * 8)) return false;
  store<f64>(machine, used, MachineF.MemoryUsed * 8);
  if (used > load<f64>(machine, MachineF.MemoryPeak * 8)) store<f64>(machine, used, MachineF.MemoryPeak * 8);
  return true;
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
  releaseIntake(n);
}

/** Gives back the token with which a request was let in at a node. */
@inline
export function releaseIntake(n: usize): void {
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
