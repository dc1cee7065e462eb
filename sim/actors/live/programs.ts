/** A gateway's programs: the handshake, what comes from a bus, and the loop that pushes to many connections. */
import type { Builder } from '../../compile/builder.ts';
import type { ComponentDraft } from '../../compile/components.ts';
import { HANDSHAKE } from '../../compile/live.ts';
import { encodingOf } from '../../compile/payload.ts';
import { Verb } from '../../engine/code.ts';
import type { GatewaySettings } from './gateway.settings.ts';

/** Arguments of the `Actor` verb in a gateway's programs. Those of a server's sessions, and of guests, are others. */
export const enum Act {
  /** The handshake is done: accept, or refuse. */
  Accept = 100,
  /** A message came over a connection: is it open? */
  Check = 101,
  /** The operation is done. */
  Done = 102,
  /** A message of the bus is here. */
  Receive = 103,
  PushToRoom = 104,
  PushToAll = 105,
  /** Are there so many left that a chunk of them is due? Does one more push of it. */
  HasChunk = 106,
  SendChunk = 107,
  HasOne = 108,
  SendOne = 109,
  PushDone = 110,
}

/** Pushes that are computed in one go: what makes a broadcast to ten thousand cheap to simulate. */
export const CHUNK = 32;

/** Operation that runs for every message of a bus. */
const DELIVER = '@deliver';

export interface GatewayPrograms {
  handshake: number;
  deliver: number;
}

/** What a message costs a gateway: core time of a push and of a message of the bus, and bytes of a push. */
export interface MessageCosts {
  pushNs: number;
  receiveNs: number;
  pushBytes: number;
}

const KIB = 1024;

export function costsOf(builder: Builder, { pushNs, receiveNs, message }: GatewaySettings): MessageCosts {
  if (message === undefined) return { pushNs, receiveNs, pushBytes: 0 };
  const { sizeBytes, encoding } = message;
  if (encoding === null) return { pushNs, receiveNs, pushBytes: sizeBytes };
  const { size, encodeNsPerKib, decodeNsPerKib } = encodingOf(builder, encoding);
  return {
    pushNs: pushNs + Math.round((sizeBytes / KIB) * encodeNsPerKib),
    receiveNs: receiveNs + Math.round((sizeBytes / KIB) * decodeNsPerKib),
    pushBytes: Math.round(sizeBytes * size),
  };
}

export function emitGateway(
  builder: Builder,
  draft: ComponentDraft,
  own: GatewaySettings,
  costs: MessageCosts,
): GatewayPrograms {
  const asm = builder.assembler;
  const handshake = builder.operation(HANDSHAKE);
  builder.program(draft.id, handshake, asm.pc);
  emitCpu(builder, own.handshakeNs);
  asm.emit(Verb.Actor, Act.Accept);
  asm.emit(Verb.End);
  const deliver = builder.operation(DELIVER);
  if (own.listens !== null) {
    builder.program(draft.id, deliver, asm.pc);
    asm.emit(Verb.Actor, Act.Receive);
    emitCpu(builder, costs.receiveNs);
    emitPush(builder, own.delivers ?? 'room', costs.pushNs);
    asm.emit(Verb.End);
  }
  return { handshake, deliver };
}

/** To everybody in chunks, the rest (and a room) one by one. */
export function emitPush(builder: Builder, to: 'room' | 'all', pushNs: number): void {
  const asm = builder.assembler;
  asm.emit(Verb.Actor, to === 'all' ? Act.PushToAll : Act.PushToRoom);
  if (to === 'all') emitLoop(builder, Act.HasChunk, Act.SendChunk, pushNs * CHUNK);
  emitLoop(builder, Act.HasOne, Act.SendOne, pushNs);
  asm.emit(Verb.Actor, Act.PushDone);
}

function emitLoop(builder: Builder, has: Act, send: Act, cpuNs: number): void {
  const asm = builder.assembler;
  const begin = asm.emit(Verb.Actor, has);
  const end = asm.emit(Verb.IfMiss);
  emitCpu(builder, cpuNs);
  asm.emit(Verb.Actor, send);
  asm.patch(asm.emit(Verb.Jump), begin);
  asm.patch(end);
}

function emitCpu(builder: Builder, ns: number): void {
  if (ns > 0) builder.assembler.emit(Verb.Cpu, builder.distribution({ kind: 'constant', value: ns }));
}
