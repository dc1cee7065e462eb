/**
 * What a campaign of random architectures has met: actors, policies, kinds of faults, and how hard it was for them.
 * A thing counts once per architecture, and only where requests reached the component it belongs to.
 */
import type { StageResult } from '../../sim/result.ts';
import type { Architecture } from './generator/architecture.ts';
import type { Fields, Value } from './generator/draw.ts';

/** What must be met, by heading. */
export const WANTED: Readonly<Record<string, readonly string[]>> = {
  actor: ['cdn', 'server', 'balancer', 'database', 'cache', 'autoscaler', 'closed population', 'open population'],
  'balancer policy': [
    'round-robin',
    'weighted',
    'random',
    'least-connections',
    'two-random',
    'random-of',
    'key-hash',
    'consistent-hash',
    'consistent-hash bounded',
  ],
  'balancer feature': [
    'sticky',
    'active health',
    'passive health',
    'balancer retries',
    'slow start',
    'balancer behind balancer',
  ],
  'cdn feature': [
    'capacity',
    'requests that wait for one',
    'revalidation',
    'stale while it is revalidated',
    'stale on error',
    'purge of everything',
  ],
  'cache policy': [
    'lru',
    'lfu',
    'fifo eviction',
    'random eviction',
    'ttl',
    'sliding',
    'coalesce',
    'assumed hits',
    'several cache nodes',
  ],
  'database policy': [
    'asynchronous',
    'semi-synchronous',
    'synchronous',
    'read primary',
    'read replicas',
    'read any',
    'read your writes',
    'failover by election',
    'failover by monitor',
    'witness',
    'quorum',
    'shards',
  ],
  'server policy': [
    'threads',
    'event-loop',
    'workers',
    'queue fifo',
    'queue lifo',
    'queue priority',
    'patience',
    'memory',
    'sessions in memory',
    'sessions in cache',
    'pools',
    'restart',
    'on another machine',
    'scale by cpu',
    'scale by connections',
    'scale by queue',
  ],
  step: [
    'cpu',
    'sleep',
    'call',
    'call all',
    'read',
    'write',
    'get',
    'set',
    'delete',
    'parallel',
    'parallel first',
    'choose',
    'repeat',
    'respond',
    'fail',
    'else',
    'on-error continue',
  ],
  client: [
    'poisson',
    'constant',
    'interarrival',
    'batch',
    'curve',
    'spikes',
    'cancel',
    'retry',
    'jitter none',
    'jitter full',
    'jitter equal',
    'jitter decorrelated',
    'retry budget',
  ],
  fault: [
    'crash kill',
    'crash power',
    'crash pause',
    'slow',
    'delay',
    'lose',
    'partition',
    'crash at random',
    'slow at random',
    'link fault at random',
  ],
  // What came of it: a policy that never had anything to do is not tested.
  happened: [
    'a request completed',
    'a request failed',
    'a request timed out',
    'a request was rejected',
    'a request was in flight at the end',
    'an instance was ejected',
    'a balancer tried again',
    'a user moved',
    'a cache hit',
    'an eviction',
    'an entry expired',
    'a wait for a lease',
    'a stale hit',
    'a promotion',
    'a stale read',
    'out of memory',
    'a session was lost',
    'a scale-out',
    'a scale-in',
  ],
};

/** Figures of component types that are above zero when something happened. */
const FIGURES: Readonly<Record<string, string>> = {
  ejections: 'an instance was ejected',
  retries: 'a balancer tried again',
  usersMoved: 'a user moved',
  hits: 'a cache hit',
  evictions: 'an eviction',
  expired: 'an entry expired',
  coalesced: 'a wait for a lease',
  staleHits: 'a stale hit',
  promotions: 'a promotion',
  staleReads: 'a stale read',
  outOfMemory: 'out of memory',
  sessionsLost: 'a session was lost',
  scaleOuts: 'a scale-out',
  scaleIns: 'a scale-in',
};

export class Coverage {
  readonly counts = new Map<string, number>();
  architectures = 0;
  overloaded = 0;
  overlapping = 0;
  requests = 0;
  events = 0;

  add(architecture: Architecture, stage: StageResult): void {
    this.architectures++;
    this.requests += stage.requests.offered;
    this.events += stage.events;
    if (isOverloaded(stage)) this.overloaded++;
    if (haveOverlap(architecture)) this.overlapping++;
    for (const trait of traits(architecture, stage)) this.counts.set(trait, (this.counts.get(trait) ?? 0) + 1);
  }

  /** Things met fewer than `least` times: of what was asked for, or of what came of it. */
  missing(least: number, of: 'asked' | 'happened'): string[] {
    return Object.entries(WANTED)
      .filter(([heading]) => (heading === 'happened') === (of === 'happened'))
      .flatMap(([, names]) => names)
      .filter((name) => (this.counts.get(name) ?? 0) < least)
      .map((name) => `${name} (${this.counts.get(name) ?? 0})`);
  }

  table(): string {
    const percent = (count: number): string => `${((100 * count) / Math.max(1, this.architectures)).toFixed(1)} %`;
    const lines = [
      `${this.architectures} architectures, ${this.requests} requests, ${this.events} events`,
      `overloaded ${percent(this.overloaded)}, overlapping faults ${percent(this.overlapping)}`,
    ];
    for (const [heading, names] of Object.entries(WANTED)) {
      lines.push(heading);
      for (const name of names) lines.push(`  ${name.padEnd(36)}${String(this.counts.get(name) ?? 0).padStart(6)}`);
    }
    return lines.join('\n');
  }
}

/** Some resource had no pause: its busiest instance was busy for 95 % of the time or more. */
function isOverloaded(stage: StageResult): boolean {
  return stage.components.some(({ resources }) =>
    resources.some(({ resource, utilizationBusiest }) => resource !== 'memory' && utilizationBusiest >= 0.95),
  );
}

const milliseconds = (text: Value | undefined): number =>
  text === undefined ? Infinity : Number.parseInt(String(text), 10) / 1000;

/** Two faults that hold at the same time. Those at random, whose times are not in the file, don't count. */
export function haveOverlap({ faults }: Architecture): boolean {
  const spans = Object.values(faults)
    .filter(({ at }) => at !== undefined)
    .map(({ at, for: length }) => ({ from: milliseconds(at), to: milliseconds(at) + milliseconds(length) }));
  return spans.some((a, i) => spans.some((b, j) => j > i && a.from < b.to && b.from < a.to));
}

function traits(architecture: Architecture, stage: StageResult): Set<string> {
  const found = new Set<string>();
  const served = new Set(stage.components.filter(({ arrivals }) => arrivals > 0).map(({ name }) => name));
  for (const population of Object.values(architecture.clients)) clientTraits(population, found);
  for (const [name, component] of Object.entries(architecture.components)) {
    if (!served.has(name)) continue;
    found.add(String(component.type));
    if (component.on !== undefined) found.add('on another machine');
    if (component.type === 'server') serverTraits(component, found);
    else if (component.type === 'balancer') balancerTraits(component, architecture, found);
    else if (component.type === 'cdn') cdnTraits(component, found);
    else if (component.type === 'database') databaseTraits(component, found);
    else cacheTraits(component, found);
  }
  for (const fault of Object.values(architecture.faults)) faultTraits(fault, found);
  happenings(stage, found);
  return found;
}

function happenings({ requests, components }: StageResult, found: Set<string>): void {
  if (requests.completed > 0) found.add('a request completed');
  if (requests.failed > 0) found.add('a request failed');
  if (requests.timedOut > 0) found.add('a request timed out');
  if (requests.rejected > 0) found.add('a request was rejected');
  if (requests.inFlight > 0) found.add('a request was in flight at the end');
  for (const { extra } of components) {
    for (const [figure, what] of Object.entries(FIGURES)) if ((extra[figure] ?? 0) > 0) found.add(what);
  }
}

const has = (fields: Fields, ...names: string[]): boolean => names.every((name) => name in fields);

function clientTraits(population: Fields, found: Set<string>): void {
  found.add(has(population, 'users') ? 'closed population' : 'open population');
  if (population.cancel === true) found.add('cancel');
  if (has(population, 'retry')) retryTraits(population.retry as Fields, found);
  if (!has(population, 'arrivals')) return;
  for (const name of Object.keys(population.arrivals as Fields)) found.add(name);
}

function retryTraits(retry: Fields, found: Set<string>): void {
  if (retry.attempts === 1) return;
  found.add('retry');
  const jitter = (retry.backoff as Fields | undefined)?.jitter ?? 'none';
  found.add(`jitter ${String(jitter)}`);
  if (has(retry, 'budget')) found.add('retry budget');
}

function queueTraits(component: Fields, found: Set<string>): void {
  const queue = (component.queue ?? {}) as Fields;
  found.add(`queue ${String(queue.discipline ?? 'fifo')}`);
  if (has(queue, 'patience')) found.add('patience');
}

function serverTraits(server: Fields, found: Set<string>): void {
  found.add(Object.keys((server.runtime ?? { threads: 200 }) as Fields)[0]);
  queueTraits(server, found);
  for (const name of ['memory', 'pools', 'restart']) if (has(server, name)) found.add(name);
  if (has(server, 'sessions'))
    found.add((server.sessions as Fields).store === 'memory' ? 'sessions in memory' : 'sessions in cache');
  if (has(server, 'autoscale')) {
    found.add('autoscaler');
    for (const metric of ['cpu', 'connections', 'queue'])
      if (has(server.autoscale as Fields, metric)) found.add(`scale by ${metric}`);
  }
  for (const steps of Object.values(server.operations as Fields)) stepTraits(steps, found);
}

function stepTraits(value: Value, found: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) stepTraits(each, found);
  if (typeof value !== 'object' || Array.isArray(value)) return;
  const first = Object.keys(value)[0];
  if (WANTED.step.includes(first)) found.add(first);
  if (value.to === 'all') found.add('call all');
  if (has(value, 'parallel', 'first')) found.add('parallel first');
  if (has(value, 'else')) found.add('else');
  if (value['on-error'] === 'continue') found.add('on-error continue');
  if (has(value, 'retry')) retryTraits(value.retry as Fields, found);
  for (const inner of Object.values(value)) stepTraits(inner, found);
}

function balancerTraits(balancer: Fields, { components }: Architecture, found: Set<string>): void {
  const { policy, targets } = balancer;
  if (typeof policy === 'string') found.add(policy);
  else if (has(policy as Fields, 'random-of')) found.add('random-of');
  else
    found.add(
      has((policy as Fields)['consistent-hash'] as Fields, 'bound') ? 'consistent-hash bounded' : 'consistent-hash',
    );
  if (has(balancer, 'sticky') && balancer.sticky !== false) found.add('sticky');
  const health = (balancer.health ?? {}) as Fields;
  if (has(health, 'active')) found.add('active health');
  if (has(health, 'passive')) found.add('passive health');
  if (Number(balancer.retries ?? 0) > 0) found.add('balancer retries');
  if (has(balancer, 'slow-start')) found.add('slow start');
  const names = typeof targets === 'string' ? [targets] : Object.keys(targets as Fields);
  if (names.some((name) => components[name]?.type === 'balancer')) found.add('balancer behind balancer');
}

function cdnTraits(cdn: Fields, found: Set<string>): void {
  if (has(cdn, 'capacity')) found.add('capacity');
  if (cdn.coalesce !== false) found.add('requests that wait for one');
  if (has(cdn, 'revalidate')) found.add('revalidation');
  if (has(cdn, 'stale-while-revalidate')) found.add('stale while it is revalidated');
  if (has(cdn, 'stale-if-error')) found.add('stale on error');
  if (has(cdn, 'purges')) found.add('purge of everything');
}

function databaseTraits(database: Fields, found: Set<string>): void {
  queueTraits(database, found);
  if (has(database, 'replication')) found.add(String((database.replication as Fields).mode));
  if (has(database, 'replicas')) found.add(`read ${String(database.reads)}`);
  if (has(database, 'read-your-writes')) found.add('read your writes');
  if (has(database, 'quorum')) found.add('quorum');
  if (has(database, 'shards')) found.add('shards');
  const failover = (database.failover ?? {}) as Fields;
  if (failover.by !== undefined) found.add(`failover by ${String(failover.by)}`);
  if (failover.witness === true) found.add('witness');
}

function cacheTraits(cache: Fields, found: Set<string>): void {
  const policy = String(cache.policy);
  if (has(cache, 'hits')) found.add('assumed hits');
  else found.add(policy === 'fifo' || policy === 'random' ? `${policy} eviction` : policy);
  if (has(cache, 'ttl')) found.add('ttl');
  if (cache.sliding === true) found.add('sliding');
  if (has(cache, 'coalesce') && cache.coalesce !== false) found.add('coalesce');
  if (has(cache, 'nodes')) found.add('several cache nodes');
}

function faultTraits(fault: Fields, found: Set<string>): void {
  const kind = Object.keys(fault)[0];
  found.add(kind === 'crash' ? `crash ${String(fault.how ?? 'kill')}` : kind);
  if (!has(fault, 'every')) return;
  if (kind === 'crash' || kind === 'slow') found.add(`${kind} at random`);
  else found.add('link fault at random');
}
