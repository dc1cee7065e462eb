/**
 * Laws that any result keeps, whatever the architecture: checked from outside, on the JSON alone. (The laws that need
 * the inside, Little's and that spans sum to latencies, the simulator checks itself at the end of every run.)
 */
import type { ComponentResult, LatencySummary, RequestCounts, RunResult, StageResult } from '../../sim/result.ts';

/** Room for the last bits of sums of floating-point numbers. */
const EPSILON = 1e-9;

/** Everything that is wrong with a result; empty when nothing is. */
export function brokenLaws(result: RunResult): string[] {
  const wrong: string[] = [];
  onlyNumbers(result, '', wrong);
  for (const stage of result.stages) stageLaws(stage, wrong);
  return wrong;
}

/** JSON has no NaN and no Infinity: they would turn into null in silence. */
function onlyNumbers(value: unknown, path: string, wrong: string[]): void {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) wrong.push(`${path} is ${value}`);
  } else if (value === undefined || typeof value === 'function' || typeof value === 'bigint') {
    wrong.push(`${path} is ${String(value)}, which JSON cannot say`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) onlyNumbers(inner, `${path}/${name}`, wrong);
  }
}

function stageLaws(stage: StageResult, wrong: string[]): void {
  const expect = (holds: boolean, what: () => string): void => {
    if (!holds) wrong.push(what());
  };
  conservation(stage.requests, 'the stage', wrong);
  const operations = Object.entries(stage.operations);
  for (const [name, operation] of operations) conservation(operation, `operation ${name}`, wrong);
  for (const count of ['offered', 'completed', 'failed', 'timedOut', 'rejected', 'inFlight'] as const) {
    const sum = operations.reduce((total, [, operation]) => total + operation[count], 0);
    expect(
      sum === stage.requests[count],
      () => `the operations have ${sum} ${count}, the stage ${stage.requests[count]}`,
    );
  }
  latencies(stage, wrong);
  rates(stage, wrong);
  expect(
    stage.availability === null || within(stage.availability, 0, 1),
    () => `an availability of ${stage.availability}`,
  );
  for (const share of ['shareOfP99', 'shareOfP50'] as const) {
    const sum = stage.hotspots.reduce((total, hotspot) => total + hotspot[share], 0);
    expect(sum <= 1 + EPSILON, () => `${share} sums to ${sum}`);
    for (const hotspot of stage.hotspots)
      expect(within(hotspot[share], 0, 1), () => `${share} of ${hotspot.component} is ${hotspot[share]}`);
  }
  for (const component of stage.components) componentLaws(component, wrong);
  const cost = stage.components.reduce((total, component) => total + component.costPerMonth, 0);
  expect(
    Math.abs(cost - stage.costPerMonth) <= EPSILON * (1 + cost),
    () => `components cost ${cost}, the stage ${stage.costPerMonth}`,
  );
  for (const failover of stage.failovers) {
    for (const [name, value] of Object.entries(failover)) {
      if (typeof value === 'number') expect(value >= 0, () => `${name} of the fault ${failover.fault} is ${value}`);
    }
    const times = failover.timeline.map(({ atSeconds }) => atSeconds);
    expect(ascending(times), () => `the timeline of ${failover.fault} goes back: ${times.join(', ')}`);
  }
  expect(!stage.partial, () => 'a run to its end is marked partial');
  expect(stage.checkpoints.length === 256, () => `${stage.checkpoints.length} checkpoints instead of 256`);
}

const within = (value: number, least: number, most: number): boolean =>
  value >= least - EPSILON && value <= most + EPSILON;

const ascending = (values: readonly number[]): boolean => values.every((value, i) => i === 0 || values[i - 1] <= value);

/** Every request that was started came to exactly one end, or is still there. */
function conservation(counts: RequestCounts, where: string, wrong: string[]): void {
  const { offered, completed, failed, timedOut, rejected, inFlight } = counts;
  const ends = completed + failed + timedOut + rejected + inFlight;
  if (offered !== ends)
    wrong.push(`${where} was offered ${offered} requests, ${ends} ended or are in flight: ${JSON.stringify(counts)}`);
  for (const [name, count] of Object.entries(counts))
    if (typeof count === 'number' && !(Number.isInteger(count) && count >= 0))
      wrong.push(`${name} of ${where} is ${count}`);
}

function latencies(stage: StageResult, wrong: string[]): void {
  const { completed, failed, timedOut, rejected } = stage.requests;
  const ended = completed + failed + timedOut + rejected;
  const { latencyMs, latencyAllMs } = stage;
  if (latencyMs.count !== completed) wrong.push(`${latencyMs.count} latencies of ${completed} successes`);
  if (latencyAllMs.count !== ended) wrong.push(`${latencyAllMs.count} latencies of ${ended} ended requests`);
  summary(latencyMs, 'the stage', wrong);
  summary(latencyAllMs, 'the stage with failures', wrong);
  for (const [name, operation] of Object.entries(stage.operations)) {
    if (operation.latencyMs.count !== operation.completed)
      wrong.push(`${name} has ${operation.latencyMs.count} latencies`);
    summary(operation.latencyMs, `operation ${name}`, wrong);
  }
}

/** Percentiles that are known do not fall, and lie below the maximum (by the width of a bucket at most). */
function summary(latency: LatencySummary, where: string, wrong: string[]): void {
  const { mean, p50, p90, p95, p99, p999, max, count } = latency;
  const known = [p50, p90, p95, p99, p999, max].filter((value) => value !== null);
  if (!ascending(known)) wrong.push(`percentiles of ${where} fall: ${JSON.stringify(latency)}`);
  if (known.some((value) => value < 0)) wrong.push(`a negative latency of ${where}: ${JSON.stringify(latency)}`);
  if (mean !== null && max !== null && mean > max * (1 + EPSILON))
    wrong.push(`the mean of ${where} is above its maximum`);
  if (count === 0 && known.length > 0) wrong.push(`percentiles of ${where} without a single request`);
}

function rates(stage: StageResult, wrong: string[]): void {
  const seconds = stage.simulatedSeconds;
  const same = (rate: number, count: number, name: string): void => {
    if (Math.abs(rate * seconds - count) > 1e-6 * (1 + count))
      wrong.push(`${name} is ${rate}/s, for ${count} in ${seconds} s`);
  };
  same(stage.offeredPerSecond, stage.requests.offered, 'offered');
  same(stage.goodputPerSecond, stage.requests.completed, 'goodput');
  for (const point of stage.series) {
    const { offeredPerSecond, goodputPerSecond, errorsPerSecond } = point;
    if (Math.min(offeredPerSecond, goodputPerSecond, errorsPerSecond) < 0)
      wrong.push(`a negative rate at ${point.atSeconds} s`);
  }
}

function componentLaws(component: ComponentResult, wrong: string[]): void {
  const { name, resources, extra } = component;
  for (const { resource, utilization, utilizationBusiest } of resources) {
    if (!within(utilization, 0, 1)) wrong.push(`${resource} of ${name} is ${utilization} busy`);
    if (!within(utilizationBusiest, 0, 1))
      wrong.push(`the busiest ${resource} of ${name} is ${utilizationBusiest} busy`);
    if (utilization > utilizationBusiest + 1e-6 && resource !== 'memory')
      wrong.push(`${resource} of ${name}: the mean ${utilization} is above the busiest ${utilizationBusiest}`);
  }
  for (const [field, value] of Object.entries({ ...component, ...extra })) {
    if (typeof value === 'number' && value < 0) wrong.push(`${field} of ${name} is ${value}`);
  }
  for (const [field, value] of Object.entries(extra)) {
    if (field.endsWith('Ratio') && !within(value, 0, 1)) wrong.push(`${field} of ${name} is ${value}`);
  }
  if (component.queueMean > component.queueMax * resources.length * Math.max(1, component.instances) * 64 + EPSILON)
    wrong.push(`${name} has a mean queue of ${component.queueMean} and a longest of ${component.queueMax}`);
  summary(component.sojournMs, name, wrong);
}
