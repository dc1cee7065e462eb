/**
 * `cache`: nodes on a consistent-hash ring that answer `get`, `set` and `delete`, each with a store of its own.
 *
 * The cache is a bystander, as memcached and Redis are: whoever misses reads the origin and stores what it read. Keys
 * are ranks of popularity, one namespace for all populations. A node that dies loses what it held, and its callers are
 * refused or wait until their timeout, for ever: the ring does not change by itself. A step with `on-error: continue`
 * takes that for a miss.
 */
import type { ActorType } from '../../compile/actor-type.ts';
import type { Builder } from '../../compile/builder.ts';
import type { ComponentDraft } from '../../compile/components.ts';
import { Verb } from '../../engine/code.ts';
import { Id } from '../../engine/rows.ts';
import { Route } from '../../engine/world.ts';
import type { ComponentSettings, QueueSettings } from '../../scenario/settings.ts';
import { nodes, settings, type CacheSettings } from './cache.settings.ts';
import { Cache, Do } from './cache/instance.ts';
import { sourcesOf } from './cache/sources.ts';

const UNBOUNDED: QueueSettings = { limit: null, discipline: 'fifo', patience: null };

export const cache: ActorType<CacheSettings> = {
  type: 'cache',
  summary: 'Nodes on a consistent-hash ring that keep copies of values by key, with eviction and a time to live.',
  picture: 'chip',
  settings,
  serves: ['get', 'set', 'delete'],
  references: () => [],
  metrics: {
    hitRatio: 'ratio',
    hits: 'count',
    misses: 'count',
    evictions: 'count',
    expired: 'count',
    items: 'count',
    staleHits: 'count',
    coalesced: 'count',
    assumed: 'count',
  },
  nodes,
  check: (component) => [
    ...(outgrows(component) ? [OUTGROWS] : []),
    ...(evictsNothing(component) ? [EVICTS_NOTHING] : []),
  ],
  create(component, builder) {
    const draft = builder.component(component.name);
    for (let i = 0; i < component.own.nodes; i++) addNode(builder, draft, component, i);
    // Where nothing is stored, a single node needs no look at keys.
    draft.route = component.own.hits !== null && component.own.nodes === 1 ? Route.Single : Route.Actor;
    const toss = component.own.hits === null ? Id.None : builder.toss(component.own.hits);
    const operations = (['@get', '@set', '@delete'] as const).map((name, what) =>
      emit(builder, draft, component.own, name, what, toss),
    );
    return new Cache(component, draft, {
      toss,
      getOperation: operations[Do.Get],
      setOperation: operations[Do.Set],
      leaseCell: builder.cell(draft.id, 'lease', 'waiting'),
      sources: sourcesOf(builder.stage, component.name).map((name) => builder.component(name).id),
    });
  },
};

const OUTGROWS = {
  path: ['capacity'],
  message: 'a full node needs more memory than its machine has: it will be killed when it gets there',
  hint: 'a smaller `capacity`, or a `machine` with more memory',
  severity: 'warning' as const,
};

const EVICTS_NOTHING = {
  path: ['policy'],
  message: '`policy` has no effect with an assumed hit ratio',
  hint: 'leave `hits` out to follow keys',
  severity: 'warning' as const,
};

function evictsNothing({ own }: ComponentSettings<CacheSettings>): boolean {
  return own.hits !== null && own.policy !== 'lru';
}

function outgrows({ own, machine, on }: ComponentSettings<CacheSettings>): boolean {
  return (
    on === null &&
    own.itemBytes !== null &&
    own.capacityItems !== null &&
    own.itemBytes * own.capacityItems > machine.memoryBytes
  );
}

function addNode(
  builder: Builder,
  draft: ComponentDraft,
  component: ComponentSettings<CacheSettings>,
  i: number,
): void {
  const { serial } = component.own;
  const node = builder.node(draft, { machine: builder.machine(component, i, serial ? 1 : 0) });
  if (!serial) return;
  const spec = builder.nodes[node];
  spec.loopCount = 1;
  spec.loops = builder.station(node, 'event-loop', 1, UNBOUNDED);
}

/** A command takes its time, then it happens, all at once. */
function emit(
  builder: Builder,
  draft: ComponentDraft,
  own: CacheSettings,
  name: string,
  what: number,
  toss: number,
): number {
  const asm = builder.assembler;
  const operation = builder.operation(name);
  builder.program(draft.id, operation, asm.pc);
  const time = builder.distribution(own.time);
  if (own.serial) asm.emit(Verb.Cpu, time);
  else asm.emit(Verb.Hold, time, builder.cell(draft.id, 'command', 'service'));
  if (toss === Id.None) asm.emit(Verb.Actor, what);
  else if (what === Do.Get) asm.emit(Verb.Toss, toss);
  asm.emit(Verb.End);
  return operation;
}
