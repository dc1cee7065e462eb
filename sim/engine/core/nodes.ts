/** What stands in the record of a node: `Nodes`. */
import { NodeState } from '../layout';
import { Component, Node } from '../records';
import * as stations from './stations';
import { nodeAt, stationAt } from './tables';

@inline
export function accepts(n: usize): bool {
  // One test for both: a bit for each state.
  return ((1 << load<i32>(n, Node.State * 4)) & ((1 << NodeState.Up) | (1 << NodeState.Draining))) != 0;
}

/** The records of its component and of its machine. */
@inline
export function componentIn(n: usize): usize {
  return load<u32>(n, Node.Component * 4);
}

@inline
export function machineIn(n: usize): usize {
  return load<u32>(n, Node.Machine * 4);
}

/** The same of a node by its number. */
@inline
export function componentOf(node: i32): usize {
  return componentIn(nodeAt(node));
}

/** The number of a component. */
@inline
export function numberOf(component: usize): i32 {
  return load<i32>(component, Component.Number * 4);
}

@inline
export function hasLoops(n: usize): bool {
  return load<i32>(n, Node.LoopCount * 4) > 0;
}

/** The station of one of a node's event loops. */
@inline
export function loopOf(n: usize, process: i32): usize {
  return stationAt(load<i32>(n, Node.Loops * 4) + process);
}

/** The k-th local station of a node. */
@inline
export function stationOf(n: usize, k: i32): usize {
  return stations.localStation(load<i32>(n, Node.StationStart * 4), k);
}
