/** Networks of stations: fork-join, closed, open. */
import { type Figure, hold } from './harness.ts';
import { knownCases } from './known.ts';
import { component, latency, sojourn, type Statistic, throughput, utilization } from './readings.ts';

const S = 1000;
/** One unit of time is a millisecond in the scenario. */
const UNIT = 1;

/** Figures given as lists, one per station. */
const perStation = (unitMs: number, stations: string[]): Figure[] =>
  stations.flatMap((name, i) => [
    { known: `Ri.${i}`, read: sojourn(unitMs, name, 'mean') },
    { known: `Ui.${i}`, read: utilization(name) },
    { known: `Qi.${i}`, read: (stage) => component(stage, name).queueMean + component(stage, name).utilization },
  ]);

const TAILS: Statistic[] = ['mean', 'p50', 'p95', 'p99'];

const gather = (id: string, sizes: number[], statistics: Statistic[]): Figure[] =>
  sizes.flatMap((n) =>
    statistics.map((statistic) => ({
      known: `n${n}.${statistic}`,
      stage: `${id}, n ${n}`,
      read: latency(UNIT, 'ask', statistic),
    })),
  );

const interactive = (users: number): Figure[] =>
  [
    { known: `N${users}.X`, read: throughput(S, 'app') },
    { known: `N${users}.R`, read: latency(S, 'work', 'mean') },
    { known: `N${users}.U.0`, read: utilization('app') },
    { known: `N${users}.U.1`, read: utilization('db') },
  ].map((figure) => ({ ...figure, stage: `Q58, ${users} users` }));

hold('networks', knownCases('queueing.json'), [
  {
    id: 'Q47',
    scenario: 'forkjoin.yaml',
    figures: [
      { known: 'mean_response', read: latency(UNIT, 'ask', 'mean') },
      { known: 'crosscheck_independent_sim.p50', read: latency(UNIT, 'ask', 'p50') },
      { known: 'crosscheck_independent_sim.p95', read: latency(UNIT, 'ask', 'p95') },
      { known: 'crosscheck_independent_sim.p99', read: latency(UNIT, 'ask', 'p99') },
    ],
  },
  {
    id: 'Q49',
    scenario: 'forkjoin.yaml',
    figures: [
      { known: 'simulated_mean', read: latency(UNIT, 'ask', 'mean') },
      { known: 'simulated_p99', read: latency(UNIT, 'ask', 'p99') },
    ],
  },
  { id: 'Q51', scenario: 'forkjoin.yaml', replications: 1, figures: gather('Q51', [1, 10, 100], TAILS) },
  {
    id: 'Q52',
    scenario: 'forkjoin.yaml',
    replications: 1,
    figures: [...gather('Q52', [20, 50], TAILS), ...gather('Q52', [500], ['mean', 'p50'])],
  },
  {
    id: 'Q55',
    scenario: 'closed.yaml',
    note: 'The case routes at random; the scenario visits in a fixed order with the same counts, which leaves all means as they are (Baskett, Chandy, Muntz, Palacios 1975).',
    figures: [
      { known: 'X', read: throughput(S, 'route') },
      { known: 'R', read: latency(S, 'work', 'mean') },
      ...perStation(S, ['cpu', 'disk-a', 'disk-b']),
    ],
  },
  {
    id: 'Q56',
    scenario: 'central-server.yaml',
    figures: [
      { known: 'X', read: throughput(S, 'route') },
      { known: 'R', read: latency(S, 'work', 'mean') },
      ...perStation(S, ['cpu', 'disk-a', 'disk-b', 'disk-c']),
    ],
  },
  { id: 'Q58', scenario: 'interactive.yaml', figures: [50, 125, 200].flatMap(interactive) },
  {
    id: 'Q60',
    scenario: 'jackson.yaml',
    note: 'The case feeds back at random; the scenario makes the same number of visits in a fixed order, which leaves all means as they are (Kelly 1975).',
    figures: [
      ...['s1', 's2', 's3', 's4'].flatMap((name, i): Figure[] => [
        { known: `R.${i}`, read: sojourn(S, name, 'mean') },
        { known: `U.${i}`, read: utilization(name) },
      ]),
      { known: 'mean_e2e', read: latency(S, 'work', 'mean') },
    ],
  },
  {
    id: 'Q61',
    scenario: 'chain.yaml',
    figures: [
      ...TAILS.map((statistic) => ({
        known: statistic,
        read: latency(S, 'work', statistic),
      })),
      ...['lb', 'app', 'cache', 'db'].flatMap((name): Figure[] => [
        { known: `util.${name}`, read: utilization(name) },
        { known: `mean_sojourn.${name}`, read: sojourn(S, name, 'mean') },
      ]),
    ],
  },
]);
