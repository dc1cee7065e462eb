/** The figures of the benchmark, as its JSON has them. */
import type { ExactLatency } from './workloads.ts';

/** Median, least and most of the slices. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** Memory of the process after garbage collection, MB of 10⁶ bytes. */
export interface MemoryPoint {
  requests: number;
  heapMb: number;
  rssMb: number;
}

/** Requests per CPU second of the hand-written C++, of another system than the workload's if `system` says so. */
export type CompiledSpeed = Spread & { system?: string };

export interface Figures {
  /** Median over the slices; so is `eventsPerCpuSecond`. */
  requestsPerCpuSecond: number;
  eventsPerCpuSecond: number;
  /** Largest resident set of the whole process, MB. */
  peakMemoryMb: number;
  spread: { requestsPerCpuSecond: Spread; eventsPerCpuSecond: Spread };
  /** The fixed loop beside the slices: its own events, and our events ÷ its events, slice by slice. */
  yardstick: { eventsPerCpuSecond: Spread; ratio: Spread };
  slices: number;
  requests: number;
  events: number;
  cpuSeconds: number;
  /** Simulated seconds per second of CPU time: above 1 the system is simulated faster than it would run. */
  simulatedPerCpuSecond: number;
  /** The hand-written C++ in the same run; null where it was not or cannot be run. */
  compiled: CompiledSpeed | null;
  /** After the first and after the last slice. */
  memory: { first: MemoryPoint; last: MemoryPoint };
  latencyMs: { mean: number | null; p50: number | null; p99: number | null };
  /** What theory says, and how far off the simulated figures are; null where there is no theory. */
  exact: { latencyMs: ExactLatency; worstDeviation: number; ok: boolean } | null;
  fingerprint: string;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}
