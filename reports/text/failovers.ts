/** The story of each fault: when it was felt, noticed, answered and over, and what it cost. */
import type { Failover, StageResult } from '../../sim/result.ts';
import { metastableText, type Moment, momentsOf, price, whenText } from '../failover-story.ts';
import { plural, secondsText } from '../format.ts';
import { prose, terminal } from '../safe.ts';
import { padStart, wrap } from './columns.ts';
import type { Paint } from './ink.ts';
import type { Page } from './page.ts';

/** Moments told before the rest is left to the JSON report, unless everything is asked for. */
const SHOWN = 30;

export function failovers(stage: StageResult, page: Page): string[] {
  return stage.failovers.flatMap((it, index) => [...(index === 0 ? [] : ['']), ...failover(it, page)]);
}

function failover(it: Failover, page: Page): string[] {
  const { ink } = page;
  const moments = momentsOf(it);
  const shown = page.verbosity === 'full' ? moments : moments.slice(0, SHOWN);
  const left = moments.length - shown.length;
  return [
    ...wrap(
      `Fault: ${terminal(it.fault)}${it.component === '' ? '' : `, ${terminal(it.component)}`} at ${secondsText(it.atSeconds)}`,
      page.width - 2,
    ).map((line) => `  ${ink.strong(line)}`),
    ...shown.flatMap((moment) => momentLines(moment, page)),
    ...(left > 0 ? [ink.faint(`${' '.repeat(14)}and ${plural(left, 'moment')} more`)] : []),
    ...wrap(price(it), page.width - 4).map((line) => `    ${line}`),
    ...(it.metastable === null
      ? []
      : wrap(terminal(metastableText(it)), page.width - 4).map((line) => `    ${ink.strong(line)}`)),
  ];
}

function momentLines(moment: Moment, page: Page): string[] {
  const when = padStart(
    whenText(moment, (seconds) => `${seconds.toFixed(2)} s`),
    12,
  );
  const paint: Paint = moment.milestone ? page.ink.strong : page.ink.faint;
  return wrap(terminal(prose(moment.what)), page.width - 17).map(
    (line, index) =>
      `${index === 0 ? when : ' '.repeat(12)}  ${page.ink.faint(index > 0 ? '│' : moment.milestone ? '●' : '│')} ${paint(line)}`,
  );
}
