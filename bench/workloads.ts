/**
 * What is measured: three scenarios beside this file and a shipped one, how much of each, and what is known of them exactly.
 */

/** A latency that theory gives, in milliseconds. */
export interface ExactLatency {
  mean: number;
  p50: number;
  p99: number;
}

export interface Workload {
  name: string;
  /** From this folder. */
  file: string;
  /** Requests in each measured slice. */
  requestsPerSlice: number;
  /** The same for `--quick`. */
  quickRequestsPerSlice: number;
  /** Long enough, in simulated time, for all slices. */
  duration: string;
  exact: ExactLatency | null;
  /** CPU seconds after which a slow machine makes do with fewer slices; the three that are always run stay in a minute. */
  mostCpuSeconds: number;
}

/** Slices of each workload: enough for a median on a machine that others use too. */
export const SLICES = 10;
export const QUICK_SLICES = 5;
/** Fewer than this are no measurement, whatever the time it takes. */
export const LEAST_SLICES = 5;

export const workloads: readonly Workload[] = [
  {
    name: 'W1',
    file: 'w1.yaml',
    // Ten slices make ten million requests, over which memory must stay flat.
    requestsPerSlice: 1_000_000,
    quickRequestsPerSlice: 20_000,
    duration: '200000s',
    exact: { mean: 50, p50: 34.657359, p99: 230.258509 },
    mostCpuSeconds: 17,
  },
  {
    name: 'W2',
    file: 'w2.yaml',
    requestsPerSlice: 500_000,
    // Of fewer the mean strays by 2 % in one seed of ten.
    quickRequestsPerSlice: 60_000,
    duration: '2200s',
    exact: { mean: 16.57, p50: 13.36, p99: 58.61 },
    mostCpuSeconds: 17,
  },
  {
    name: 'W3',
    file: 'w3.yaml',
    requestsPerSlice: 500_000,
    quickRequestsPerSlice: 5_000,
    duration: '2000s',
    exact: null,
    mostCpuSeconds: 17,
  },
];

/** Only on demand, `--million`: it takes a minute, most of a gigabyte, and all of its ten slices. */
export const million: Workload = {
  name: 'million',
  file: '../scenarios/million-rps.yaml',
  // Ten million requests in all, and half a million of warm-up.
  requestsPerSlice: 1_000_000,
  quickRequestsPerSlice: 100_000,
  duration: '14s',
  exact: null,
  mostCpuSeconds: Infinity,
};
