/** A pubsub's settings → its nodes with an event loop each, and the programs of publishing and of subscribing. */
import type { Builder } from '../../../compile/builder.ts';
import type { ComponentDraft } from '../../../compile/components.ts';
import { Verb } from '../../../engine/code.ts';
import { Route } from '../../../engine/world.ts';
import type { ComponentSettings } from '../../../scenario/settings.ts';
import type { PubsubSettings } from '../pubsub.settings.ts';
import { Act } from './codes.ts';

/** Operations that the running instances spawn rows of. */
export interface PubsubPrograms {
  publish: number;
  command: number;
}

export function compilePubsub(
  component: ComponentSettings<PubsubSettings>,
  builder: Builder,
  draft: ComponentDraft,
): PubsubPrograms {
  for (let i = 0; i < component.instances; i++) addInstance(builder, draft, component, i);
  draft.route = Route.Single;
  // Any server may publish, and any gateway listen.
  for (const other of builder.components) {
    if (other.type === 'clients') continue;
    builder.path(draft.id, other.id);
    builder.path(other.id, draft.id);
  }
  return emit(builder, draft, component.own);
}

function addInstance(
  builder: Builder,
  draft: ComponentDraft,
  component: ComponentSettings<PubsubSettings>,
  i: number,
): void {
  const node = builder.node(draft, { machine: builder.machine(component, i, 1) });
  const spec = builder.nodes[node];
  spec.loopCount = 1;
  spec.loops = builder.station(node, 'event-loop', 1, { limit: null, discipline: 'fifo', patience: null });
}

function emit(builder: Builder, draft: ComponentDraft, own: PubsubSettings): PubsubPrograms {
  const asm = builder.assembler;
  const publish = builder.operation('@publish');
  const command = builder.operation('@subscribe');
  const cpu = (ns: number): void => {
    if (ns > 0) asm.emit(Verb.Cpu, builder.distribution({ kind: 'constant', value: ns }));
  };
  builder.program(draft.id, publish, asm.pc);
  cpu(own.timeNs);
  const begin = asm.emit(Verb.Actor, Act.HasOne);
  const end = asm.emit(Verb.IfMiss);
  cpu(own.sendNs);
  asm.emit(Verb.Actor, Act.SendOne);
  asm.patch(asm.emit(Verb.Jump), begin);
  asm.patch(end);
  asm.emit(Verb.Actor, Act.Answer);
  asm.emit(Verb.End);
  builder.program(draft.id, command, asm.pc);
  cpu(own.timeNs);
  asm.emit(Verb.Actor, Act.Command);
  asm.emit(Verb.End);
  return { publish, command };
}
