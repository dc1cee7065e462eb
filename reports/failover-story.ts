/** One fault as a story that each report tells its own way: moments in order of time, and the price in one line. */
import type { Failover } from '../sim/result.ts';
import { plural, rate, secondsText } from './format.ts';

export interface Moment {
  /** Since the fault. */
  afterSeconds: number;
  /** Not yet safe for any output. */
  what: string;
  /** Measured by the definitions, as against told by a component. */
  milestone: boolean;
  /** Known to the second only: `afterSeconds` is where that second begins. */
  isAbout: boolean;
}

/** What requests tell is counted by the second. A recovery at once is exact: nothing got worse. */
function milestonesOf(it: Failover): Moment[] {
  const { recoveredAfterSeconds: recovered } = it;
  const milestones: [number | null, string, isAbout?: boolean][] = [
    [0, 'fault'],
    [it.firstFailureAfterSeconds, 'first request fails', true],
    [it.firstGoodAfterSeconds, 'first request succeeds again', true],
    [it.detectedAfterSeconds, 'detected'],
    [it.decidedAfterSeconds, 'decided: a new leader is chosen'],
    [it.promotedAfterSeconds, 'promoted: its part is taken over'],
    [recovered, 'recovered: goodput, failures and p99 are back', recovered !== 0],
    [it.rejoinedAfterSeconds, 'rejoined: who had led has caught up'],
    [it.failback?.beganAfterSeconds ?? null, 'failback begins: no writes are taken'],
    [it.failback?.doneAfterSeconds ?? null, 'failback is over: the preferred leader takes writes'],
  ];
  return milestones.flatMap(([after, what, isAbout = false]) =>
    after === null ? [] : [{ afterSeconds: after, what, milestone: true, isAbout }],
  );
}

/** The measured milestones and the told events, in order of time; an exact milestone before what explains it. */
export function momentsOf(it: Failover): Moment[] {
  const moments: Moment[] = [
    ...milestonesOf(it),
    ...it.timeline.map((event) => ({
      afterSeconds: Math.round((event.atSeconds - it.atSeconds) * 1e9) / 1e9, // lest the difference sort before its milestone
      what: event.what.replace(/^t\+[\d.]+ ?m?s /, ''), // its own clock would be told twice
      milestone: false,
      isAbout: false,
    })),
  ];
  return moments.sort((a, b) => latest(a) - latest(b)); // stable, so milestones stay first
}

/** When it has happened for certain: what requests tell of is the effect of what is known exactly. */
function latest({ afterSeconds, isAbout }: Moment): number {
  return isAbout ? afterSeconds + 1 : afterSeconds;
}

/** When a moment was, since the fault: "+5.41 s", "about +5 s". @param exactly writes seconds that are known exactly */
export function whenText({ afterSeconds, isAbout }: Moment, exactly: (seconds: number) => string): string {
  // The second that the fault is in began before it.
  return isAbout ? `about +${Math.max(1, Math.round(afterSeconds))} s` : `+${exactly(afterSeconds)}`;
}

/** "recovered after 8 s · 105 requests failed · …"; what did not happen in the window is said, not left out. */
export function price(it: Failover): string {
  const missing = [it.detectedAfterSeconds === null ? 'not detected' : '', recoveryText(it)].filter(
    (text) => text !== '',
  );
  return [
    ...missing,
    `RPO ${secondsText(it.rpoSeconds)}`,
    `${plural(it.requestsFailed, 'request')} failed`,
    `${plural(it.acknowledgedWritesLost, 'acknowledged write')} lost`,
    plural(it.staleReads, 'stale read'),
    ...(it.conflicts > 0 ? [plural(it.conflicts, 'conflict')] : []),
    ...(it.duplicates > 0 ? [plural(it.duplicates, 'duplicate')] : []),
    ...(it.writesDiscarded > 0 ? [`${plural(it.writesDiscarded, 'write')} discarded on return`] : []),
    ...(it.failback === null ? [] : [failbackText(it.failback)]),
  ].join(' · ');
}

function recoveryText({ hasBaseline, recoveredAfterSeconds }: Failover): string {
  if (!hasBaseline) return 'RTO unknown, as too little of the run was before it';
  if (recoveredAfterSeconds === null) return 'not recovered by the end of the window';
  return `RTO ${secondsText(recoveredAfterSeconds)}`;
}

function failbackText(it: NonNullable<Failover['failback']>): string {
  const { doneAfterSeconds, unavailableSeconds, requestsFailed, acknowledgedWritesLost } = it;
  if (doneAfterSeconds === null) return 'failback not completed';
  const price = `${plural(requestsFailed, 'request')} failed, ${plural(acknowledgedWritesLost, 'write')} lost`;
  return `failback after ${secondsText(doneAfterSeconds)}, ${secondsText(unavailableSeconds)} without writes, ${price}`;
}

/** One sentence on a system that stays down by itself; '' when it does not. */
export function metastableText({ metastable }: Failover): string {
  if (metastable === null) return '';
  const { goodputPerSecond, demandPerSecond, sustainedBy } = metastable;
  const rates = `${rate(goodputPerSecond)}/s of the ${rate(demandPerSecond)}/s wanted`;
  const why =
    sustainedBy.length === 0
      ? 'what sustains it was not found'
      : `sustained by ${sustainedBy.map(({ what, text }) => `${what} (${text})`).join(', ')}`;
  return `METASTABLE: the trigger is long gone and goodput stays at ${rates}, ${why}`;
}
