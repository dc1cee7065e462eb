/**
 * `cdn`: points of presence near users, each with a cache of its own, in front of one origin.
 *
 * Users reach the nearest point of presence (anycast). What may be cached is fetched from the origin once and kept for a
 * while; everything else is passed on. `instances` says how many points of presence there are, `in` where.
 */
import type { ActorType } from '../../compile/actor-type.ts';
import type { Builder } from '../../compile/builder.ts';
import type { ComponentDraft } from '../../compile/components.ts';
import { addProcess, emitComputing } from '../../compile/processes.ts';
import { Verb } from '../../engine/code.ts';
import { Id } from '../../engine/rows.ts';
import { Route } from '../../engine/world.ts';
import type { ComponentSettings, OwnFinding, StageSettings } from '../../scenario/settings.ts';
import { Cdn, Do } from './cdn/instance.ts';
import { type CdnSettings, settings } from './cdn.settings.ts';

export const cdn: ActorType<CdnSettings> = {
  type: 'cdn',
  summary: 'Points of presence near users: each caches what the origin made, and passes on what cannot be cached.',
  picture: 'globe',
  settings,
  serves: ['named', 'delete'],
  references: (own) => [
    { name: own.origin, path: ['origin'] },
    ...(own.shield === null ? [] : [{ name: own.shield, path: ['shield'] }]),
  ],
  check,
  metrics: {
    hitRatio: 'ratio',
    requests: 'count',
    hits: 'count',
    misses: 'count',
    passes: 'count',
    coalesced: 'count',
    expiredServed: 'count',
    staleHits: 'count',
    notModified: 'count',
    originRequests: 'count',
    shieldRequests: 'count',
    purges: 'count',
    bytesServed: 'count',
    bytesFetched: 'count',
    evictions: 'count',
    items: 'count',
  },
  create(component, builder) {
    const draft = builder.component(component.name);
    const { own } = component;
    for (let i = 0; i < component.instances; i++) addProcess(builder, draft, component, i);
    draft.route = Route.Actor;
    for (const { operation } of own.contents) builder.operation(operation);
    if (own.revalidate?.operation != null) builder.operation(own.revalidate.operation);
    emit(builder, draft, own);
    return new Cdn(component, draft, {
      waitCell: builder.cell(draft.id, 'fetch', 'waiting'),
      origin: builder.component(own.origin).id,
      shield: own.shield === null ? Id.None : builder.component(own.shield).id,
      variants: builder.overheads,
      purgeDelay: builder.distribution(own.purgeDelay),
      sources: builder.stage.components
        .filter(({ type }) => type === 'database')
        .map(({ name }) => builder.component(name).id),
    });
  },
};

/** Every request is looked up; a miss, or what is not content at all, goes on to the origin. `delete` purges. */
function emit(builder: Builder, draft: ComponentDraft, own: CdnSettings): void {
  const asm = builder.assembler;
  draft.programForAll = asm.pc;
  emitComputing(builder, own.cpu);
  asm.emit(Verb.Actor, Do.Look);
  const miss = asm.emit(Verb.IfMiss);
  asm.emit(Verb.End);
  asm.patch(miss);
  asm.emit(Verb.Forward);
  builder.program(draft.id, builder.operation('@delete'), asm.pc);
  asm.emit(Verb.Actor, Do.Purge);
  asm.emit(Verb.End);
}

/** An origin that cannot be one, operations that nobody offers, users who never ask for the same thing twice. */
function check({ name, own, on }: ComponentSettings<CdnSettings>, stage: StageSettings): OwnFinding[] {
  const findings: OwnFinding[] = [];
  const type = (of: string): string | undefined => stage.components.find((c) => c.name === of)?.type;
  const origin = type(own.origin);
  if (origin !== undefined && origin !== 'server' && origin !== 'balancer')
    findings.push({
      path: ['origin'],
      message: `a ${origin} cannot be the origin`,
      hint: 'a server or a balancer can',
    });
  if (own.shield !== null && type(own.shield) !== undefined && type(own.shield) !== 'cdn')
    findings.push({
      path: ['shield'],
      message: `\`${own.shield}\` is no cdn`,
      hint: 'a shield is another `type: cdn`',
    });
  if (own.shield === name) findings.push({ path: ['shield'], message: 'a cdn cannot be its own shield' });
  if (own.connections !== null && on !== null)
    findings.push({ path: ['connections'], message: '`connections` needs a machine of its own', severity: 'warning' });
  const offered = offers(stage, own.origin, new Set());
  if (offered !== null) {
    for (const { operation } of own.contents)
      if (!offered.includes(operation))
        findings.push({
          path: ['cached'],
          message: `\`${own.origin}\` has no operation \`${operation}\``,
          hint: `operations: ${offered.join(', ')}`,
        });
    const asked = own.revalidate?.operation ?? null;
    if (asked !== null && !offered.includes(asked))
      findings.push({
        path: ['revalidate', 'operation'],
        message: `\`${own.origin}\` has no operation \`${asked}\``,
        hint: `operations: ${offered.join(', ')}`,
      });
  }
  return [...findings, ...withoutKeys(name, own, stage)];
}

/** Operations that a component offers, itself or through all it passes on to; null: not known. */
function offers(stage: StageSettings, name: string, seen: Set<string>): string[] | null {
  if (seen.has(name)) return null;
  seen.add(name);
  const own = stage.components.find((c) => c.name === name)?.own as
    | { operations?: { name: string }[]; targets?: { name: string }[] }
    | undefined;
  if (own?.operations !== undefined) return own.operations.map((each) => each.name);
  const lists = (own?.targets ?? []).map((target) => offers(stage, target.name, seen));
  if (lists.length === 0 || lists.some((list) => list === null)) return null;
  return (lists as string[][]).flat();
}

function withoutKeys(name: string, own: CdnSettings, stage: StageSettings): OwnFinding[] {
  const asks = stage.clients.find(
    ({ entry, keys, does }) =>
      entry === name &&
      keys === null &&
      does.some(({ operation }) => own.contents.some((c) => c.operation === operation)),
  );
  if (asks === undefined) return [];
  return [
    {
      path: ['cached'],
      message: `\`${asks.name}\` has no keys, so each of its requests is for something else and nothing is ever hit`,
      hint: 'write keys: { zipf: 1, of: 10k } at the population',
      severity: 'warning',
    },
  ];
}
