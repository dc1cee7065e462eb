/** One station: M/M/c, M/G/1, arrivals that are not Poisson. */
import { type Figure, hold } from './harness.ts';
import { knownCases } from './known.ts';
import { latency, queueMean, type Reading, share, sojourn, type Statistic, utilization } from './readings.ts';

const S = 1000;
/** One unit of time is a millisecond in the scenario. */
const UNIT = 1;

/** Mean number inside: those waiting and the busy servers. */
const inside =
  (servers: number): Reading =>
  (stage) =>
    queueMean('server')(stage) + servers * utilization('server')(stage);

/** The figures of one station by the names the cases give them. */
function station(unitMs: number, servers: number, wait: string, names: string[]): Figure[] {
  return names.map((known) => {
    const read = (): Reading => {
      if (known === 'rho') return utilization('server');
      if (known === 'L') return inside(servers);
      if (known === 'Lq') return queueMean('server');
      if (known === 'P_wait') return share('look', 'timedOut');
      if (known === 'mean_wait') return latency(unitMs, wait, 'mean');
      if (known === 'mean_sojourn') return sojourn(unitMs, 'server', 'mean');
      if (known.startsWith('wait_')) return latency(unitMs, wait, known.slice(5) as Statistic);
      return sojourn(unitMs, 'server', known as Statistic);
    };
    return { known, read: read() };
  });
}

const MEANS = ['rho', 'mean_sojourn', 'mean_wait', 'L'];

const mmc = (id: string, unitMs: number, servers: number, names: string[]) => ({
  id,
  scenario: 'mmc.yaml',
  figures: station(unitMs, servers, 'begin', names),
});

const mg1 = (id: string, unitMs: number, names: string[]) => ({
  id,
  scenario: 'mg1.yaml',
  figures: station(unitMs, 1, 'begin', names),
});

// Not every figure of every case: at high load the far percentiles need runs ten times as long as the means.
hold('stations', knownCases('queueing.json'), [
  mmc('Q01', S, 1, [...MEANS, 'P_wait', 'p50', 'p95', 'wait_p50']),
  mmc('Q02', S, 1, [...MEANS, 'P_wait', 'p50', 'p95', 'p99', 'wait_p95', 'wait_p99']),
  mmc('Q05', UNIT, 2, ['rho', 'mean_sojourn', 'mean_wait', 'L', 'P_wait', 'p50', 'wait_p50']),
  mmc('Q06', UNIT, 4, [...MEANS, 'P_wait', 'p50', 'p95', 'p99', 'wait_p50', 'wait_p95', 'wait_p99']),
  mmc('Q07', UNIT, 8, ['rho', 'mean_sojourn', 'L', 'P_wait', 'p50', 'p95', 'p99']),
  mmc('Q08', UNIT, 16, ['rho', 'mean_sojourn', 'L', 'P_wait', 'p50', 'p95', 'p99']),
  mmc('Q11', UNIT, 2, [...MEANS, 'P_wait', 'p50', 'p95']),
  {
    id: 'Q12',
    scenario: 'mmc.yaml',
    figures: [
      { known: 'P_wait_c5', stage: 'Q12, 5 servers', read: share('look', 'timedOut') },
      { known: 'P_wait_c10', stage: 'Q12, 10 servers', read: share('look', 'timedOut') },
    ],
  },
  mg1('Q21', S, [...MEANS, 'P_wait', 'p50', 'p95', 'p99', 'wait_p50', 'wait_p95', 'wait_p99']),
  mg1('Q23', S, [...MEANS, 'P_wait']),
  mg1('Q25', UNIT, [...MEANS, 'P_wait', 'p50', 'p95']),
  mg1('Q27', UNIT, [...MEANS, 'P_wait']),
  {
    id: 'Q32',
    scenario: 'arrivals.yaml',
    figures: station(UNIT, 1, 'begin', ['mean_sojourn', 'mean_wait', 'p50', 'p95', 'p99']),
  },
  {
    id: 'Q34',
    scenario: 'arrivals.yaml',
    figures: [{ known: 'simulated_mean_wait', read: latency(UNIT, 'begin', 'mean') }],
  },
  {
    id: 'Q53',
    scenario: 'arrivals.yaml',
    figures: station(UNIT, 1, 'begin', ['mean_sojourn', 'L']),
  },
]);
