/**
 * Pairs of tiny scenarios that differ in one key, and what of a result shows that the key was not ignored.
 */
import type { RunResult, StageResult } from '../../../sim/result.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Fields = { [key: string]: Json };

/** One key of the language: the scenario around it, where the key stands in it, and two values. */
export interface Knob {
  base: Fields;
  path: (string | number)[];
  /** undefined: the key is left out. */
  values: [Json | undefined, Json | undefined];
}

const isMap = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A merge patch (RFC 7396). */
export function merge(base: Fields, patch: Fields): Fields {
  const out = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    const before = out[key];
    if (value === null) delete out[key];
    else out[key] = isMap(value) ? merge(isMap(before) ? before : {}, value) : value;
  }
  return out;
}

/** Two hundred requests a second for two seconds, each four milliseconds on one core. */
const SMALL: Fields = {
  name: 'Knob',
  run: { duration: '2s', warmup: '0s' },
  clients: { c: { arrivals: { poisson: '200/s' }, does: 'op', entry: 'app' } },
  components: { app: { type: 'server', operations: { op: [{ cpu: { exponential: '4ms' } }] } } },
};

export const system = (...patches: Fields[]): Fields => patches.reduce(merge, SMALL);
/** A path written with dots; numbers are places in lists. */
const split = (path: string): (string | number)[] =>
  path.split('.').map((part) => (/^[0-9]+$/.test(part) ? Number(part) : part));

export const knob = (base: Fields, path: string, a: Json | undefined, b: Json | undefined): Knob => ({
  base,
  path: split(path),
  values: [a, b],
});

/** The steps of the one operation of `app`. */
export const doing = (...steps: Json[]): Fields => ({ components: { app: { operations: { op: steps } } } });

/** The base with the value at the path. */
function at(base: Json | undefined, path: (string | number)[], value: Json | undefined): Json | undefined {
  if (path.length === 0) return value;
  const [head, ...rest] = path;
  if (Array.isArray(base)) return base.map((each, index) => (index === head ? (at(each, rest, value) as Json) : each));
  const out: Fields = { ...((base ?? {}) as Fields) };
  const inner = at(out[head], rest, value);
  if (inner === undefined) delete out[head];
  else out[head] = inner;
  return out;
}

export const written = ({ base, path }: Knob, value: Json | undefined): string => JSON.stringify(at(base, path, value));

/**
 * What was measured. What repeats the settings (capacities, names, texts, fingerprints of texts) is left out: it would
 * differ even if nobody had looked at the key.
 */
export function measured(result: RunResult): string {
  return JSON.stringify(result.stages.map(measuredStage));
}

function measuredStage(stage: StageResult): unknown {
  const { requests, attempts, latencyMs, latencyAllMs, operations, costPerMonth } = stage;
  return {
    counts: [requests, attempts, latencyMs, latencyAllMs, operations, costPerMonth],
    components: stage.components.map(({ resources: _r, utilization: _u, utilizationBusiest: _b, ...rest }) => rest),
    failovers: stage.failovers.map(({ timeline, fault: _f, ...rest }) => ({ ...rest, moments: timeline.length })),
    thresholds: stage.thresholds.map(({ ok }) => ok),
  };
}
