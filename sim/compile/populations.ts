/** Clients' settings → populations: a node each (so that links, cuts and paths know them), and a call site per operation. */
import type { Builder } from './builder.ts';
import { compileLive, HANDSHAKE, liveNames } from './live.ts';
import { carriedBy } from './payload.ts';
import { LimitError } from '../engine/errors.ts';
import { Id } from '../engine/rows.ts';
import { KeyPopularity } from '../random/zipf.ts';
import type { ClientSettings } from '../scenario/settings.ts';
import { LoadShape } from '../workload/load-shape.ts';
import type { LiveUsers } from '../workload/live/live-users.ts';
import type { PopulationSpec } from '../workload/population.ts';

export type PopulationPlan = Omit<PopulationSpec, 'identity'> & { names: string[]; live: LiveUsers | null };

/** Users of closed populations: each is a row of 128 bytes from the start, and half as many more are for their requests. */
const MOST_USERS = 5_000_000;

/** @throws LimitError when the users would not fit into the memory budget */
export function compilePopulations(builder: Builder): PopulationPlan[] {
  const users = builder.stage.clients.reduce((sum, client) => sum + (client.users ?? 0), 0);
  if (users > MOST_USERS)
    throw new LimitError(`${users} users are more than the ${MOST_USERS} that fit into the memory budget`);
  let outcome = 0;
  return builder.stage.clients.map((client) => {
    const plan = compilePopulation(builder, client, outcome);
    outcome += plan.names.length;
    return plan;
  });
}

function compilePopulation(
  builder: Builder,
  client: ClientSettings & { name: string },
  firstOutcome: number,
): PopulationPlan {
  const draft = builder.component(client.name);
  const machine =
    builder.machines.push({
      cores: 1,
      memoryBytes: Infinity,
      connections: null,
      pricePerMonth: 0,
      speed: 1,
      tokens: 0,
      retimed: false,
      component: draft.id,
    }) - 1;
  const node = builder.node(draft, { machine }, builder.places.ofUsers(client.in));
  for (const place of client.travel?.to ?? []) builder.node(draft, { machine }, builder.places.ofUsers(place));
  const target = builder.component(client.entry).id;
  let sum = 0;
  const weights = client.does.map((d) => (sum += d.weight));
  // First tries that are begun when they arrive (core/first-hop.ts) must not wait behind others for their timeouts.
  const firstLane = builder.ownLane(client.timeoutNs);
  const sites = client.does.map((d) => {
    const carried = carriedBy(builder, builder.operation(d.operation), client.payloads?.[d.operation]);
    return builder.site(
      draft.id,
      target,
      carried.operation,
      { timeoutNs: client.timeoutNs, retry: client.retry, onError: 'fail', otherwise: null },
      {
        callers: Math.max(1, client.users ?? 1),
        firstLane,
        cancel: client.cancel,
        requestBytes: carried.requestBytes,
        responseBytes: carried.responseBytes,
      },
    );
  });
  const names = liveNames(client);
  return {
    name: client.name,
    component: draft.id,
    node,
    users: client.users ?? 0,
    think:
      client.think === null ? builder.distribution({ kind: 'constant', value: 0 }) : builder.distribution(client.think),
    ...arrivals(builder, client),
    weights: weights.map((w) => w / sum),
    sites,
    outcomes: names.map((_, i) => firstOutcome + i),
    operations: names.map((name, i) =>
      builder.operation(client.connect !== undefined && i === client.does.length ? HANDSHAKE : name),
    ),
    keys: popularity(client.keys),
    ownKeys: client.keys?.kind === 'own' ? client.keys.count : 0,
    travel: journeys(builder, client),
    priority: builder.rank(client.priority),
    names,
    live: client.connect === undefined ? null : compileLive(builder, client, client.connect, node),
  };
}

function popularity(keys: ClientSettings['keys']): KeyPopularity | null {
  if (keys === null || keys.kind === 'own') return null;
  return new KeyPopularity(keys.kind === 'zipf' ? keys.exponent : 0, keys.count);
}

function journeys(builder: Builder, { travel }: ClientSettings): PopulationPlan['travel'] {
  if (travel === undefined) return null;
  const { share, home, away, to } = travel;
  return { share, home: builder.distribution(home), away: builder.distribution(away), destinations: to.length };
}

function arrivals(
  builder: Builder,
  client: ClientSettings,
): Pick<PopulationPlan, 'gap' | 'ratePerSecond' | 'poisson' | 'batch' | 'shape'> {
  const a = client.arrivals;
  if (a === null) return { gap: Id.None, ratePerSecond: 0, poisson: false, batch: 1, shape: new LoadShape([], []) };
  const shape = new LoadShape(a.curve, a.spikes);
  const { process } = a;
  if (process.kind === 'interarrival')
    return { gap: builder.distribution(process.gap), ratePerSecond: 0, poisson: false, batch: a.batch, shape };
  const poisson = process.kind === 'poisson';
  const gap = poisson
    ? builder.distribution({ kind: 'exponential', mean: (1e9 * a.batch) / process.ratePerSecond })
    : Id.None;
  return { gap, ratePerSecond: process.ratePerSecond, poisson, batch: a.batch, shape };
}
