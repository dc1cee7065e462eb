/**
 * `dns`: a name that stands for addresses. Whoever calls it looks the name up first, remembers the answer, and calls
 * the address it holds.
 *
 * Its instances are name servers: requests themselves never pass through them.
 */
import type { ActorType } from '../../compile/actor-type.ts';
import type { Builder } from '../../compile/builder.ts';
import { addProcess, emitComputing } from '../../compile/processes.ts';
import { Verb } from '../../engine/code.ts';
import { Route } from '../../engine/world.ts';
import { callingSteps } from '../../scenario/fields.ts';
import type { ComponentSettings, OwnFinding, StageSettings, Step } from '../../scenario/settings.ts';
import { Dns } from './dns/instance.ts';
import { type DnsSettings, settings } from './dns.settings.ts';

export const dns: ActorType<DnsSettings> = {
  type: 'dns',
  summary: 'A name that stands for addresses: callers look it up, remember the answer, and go straight to the address.',
  picture: 'signpost',
  settings,
  serves: ['named'],
  references: (own) => own.targets.map(({ name }) => ({ name, path: ['targets', name] })),
  tells: (own) => own.targets.map(({ name }) => name),
  check,
  metrics: {
    hitRatio: 'ratio',
    lookups: 'count',
    failedLookups: 'count',
    toRetired: 'count',
    unhealthySeconds: 'count',
  },
  create(component, builder) {
    const draft = builder.component(component.name);
    for (let i = 0; i < component.instances; i++) addProcess(builder, draft, component, i);
    draft.route = Route.Actor;
    draft.straightTo = component.own.targets.map(({ name }) => builder.component(name).id);
    const operation = builder.operation('@lookup');
    builder.program(draft.id, operation, builder.assembler.pc);
    emitLookup(builder, component.own);
    return new Dns(component, draft, operation, builder.cell(draft.id, 'lookup', 'waiting'));
  },
};

function emitLookup(builder: Builder, own: DnsSettings): void {
  const asm = builder.assembler;
  emitComputing(builder, own.cpu);
  asm.emit(Verb.Actor);
  asm.emit(Verb.End);
}

/** Names behind names, places that are none, and what would change nothing. */
function check({ name, own }: ComponentSettings<DnsSettings>, stage: StageSettings): OwnFinding[] {
  const findings: OwnFinding[] = [];
  const type = (target: string): string | undefined => stage.components.find((c) => c.name === target)?.type;
  const isUsers = stage.clients.some(({ entry }) => entry === name);
  for (const target of own.targets) {
    const path = ['targets', target.name];
    if (type(target.name) === 'dns')
      findings.push({ path, message: `\`${target.name}\` is a name, too`, hint: 'give out the addresses behind it' });
    if (own.health !== null && type(target.name) === 'cdn')
      findings.push({ path: ['health'], message: `the one address of \`${target.name}\` cannot be probed`, hint: '' });
    const found = stage.components.find((c) => c.name === target.name);
    if (isUsers && found?.public === false)
      findings.push({ path, message: `\`${target.name}\` is private, users cannot reach it`, hint: 'public: true' });
  }
  const regions = stage.regions ?? [];
  const known = regions.flatMap(({ name: region, zones }) => [region, ...zones.map((zone) => `${region}/${zone}`)]);
  const map = own.policy.kind === 'geo' ? own.policy.map : [];
  for (const { place } of map)
    if (!known.includes(place))
      findings.push({ path: ['policy', 'geo', place], message: `unknown region or zone \`${place}\`` });
  if ((own.policy.kind === 'geo' || own.policy.kind === 'latency') && regions.length === 0)
    findings.push({
      path: ['policy'],
      message: `without regions the policy ${own.policy.kind} has no effect`,
      hint: 'declare them under regions:',
      severity: 'warning',
    });
  return [...findings, ...callsToAll(name, stage)];
}

/** A call of all instances needs to know them; a name gives one address. */
function callsToAll(name: string, stage: StageSettings): OwnFinding[] {
  const steps = stage.components.flatMap(({ own }) => {
    const { operations } = own as { operations?: { steps: Step[] }[] };
    return (operations ?? []).flatMap((operation) => callingSteps(operation.steps, []));
  });
  const all = steps.some(({ step }) => step.verb === 'call' && step.target === name && step.to === 'all');
  return all ? [{ path: ['type'], message: 'a name gives out one address: `to: all` does not go with it' }] : [];
}
