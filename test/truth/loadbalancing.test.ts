/** Balancing policies: power of d choices, rotation, shortest queue, sessions thrown at random. */
import { type Figure, type Held, hold } from './harness.ts';
import { knownCases } from './known.ts';
import { component, latency, type Statistic } from './readings.ts';

/** One unit of time is a millisecond in the scenarios. */
const UNIT = 1;
const SCENARIO = 'balancer.yaml';

/** The case gives the simulation of its paper and one of its own, the more precise, with its interval. */
const choices = (id: string): Held => ({
  id,
  scenario: SCENARIO,
  replications: 1,
  figures: [{ known: 'own_simulation', read: latency(UNIT, 'work', 'mean'), referenceError: 'own_ci95' }],
});

const rotation = (id: string, far = true): Held => ({
  id,
  scenario: SCENARIO,
  figures: [
    { known: 'mean_sojourn', read: latency(UNIT, 'work', 'mean') },
    { known: 'p50', read: latency(UNIT, 'work', 'p50') },
    ...(far ? [{ known: 'p99', read: latency(UNIT, 'work', 'p99') }] : []),
  ],
});

const shortest = (id: string): Held => ({
  id,
  scenario: SCENARIO,
  figures: [{ known: 'mean_sojourn', read: latency(UNIT, 'work', 'mean') }],
});

const ladder = (id: string, policies: string[], statistics: Statistic[]): Held => ({
  id,
  scenario: SCENARIO,
  figures: policies.flatMap((policy) =>
    statistics.map((statistic) => ({
      known: `${policy}.${statistic}`,
      stage: `${id.replace('LB-policies-', '')} ${policy}`,
      read: latency(UNIT, 'work', statistic),
    })),
  ),
});

const sessions = (count: number): Figure => ({
  known: `${count}_100`,
  stage: `${count} sessions`,
  read: (stage) => {
    const { utilization, utilizationBusiest } = component(stage, 'app');
    return (count / 100) * (utilizationBusiest / utilization);
  },
});

hold('loadbalancing', knownCases('loadbalancing.json'), [
  choices('LB-pod-d2-l0.5'),
  choices('LB-pod-d2-l0.7'),
  choices('LB-pod-d2-l0.8'),
  choices('LB-pod-d2-l0.9'),
  choices('LB-pod-d3-l0.5'),
  choices('LB-pod-d3-l0.8'),
  choices('LB-pod-d5-l0.5'),
  choices('LB-pod-d5-l0.8'),
  rotation('LB-rr-n2-l0.5'),
  rotation('LB-rr-n2-l0.7', false),
  rotation('LB-rr-n4-l0.5'),
  rotation('LB-rr-n10-l0.5'),
  rotation('LB-rr-n10-l0.8', false),
  shortest('LB-jsq2-l0.5'),
  shortest('LB-jsq2-l0.8'),
  ladder('LB-policies-n10-l0.7', ['random', 'rr', 'jsq'], ['mean', 'p99']),
  ladder('LB-policies-n10-0.8-det', ['random', 'rr', 'jsq'], ['mean', 'p99']),
  ladder('LB-policies-n10-0.8-logn', ['jsq'], ['mean', 'p99']),
  { id: 'LB-balls-bins-V', scenario: 'sticky.yaml', replications: 30, figures: [sessions(1000), sessions(10000)] },
]);
