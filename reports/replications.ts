/** What the figures of several replications are of. */
import type { RunResult } from '../sim/result.ts';
import { plural } from './format.ts';

/** A sentence; empty for a single run. */
export function replicationsText({ replications, stages }: RunResult): string {
  if (replications === 1) return '';
  const faults = stages.some(({ failovers }) => failovers.length > 0) ? '; what faults did is told of the first' : '';
  return (
    `Figures are means of ${plural(replications, 'replication')}; counts of users’ requests are sums, ` +
    `the longest queue and latency those of all${faults}.`
  );
}
