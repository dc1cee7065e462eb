/** What stands beneath the pictures: what the faults did, and the sample of requests. */
import type { StageRecording } from '../../../sim/recording/format.ts';
import { h } from '../dom.ts';
import { failoverStrip } from '../panels/failover.ts';
import { type RequestsPanel, requestsPanel } from '../panels/requests.ts';
import { endOf } from '../time/slices.ts';

export interface BelowEvents {
  seek(time: number): void;
  pick(request: number | null): void;
}

/** Fills `room` for the stages on show. The requests are those of the first. */
export function fillBelow(room: HTMLElement, stages: readonly StageRecording[], events: BelowEvents): RequestsPanel {
  const requests = requestsPanel(stages[0], events.pick);
  const isCompared = stages.length > 1;
  const strips = stages.flatMap((stage) => {
    const { failovers, name } = stage.result;
    const drawn = failovers.map((it) => failoverStrip(it, endOf(stage.slices), room.clientWidth - 38, events.seek));
    return isCompared && drawn.length > 0 ? [h('h3', { class: 'of-stage' }, name), ...drawn] : drawn;
  });
  const faults = h('section', { class: 'section', 'aria-label': 'Failover' }, h('h2', {}, 'What the faults did'));
  faults.append(...strips);
  room.replaceChildren(...(strips.length > 0 ? [faults] : []), requests.element);
  return requests;
}
