/**
 * Metastable failures: the trigger has been gone for long, the load is what it was, and the system stays down, kept there by
 * what it does to itself (Bronson et al., "Metastable Failures in Distributed Systems", HotOS 2021).
 *
 * What sustains it is measured, not guessed: between the end of the trigger and the end of the run, which share of the
 * attempts were retries, of the answers came when nobody waited any more, and of the look-ups missed a cache that hit before.
 */
import type { Compiled } from '../compile/stage.ts';
import { type Mark, markNow } from '../engine/marks.ts';
import type { Failover, Sustainer } from '../result.ts';
import { demandPerSecond } from './demand.ts';
import { percent } from './words.ts';

const S = 1_000_000_000;
/** The trigger, and what hung on it, must have been gone for this many times (timeout + largest backoff). */
const PATIENCES = 5;
/** Seconds there must be to judge by. */
const LEAST_SECONDS = 5;
const GOOD = 0.9;
/** What counts as sustaining: shares below are everyday. */
const NOTABLE = 0.1;

/**
 * @param startNs when the fault struck
 * @param goneNs when it was mended
 */
export function metastability(
  compiled: Compiled,
  startNs: number,
  goneNs: number,
  fault: number,
): Failover['metastable'] {
  const { world, outcomes } = compiled.kernel;
  const end = Math.floor(world.clock[0] / S);
  const from = Math.ceil((goneNs + hangsNs(compiled, fault) + PATIENCES * patienceNs(compiled)) / S);
  if (end - from < LEAST_SECONDS) return null;
  const before = Math.floor(startNs / S);
  const first = Math.floor(world.windowStartNs / S);
  if (before - first < LEAST_SECONDS) return null;
  const offeredBefore = mean(outcomes.offeredBySecond, first, before);
  const goodBefore = mean(outcomes.completedBySecond, first, before);
  const goodput = mean(outcomes.completedBySecond, from, end);
  const demand = demandFrom(compiled, from, end);
  // That it could serve this load it has shown before.
  const couldServe = goodBefore >= GOOD * offeredBefore && demand <= offeredBefore * 1.1;
  if (!couldServe || goodput >= GOOD * demand) return null;
  return {
    afterSeconds: from - startNs / S,
    goodputPerSecond: goodput,
    demandPerSecond: demand,
    sustainedBy: sustainers(compiled, fault, startNs, goneNs),
  };
}

/** Timeout and largest backoff of the most patient population. */
function patienceNs({ builder }: Compiled): number {
  return builder.stage.clients.reduce((most, { timeoutNs, retry }) => {
    const { baseNs, capNs, factor } = retry.backoff;
    let backoff = retry.attempts > 1 ? baseNs : 0;
    for (let i = 2; i < retry.attempts && backoff < capNs; i++) backoff *= factor;
    return Math.max(most, (timeoutNs ?? 0) + Math.min(capNs, backoff));
  }, 0);
}

/**
 * How long after a fault has passed a call may still hang that was sent while it lasted, ns: until then threads and
 * connections are held by it, not by the system itself. A process that is killed answers with resets, so nothing hangs.
 */
function hangsNs({ builder, faults }: Compiled, fault: number): number {
  const settings = faults.settings[fault];
  if (settings === undefined || (settings.kind === 'crash' && settings.how === 'kill')) return 0;
  return builder.sites.reduce((most, { lane, firstLane = lane }) => {
    const timeoutNs = (one: number): number => (one < 0 ? 0 : builder.lanes[one]);
    return Math.max(most, timeoutNs(lane), timeoutNs(firstLane));
  }, 0);
}

/** Open arrivals come whatever happens; users of a closed population want what they would get if it answered. */
function demandFrom(compiled: Compiled, from: number, end: number): number {
  const closed = compiled.builder.stage.clients.some(({ users }) => users !== null);
  if (!closed) return mean(compiled.kernel.outcomes.offeredBySecond, from, end);
  const { windowStartNs } = compiled.kernel.world;
  return demandPerSecond(compiled, from * S - windowStartNs, end * S - windowStartNs);
}

function sustainers({ kernel }: Compiled, fault: number, startNs: number, goneNs: number): Sustainer[] {
  const { world, outcomes, calls } = kernel;
  const marks = world.history.marks.filter((mark) => mark.fault === fault);
  const begun = marks.find(({ atNs }) => atNs === startNs);
  const gone = marks.find(({ atNs }) => atNs === goneNs);
  if (begun === undefined || gone === undefined) return [];
  const now = markNow(world, outcomes, calls);
  const list = [retries(gone, now), expired(gone, now), coldCache(begun, gone, now)];
  return list.filter((each) => each !== null).sort((a, b) => b.share - a.share);
}

function retries(gone: Mark, now: Mark): Sustainer | null {
  const attempts = now.attempts - gone.attempts;
  const share = attempts === 0 ? 0 : Math.max(0, 1 - (now.offered - gone.offered) / attempts);
  return share < NOTABLE ? null : { what: 'retries', share, text: `${percent(share)} of the attempts were retries` };
}

function expired(gone: Mark, now: Mark): Sustainer | null {
  const answered = now.answered - gone.answered;
  const share = answered === 0 ? 0 : Math.min(1, (now.late - gone.late) / answered);
  if (share < NOTABLE) return null;
  return { what: 'expired work', share, text: `${percent(share)} of the answers came when nobody waited any more` };
}

function coldCache(begun: Mark, gone: Mark, now: Mark): Sustainer | null {
  const lookups = now.lookups - gone.lookups;
  if (lookups === 0 || begun.lookups === 0) return null;
  const before = begun.hits / begun.lookups;
  const after = (now.hits - gone.hits) / lookups;
  const share = before - after;
  if (share < NOTABLE) return null;
  return {
    what: 'cold cache',
    share,
    text: `caches hit ${percent(after)} of the look-ups against ${percent(before)} before`,
  };
}

function mean(series: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let s = from; s < to; s++) sum += series[s] ?? 0;
  return to > from ? sum / (to - from) : 0;
}
