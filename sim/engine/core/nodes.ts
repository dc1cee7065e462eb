/** What stands in the record of a node: `Nodes`. */
import { NodeState } from '../layout';
import { Node } from '../records';
import * as stations from './stations';
import { nodeAt } from './tables';

@inline
export function accepts(n: usize): bool {
  const state = load<i32>(n, Node.State * 4);
  return state == NodeState.Up || state == NodeState.Draining;
}

@inline
export function componentIn(n: usize): i32 {
  return load<i32>(n, Node.Component * 4);
}

@inline
export function componentOf(node: i32): i32 {
  return componentIn(nodeAt(node));
}

@inline
export function machineIn(n: usize): i32 {
  return load<i32>(n, Node.Machine * 4);
}

@inline
export function hasLoops(n: usize): bool {
  return load<i32>(n, Node.LoopCount * 4) > 0;
}

/** Number of the k-th local station of a node. */
@inline
export function stationOf(n: usize, k: i32): i32 {
  return stations.localStation(load<i32>(n, Node.StationStart * 4), k);
}
