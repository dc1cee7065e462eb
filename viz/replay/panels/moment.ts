/**
 * What happens at a moment, in sentences: the commentary beside the picture. Taken from the figures of the slice and
 * from what the run recorded, worst first; it never guesses.
 */
import type { ComponentRecording, FaultRecording, StageRecording } from '../../../sim/recording/format.ts';
import { duration, percent, plural, rate, secondsText, short } from '../../../reports/format.ts';
import { latenciesOf, lostPerSlice, totalOf } from '../charts/series.ts';
import { busiestResource, failuresIn, healthOf } from '../picture/health.ts';
import { sliceAt, widthOf } from '../time/slices.ts';

/** How long something that was told stays in the commentary, as a share of the stage and at least, seconds. */
const FRESH = { share: 0.03, least: 1.5 };
const MOST_SENTENCES = 4;

/** Sentences about a moment of a stage, the most important first; at least one. */
export function momentOf(stage: StageRecording, time: number): string[] {
  const { slices } = stage;
  if (slices.count === 0) return ['Nothing of this stage was recorded.'];
  const slice = sliceAt(slices, time);
  const said = [
    ...(time < 0 ? ['Warm-up: the system fills, and nothing is counted yet.'] : []),
    ...faultsAt(stage, time).map((it) => `${agoText(time - it.start)}: ${it.what}.`),
    ...toldAt(stage, time),
    ...trafficAt(stage, slice),
    ...troubleAt(stage, slice),
  ].slice(0, MOST_SENTENCES);
  return said.length > 0 ? said : [calm(stage, slice)];
}

/** Before what happened then, which is told as if it happened now. */
function agoText(seconds: number): string {
  const ago = roundTo(seconds, 1);
  return ago === 0 ? 'Just now' : `${secondsText(ago)} ago`;
}

function faultsAt(stage: StageRecording, time: number): FaultRecording[] {
  return stage.faults.filter(({ start, end }) => start <= time && (end === null || time < end));
}

/** What the components reported a moment ago. */
function toldAt(stage: StageRecording, time: number): string[] {
  const fresh = Math.max(FRESH.least, FRESH.share * stage.result.simulatedSeconds);
  const names = [...stage.components, ...stage.populations].map(({ name }) => name);
  const told = stage.happenings.filter(({ at, kind }) => at <= time && time - at < fresh && kind !== 'fault');
  return told.slice(-2).map(({ what }) => `${sentence(what, names)}.`);
}

function trafficAt(stage: StageRecording, slice: number): string[] {
  const width = widthOf(stage.slices, slice);
  const offered = totalOf(stage, (it) => it.offered)[slice] / width;
  const lost = lostPerSlice(stage)[slice] / width;
  const retries = totalOf(stage, (it) => it.retries)[slice] / width;
  const said: string[] = [];
  if (lost * width >= 1 && lost >= 0.005 * offered) {
    said.push(`${rate(lost)} requests a second end badly; ${rate(offered)} are offered.`);
  }
  if (retries > 0.05 * offered && retries * width >= 1) {
    said.push(`Clients retry: ${rate(retries)} of their attempts a second are second tries.`);
  }
  return said;
}

/** The components that are not well, worst first. */
function troubleAt(stage: StageRecording, slice: number): string[] {
  const weight = { down: 3, bad: 2, busy: 1, ok: 0 };
  return stage.components
    .map((component) => ({ component, ...healthOf(component, slice) }))
    .filter(({ health }) => health !== 'ok')
    .sort((a, b) => weight[b.health] - weight[a.health])
    .slice(0, 2)
    .map(({ component, why }) => troubleText(component, why, slice));
}

function troubleText(component: ComponentRecording, why: string, slice: number): string {
  const waiting = component.queueMean[slice];
  const queue = waiting >= 1 ? `, and ${plural(Math.round(waiting), 'request')} wait in front of it` : '';
  return `${component.name}: ${why}${queue}.`;
}

function calm(stage: StageRecording, slice: number): string {
  const completed = totalOf(stage, (it) => it.completed)[slice] / widthOf(stage.slices, slice);
  const p99 = latenciesOf(stage).p99[slice];
  const busiest = stage.components.reduce<ComponentRecording | null>(
    (most, it) => (most === null || it.utilization[slice] > most.utilization[slice] ? it : most),
    null,
  );
  const resource = busiest ? busiestResource(busiest, slice) : '';
  const load =
    busiest && resource !== ''
      ? ` The busiest part is ${busiest.name}, its ${resource} ${percent(busiest.utilizationBusiest[slice])} % busy.`
      : '';
  const speed = Number.isFinite(p99) ? `, 99 of 100 within ${duration(p99)}` : '';
  return `All is well: ${short(completed)} requests a second are answered${speed}.${load}`;
}

/** Failures of a component in a slice, for its panel. */
export function failureShare(component: ComponentRecording, slice: number): number {
  const failures = failuresIn(component, slice);
  const ended = failures + component.completed[slice];
  return ended > 0 ? failures / ended : Number.NaN;
}

/** "lb ejects app#3" → "Lb …" would be wrong: only a word in lower case letters that is no name is capitalised. */
export function sentence(text: string, names: readonly string[]): string {
  const [first] = text.split(' ');
  const isName = names.some((name) => text === name || text.startsWith(`${name} `));
  return /^[a-z]+$/.test(first) && !isName ? text[0].toUpperCase() + text.slice(1) : text;
}

function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
