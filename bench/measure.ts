/**
 * Measures one workload, in a process that does nothing else: a warm-up run for the compiler of the engine, which is
 * discarded, then equal slices of one long run, each timed by the CPU time of the process, with the yardstick between.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { heedBranchHints, parseScenario, Run, ScenarioError, type Scenario, type StageResult } from '../sim/index.ts';
import { type Figures, type MemoryPoint, spreadOf } from './figures.ts';
import { LEAST_SLICES, QUICK_SLICES, SLICES, type Workload } from './workloads.ts';
import { yardstick } from './yardstick.ts';

const MB = 1_000_000;
/** Within this of the exact value, or something is wrong with the simulator. */
const TOLERANCE = 0.02;
/** Of the run that is discarded, as a part of a slice. */
const WARM_UP_SHARE = 0.5;
/** Customers of the yardstick beside each slice. */
const YARDSTICK_CUSTOMERS = 300_000;
const QUICK_YARDSTICK_CUSTOMERS = 30_000;

interface Slice {
  events: number;
  simulatedSeconds: number;
  cpuSeconds: number;
  yardstickPerCpuSecond: number;
}

/** @throws ScenarioError when the file of the workload is invalid */
export function measure(workload: Workload, quick: boolean): Figures {
  heedBranchHints(process.versions.v8, setFlagsFromString);
  const scenario = read(workload);
  const perSlice = quick ? workload.quickRequestsPerSlice : workload.requestsPerSlice;
  const eventsPerRequest = warmUp(scenario, perSlice * WARM_UP_SHARE);
  const events = Math.round(perSlice * eventsPerRequest);
  const customers = quick ? QUICK_YARDSTICK_CUSTOMERS : YARDSTICK_CUSTOMERS;
  yardstick(customers);
  // What the warm-up held goes before its successor comes.
  collectGarbage();

  const run = new Run(scenario);
  const slices: Slice[] = [];
  const memory: MemoryPoint[] = [];
  const started = cpuSeconds();
  for (let i = 0; i < (quick ? QUICK_SLICES : SLICES); i++) {
    if (i >= LEAST_SLICES && cpuSeconds() - started > workload.mostCpuSeconds) break;
    slices.push(takeSlice(run, events, customers));
    memory.push(memoryNow((run.progress.events / eventsPerRequest) | 0));
  }
  const total = run.progress.events;
  return figuresOf(workload, run.result(true).stages[0], { total, slices, memory });
}

function read(workload: Workload): Scenario {
  const path = fileURLToPath(new URL(`../bench/${workload.file}`, import.meta.url));
  const text = readFileSync(path, 'utf8');
  const { scenario, problems } = parseScenario(text, workload.file, { duration: workload.duration });
  if (scenario === null) throw new ScenarioError(problems);
  return scenario;
}

/** Runs about so many requests of the window; answers how many events each of them takes. */
function warmUp(scenario: Scenario, requests: number): number {
  const { clients, run: settings } = scenario.stages[0];
  const perSecond = clients.reduce((sum, { arrivals, users }) => {
    const rate = arrivals?.process.kind === 'poisson' ? arrivals.process.ratePerSecond : 0;
    // Users of the workloads think for about a second.
    return sum + rate + (users ?? 0);
  }, 0);
  const enough = settings.warmupNs / 1e9 + requests / perSecond;
  const run = new Run(scenario);
  while (run.progress.simulatedSeconds < enough && run.advance(10_000));
  const { events } = run.progress;
  return events / requestsOf(run.result(true).stages[0]);
}

/** Requests of the whole run: those before the window, which are simulated like all others, at the rate of those in it. */
function requestsOf({ requests, warmupSeconds, simulatedSeconds }: StageResult): number {
  return requests.offered * ((warmupSeconds + simulatedSeconds) / simulatedSeconds);
}

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function takeSlice(run: Run, events: number, customers: number): Slice {
  const yardstickBefore = timed(() => yardstick(customers));
  const before = run.progress;
  const seconds = timed(() => advanceBy(run, events));
  const yardstickAfter = timed(() => yardstick(customers));
  return {
    events: run.progress.events - before.events,
    simulatedSeconds: run.progress.simulatedSeconds - before.simulatedSeconds,
    cpuSeconds: seconds,
    // Two events a customer, timed on both sides of the slice.
    yardstickPerCpuSecond: (4 * customers) / (yardstickBefore + yardstickAfter),
  };
}

/** About so many events: `advance` counts what the engine handles, which may come to several each. */
function advanceBy(run: Run, events: number): void {
  const enough = run.progress.events + events;
  for (let left = events; left > 0; left = enough - run.progress.events) if (!run.advance(Math.ceil(left / 4))) return;
}

function timed(work: () => unknown): number {
  const start = cpuSeconds();
  work();
  return cpuSeconds() - start;
}

const collectGarbage = (): void => (globalThis as { gc?: () => void }).gc?.();

function memoryNow(requests: number): MemoryPoint {
  collectGarbage();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { requests, heapMb: (heapUsed + arrayBuffers) / MB, rssMb: rss / MB };
}

function figuresOf(
  workload: Workload,
  stage: StageResult,
  { total, slices, memory }: { total: number; slices: Slice[]; memory: MemoryPoint[] },
): Figures {
  const perEvent = requestsOf(stage) / total;
  const speeds = slices.map((slice) => slice.events / slice.cpuSeconds);
  const eventsPerCpuSecond = spreadOf(speeds);
  const requestsPerCpuSecond = spreadOf(speeds.map((speed) => speed * perEvent));
  const { mean, p50, p99 } = stage.latencyMs;
  return {
    requestsPerCpuSecond: requestsPerCpuSecond.median,
    eventsPerCpuSecond: eventsPerCpuSecond.median,
    peakMemoryMb: (process.resourceUsage().maxRSS * 1024) / MB,
    spread: { requestsPerCpuSecond, eventsPerCpuSecond },
    yardstick: {
      eventsPerCpuSecond: spreadOf(slices.map((slice) => slice.yardstickPerCpuSecond)),
      ratio: spreadOf(slices.map((slice, i) => speeds[i] / slice.yardstickPerCpuSecond)),
    },
    slices: slices.length,
    requests: Math.round(total * perEvent),
    events: total,
    cpuSeconds: slices.reduce((sum, slice) => sum + slice.cpuSeconds, 0),
    simulatedPerCpuSecond: spreadOf(slices.map((slice) => slice.simulatedSeconds / slice.cpuSeconds)).median,
    compiled: null,
    memory: { first: memory[0], last: memory[memory.length - 1] },
    latencyMs: { mean, p50, p99 },
    exact: compare(workload, stage),
    fingerprint: stage.fingerprint,
  };
}

function compare({ exact }: Workload, { latencyMs }: StageResult): Figures['exact'] {
  if (exact === null) return null;
  const deviations = (['mean', 'p50', 'p99'] as const).map((name) => {
    const value = latencyMs[name];
    return value === null ? Infinity : Math.abs(value / exact[name] - 1);
  });
  const worstDeviation = Math.max(...deviations);
  // Percentiles of short runs stray further than means; the mean is what decides.
  return { latencyMs: exact, worstDeviation, ok: deviations[0] <= TOLERANCE };
}
