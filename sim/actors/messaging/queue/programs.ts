/** A broker's settings → its node with a disk, and the programs of taking a message in and of sending one out. */
import type { Builder } from '../../../compile/builder.ts';
import type { ComponentDraft } from '../../../compile/components.ts';
import { Verb } from '../../../engine/code.ts';
import { Route } from '../../../engine/world.ts';
import type { ComponentSettings, QueueSettings } from '../../../scenario/settings.ts';
import type { QueueBrokerSettings } from '../queue.settings.ts';
import { Act } from './codes.ts';

/** Operations that the running broker spawns rows of. */
export interface QueuePrograms {
  publish: number;
  deliver: number;
}

const UNBOUNDED: QueueSettings = { limit: null, discipline: 'fifo', patience: null };
/** The disk is the first local station of the node. */
const DISK = 0;

export function compileQueue(
  component: ComponentSettings<QueueBrokerSettings>,
  builder: Builder,
  draft: ComponentDraft,
): QueuePrograms {
  const { own } = component;
  const node = builder.node(draft, { machine: builder.machine(component, 0, Infinity) });
  if (own.fsyncNs > 0) builder.nodes[node].stations.push(builder.station(node, 'disk', 1, UNBOUNDED));
  draft.route = Route.Single;
  // Any server may publish or consume.
  for (const other of builder.components) {
    if (other.type === 'clients') continue;
    builder.path(draft.id, other.id);
    builder.path(other.id, draft.id);
  }
  return emit(own, builder, draft);
}

function emit(own: QueueBrokerSettings, builder: Builder, draft: ComponentDraft): QueuePrograms {
  const asm = builder.assembler;
  const cpu = (): void => {
    if (own.timeNs > 0) asm.emit(Verb.Cpu, builder.distribution({ kind: 'constant', value: own.timeNs }));
  };
  const publish = builder.operation('@publish');
  builder.program(draft.id, publish, asm.pc);
  cpu();
  if (own.fsyncNs > 0) {
    asm.emit(Verb.Seize, DISK);
    const time = builder.distribution({ kind: 'constant', value: own.fsyncNs });
    asm.emit(Verb.Hold, time, builder.cell(draft.id, 'disk', 'service'));
    asm.emit(Verb.Release, DISK);
  }
  asm.emit(Verb.Actor, Act.Take);
  asm.emit(Verb.End);
  const deliver = builder.operation('@deliver');
  builder.program(draft.id, deliver, asm.pc);
  cpu();
  asm.emit(Verb.Actor, Act.Send);
  asm.emit(Verb.End);
  return { publish, deliver };
}
