/** Retries, budgets, amplification, a metastable failure, fan-out and hedging. */
import type { StageResult } from '../../sim/result.ts';
import { type Figure, type Held, hold } from './harness.ts';
import { knownCases } from './known.ts';
import { component, latency, shareOfAll, type Statistic } from './readings.ts';

/** Requests that reached a component, for each that reached another. */
const ratio =
  (to: string, from: string) =>
  (stage: StageResult): number =>
    component(stage, to).arrivals / component(stage, from).arrivals;

const MODES = ['no_retries', 'three_retries', 'adaptive_10pct'];

const failing = (id: string): Held => ({
  id,
  scenario: 'retries.yaml',
  replications: 1,
  figures: MODES.flatMap((mode): Figure[] => {
    const known = mode === 'adaptive_10pct' ? mode : `closed_form.${mode}`;
    const stage = `${id} ${mode}`;
    const load = { known: `${known}.load`, stage, read: ratio('server', 'client') };
    // One failure in a hundred million is more than a run can show.
    if (id === 'RT-brooker-f0.01' && mode === 'three_retries') return [load];
    return [{ known: `${known}.success`, stage, read: shareOfAll('completed') }, load];
  }),
});

const hedging = (id: string): Held => ({
  id,
  scenario: 'tail.yaml',
  replications: 1,
  note: 'A branch that lost goes on, so that the second request is always sent: the extra load of the case (5 % and 4 %) cannot be shown.',
  figures: ['base', 'hedged'].flatMap((how) =>
    (['p50', 'p99'] as Statistic[]).map((statistic) => ({
      known: `${how}.${statistic}`,
      stage: `${id} ${how}`,
      read: latency(1, 'ask', statistic),
    })),
  ),
});

/** Goodput of the last minute. */
const lastMinute = ({ series }: StageResult): number => {
  const last = series.slice(-60);
  return last.reduce((sum, point) => sum + point.goodputPerSecond, 0) / last.length;
};

hold('retries', knownCases('retries.json'), [
  failing('RT-brooker-f0.01'),
  failing('RT-brooker-f0.05'),
  failing('RT-brooker-f0.1'),
  failing('RT-brooker-f0.3'),
  {
    id: 'RT-amplify-V',
    scenario: 'amplification.yaml',
    replications: 1,
    figures: [
      { known: 'attempts', toleranceOnly: true, read: ratio('bottom', 'a') },
      {
        known: 'five_layers_three_tries',
        stage: 'RT-amplify-V, five layers',
        toleranceOnly: true,
        read: ratio('bottom', 'a'),
      },
    ],
  },
  {
    id: 'RT-budget',
    scenario: 'amplification.yaml',
    replications: 1,
    figures: [
      {
        known: 'with_budget',
        stage: 'RT-budget, with',
        toleranceOnly: true,
        read: (s) => s.attempts / s.requests.offered,
      },
      {
        known: 'without',
        stage: 'RT-budget, without',
        toleranceOnly: true,
        read: (s) => s.attempts / s.requests.offered,
      },
    ],
  },
  {
    id: 'RT-hotos-retry',
    scenario: 'metastable.yaml',
    replications: 1,
    figures: [
      { known: 'goodput_after', toleranceOnly: true, read: lastMinute },
      {
        known: 'db_qps_after',
        toleranceOnly: true,
        read: ({ attempts, simulatedSeconds }) => attempts / simulatedSeconds,
      },
    ],
  },
  {
    id: 'RT-tail-V',
    scenario: 'tail.yaml',
    replications: 1,
    figures: ['p01_n100', 'p001_n100'].map((known) => ({
      known,
      stage: `RT-tail-V ${known}`,
      read: shareOfAll('timedOut'),
    })),
  },
  hedging('RT-hedge-exp'),
  hedging('RT-hedge-bimodal-V'),
]);
