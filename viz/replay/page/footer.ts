/** The end of the page: what was recorded, how to see the same again, and what was left out. */
import type { Recording } from '../../../sim/recording/format.ts';
import { plural } from '../../../reports/format.ts';
import { h } from '../dom.ts';

/** The footer of one recording, or of two. */
export function pageFooter(recordings: readonly Recording[]): HTMLElement {
  return h('footer', {}, ...recordings.flatMap((it) => aboutOne(it, recordings.length > 1)));
}

function aboutOne(recording: Recording, isNamed: boolean): (HTMLElement | false)[] {
  const { tenfold, seed, replications, command, scenario, stages } = recording;
  const pooled =
    replications > 1
      ? `; the first of ${plural(replications, 'replication')} is shown, the figures of the stages are of all`
      : '';
  const dropped = stages.flatMap((stage) => stage.dropped.map((text) => `${stage.result.name}: ${text}`));
  return [
    h('p', {}, `${isNamed ? `${scenario.name}: recorded` : 'Recorded'} by Tenfold ${tenfold}, seed ${seed}${pooled}.`),
    command !== '' && h('p', {}, 'To see the same run: ', h('code', {}, command)),
    dropped.length > 0 &&
      h(
        'details',
        {},
        h('summary', {}, 'What was left out to keep this page small'),
        h('ul', {}, ...dropped.map((text) => h('li', {}, text))),
      ),
  ];
}
