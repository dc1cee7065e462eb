/** Rows that wait for a token: `Waits`. */
import { Id } from '../layout';
import * as host from './host';
import * as spans from './spans';
import * as stations from './stations';
import { clock, setKind, setMark } from './tables';

/** Queues the row for a token; it goes on as `kind` when it gets one. */
export function wait(row: i32, at: usize, station: usize, kind: i32): void {
  setKind(at, kind);
  setMark(at, clock());
  spans.enter(row, at, stations.waitCellOf(station));
  stations.enqueue(station, row, at);
  const patience = stations.patienceOf(station);
  if (patience != Id.None) host.watchPatience(row, stations.numberOf(station), patience);
}
