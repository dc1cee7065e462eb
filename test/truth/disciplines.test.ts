/** One station that shares its core, orders, loses, or is left by its customers, and one that breaks down. */
import type { StageResult } from '../../sim/result.ts';
import { hold } from './harness.ts';
import { knownCases } from './known.ts';
import { component, latency, queueMean, shareOfAll, sojourn, throughput, utilization } from './readings.ts';

const S = 1000;
/** One unit of time is a millisecond in the scenario. */
const UNIT = 1;

const loss = (id: string, unitMs: number) => ({
  id,
  scenario: 'loss.yaml',
  figures: [
    { known: 'P_block', read: shareOfAll('rejected') },
    { known: 'throughput', read: throughput(unitMs, 'server') },
    { known: 'utilization', read: utilization('server') },
    { known: 'Lq', read: queueMean('server') },
    { known: 'mean_sojourn', read: latency(unitMs, 'work', 'mean') },
    { known: 'mean_wait', read: latency(unitMs, 'begin', 'mean') },
  ],
});

const sharing = (id: string, unitMs: number) => ({
  id,
  scenario: 'sharing.yaml',
  figures: [
    { known: 'mean_sojourn', read: latency(unitMs, 'work', 'mean') },
    { known: 'crosscheck_independent_sim.p50', read: latency(unitMs, 'work', 'p50') },
    { known: 'crosscheck_independent_sim.p95', read: latency(unitMs, 'work', 'p95') },
    { known: 'crosscheck_independent_sim.p99', read: latency(unitMs, 'work', 'p99') },
  ],
});

/** Seconds in which requests were answered, but late; and those together with the seconds without an answer. */
const lateSeconds = ({ series }: StageResult): number =>
  series.filter((point) => point.p50Ms !== null && point.p50Ms > 8).length;
const disturbedSeconds = (stage: StageResult): number =>
  lateSeconds(stage) + stage.series.filter((point) => point.p50Ms === null).length;

hold('disciplines', knownCases('queueing.json'), [
  sharing('Q29', S),
  sharing('Q31', S),
  {
    id: 'Q36',
    scenario: 'order.yaml',
    figures: [
      { known: 'T_high', read: latency(UNIT, 'urgent', 'mean') },
      { known: 'T_low', read: latency(UNIT, 'patient', 'mean') },
      { known: 'crosscheck_independent_sim.T1_p99', read: latency(UNIT, 'urgent', 'p99') },
    ],
  },
  {
    id: 'Q40',
    scenario: 'order.yaml',
    figures: [
      { known: 'mean_sojourn', read: sojourn(UNIT, 'server', 'mean') },
      { known: 'crosscheck_independent_sim.p50', read: sojourn(UNIT, 'server', 'p50') },
      { known: 'crosscheck_independent_sim.p95', read: sojourn(UNIT, 'server', 'p95') },
      { known: 'crosscheck_independent_sim.p99', read: sojourn(UNIT, 'server', 'p99') },
    ],
  },
  {
    id: 'Q14',
    scenario: 'loss.yaml',
    figures: [
      { known: 'B_10_10', stage: 'Q14, 10 erlangs', read: shareOfAll('rejected') },
      { known: 'B_10_10', stage: 'Q14, 10 erlangs, constant service', read: shareOfAll('rejected') },
      { known: 'B_5_10', stage: 'Q14, 5 erlangs', read: shareOfAll('rejected') },
    ],
  },
  loss('Q16', UNIT),
  loss('Q17', S),
  loss('Q20', S),
  {
    id: 'Q43',
    scenario: 'reneging.yaml',
    figures: [
      { known: 'P_abandon', read: (stage) => component(stage, 'server').errors / component(stage, 'server').arrivals },
      {
        known: 'mean_wait_all',
        read: (stage) =>
          (component(stage, 'server').queueMean / (component(stage, 'server').arrivals / stage.simulatedSeconds)) *
          1000,
      },
      { known: 'P_wait', read: (stage) => 1 - stage.operations.look.completed / stage.operations.look.offered },
      { known: 'utilization', read: utilization('server') },
    ],
  },
  {
    id: 'Q45',
    scenario: 'breakdown.yaml',
    figures: [
      { known: 'mean_sojourn', read: latency(UNIT, 'work', 'mean') },
      { known: 'crosscheck_independent_sim.p99', read: latency(UNIT, 'work', 'p99') },
    ],
  },
  {
    id: 'Q64',
    scenario: 'backlog.yaml',
    figures: [
      { known: 'backlog_at_recovery', toleranceOnly: true, read: (stage) => component(stage, 'server').queueMax },
      { known: 'first_request_delay_s', toleranceOnly: true, read: (stage) => (stage.latencyMs.max ?? 0) / S },
      { known: 'drain_s', toleranceOnly: true, read: lateSeconds },
      { known: 'total_disturbed_s', toleranceOnly: true, read: disturbedSeconds },
      { known: 'requests_delayed', toleranceOnly: true, read: (stage) => stage.operations.look.timedOut * 28 },
    ],
  },
]);
