/** Ways to read a known figure from a stage's result. Times are in the unit of the case. */
import type { ComponentResult, LatencySummary, StageResult } from '../../sim/result.ts';

export type Reading = (stage: StageResult) => number | null;
export type Statistic = 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'p999';

/** The component of that name. */
export function component(stage: StageResult, name: string): ComponentResult {
  const found = stage.components.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no component ${name}`);
  return found;
}

/** `unitMs`: milliseconds that stand for one unit of the case's time. */
const inUnits = (summary: LatencySummary, statistic: Statistic, unitMs: number): number | null => {
  const value = summary[statistic];
  return value === null ? null : value / unitMs;
};

/** Latency of the successes of one operation, as its clients see it. */
export const latency =
  (unitMs: number, operation: string, statistic: Statistic): Reading =>
  (stage) =>
    inUnits(stage.operations[operation].latencyMs, statistic, unitMs);

/** Time from arrival at a component to departure. */
export const sojourn =
  (unitMs: number, name: string, statistic: Statistic): Reading =>
  (stage) =>
    inUnits(component(stage, name).sojournMs, statistic, unitMs);

/** Share of the requests of an operation that ended so. */
export const share =
  (operation: string, end: 'completed' | 'failed' | 'timedOut' | 'rejected'): Reading =>
  (stage) => {
    const { completed, failed, timedOut, rejected, ...rest } = stage.operations[operation];
    const counts = { completed, failed, timedOut, rejected };
    void rest;
    return counts[end] / (completed + failed + timedOut + rejected);
  };

/** The same over all requests. */
export const shareOfAll =
  (end: 'completed' | 'failed' | 'timedOut' | 'rejected'): Reading =>
  ({ requests }) =>
    requests[end] / (requests.completed + requests.failed + requests.timedOut + requests.rejected);

/** Busy share of a component's busiest resource. */
export const utilization =
  (name: string) =>
  (stage: StageResult): number =>
    component(stage, name).utilization;

/** Mean number waiting at a component. */
export const queueMean =
  (name: string) =>
  (stage: StageResult): number =>
    component(stage, name).queueMean;

/** Departures from a component per unit of the case's time, whenever they came. */
export const throughput =
  (unitMs: number, name: string): Reading =>
  (stage) =>
    (component(stage, name).completed / stage.simulatedSeconds) * (unitMs / 1000);
