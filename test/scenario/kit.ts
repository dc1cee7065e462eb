/**
 * What the scenario tests share: the component types with their settings only, and short ways to parse.
 */
import * as balancer from '../../sim/actors/routing/balancer.settings.ts';
import * as server from '../../sim/actors/compute/server.settings.ts';
import * as cache from '../../sim/actors/storage/cache.settings.ts';
import * as database from '../../sim/actors/storage/database.settings.ts';
import type { ActorLike } from '../../sim/scenario/component.ts';
import { type ParseOptions, parseScenario } from '../../sim/scenario/parse.ts';
import { formatProblem } from '../../sim/scenario/problem.ts';
import type { Scenario } from '../../sim/scenario/settings.ts';

const none = () => [];

export const TYPES: readonly ActorLike[] = [
  { type: 'server', settings: server.settings, serves: ['named'], references: server.references, check: server.check },
  {
    type: 'balancer',
    settings: balancer.settings,
    serves: ['named'],
    references: balancer.references,
    check: balancer.check,
  },
  {
    type: 'database',
    settings: database.settings,
    serves: ['read', 'write'],
    references: none,
    nodes: database.nodes,
    metrics: { staleReads: 'count', replicationLagMs: 'ms' },
  },
  {
    type: 'cache',
    settings: cache.settings,
    serves: ['get', 'set', 'delete'],
    references: none,
    nodes: cache.nodes,
    metrics: { hitRatio: 'ratio' },
  },
];

/** A small scenario that is right in every respect; tests change a line of it. */
export const GOOD = `name: Small
run: { duration: 30s, warmup: 5s, seed: 1 }
clients:
  players:
    users: 100
    think: { exponential: 5s }
    does: { move: 80%, look: 20% }
    entry: lb
components:
  lb: { type: balancer, targets: app }
  app:
    type: server
    instances: 2
    operations:
      move: [ { cpu: { exponential: 4ms } }, { write: db } ]
      look: [ { cpu: 1ms }, { read: db } ]
  db:
    type: database
    read: { cpu: 2ms }
    write: { cpu: 3ms, fsync: 4ms }
thresholds:
  latency: p(99) < 500ms
`;

export const parse = (text: string, options?: ParseOptions) => parseScenario(text, 'a/small.yaml', TYPES, options);

/** The scenario, or a failure that shows the problems. */
export function good(text: string, options?: ParseOptions): Scenario {
  const { scenario, problems } = parse(text, options);
  if (scenario === null) throw new Error(problems.map(formatProblem).join('\n'));
  return scenario;
}

/** GOOD with one text replaced; fails when it is not there, so that no test tests nothing. */
export function changed(before: string, after: string, text = GOOD): string {
  if (!text.includes(before)) throw new Error(`not in the scenario: ${before}`);
  return text.replace(before, () => after);
}

/** `line:column message | hint` of every problem. */
export const told = (text: string, options?: ParseOptions): string[] =>
  parse(text, options).problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint === '' ? '' : ` | ${hint}`}`,
  );
