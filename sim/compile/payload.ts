/**
 * What calls carry → bytes on the wire and core time at both ends; connections → core time of their handshakes.
 *
 * Core time at whoever is called is an operation of its own, `move after …`: the same program with a step before it.
 */
import type { Builder } from './builder.ts';
import { Verb } from '../engine/code.ts';
import { Id } from '../engine/rows.ts';
import type { Distribution } from '../random/distribution.ts';
import { DEFAULT_ENCODINGS } from '../scenario/encodings.ts';
import type { EncodingName, EncodingSettings, PayloadSettings } from '../scenario/settings.ts';

const KIB = 1024;

interface Carried {
  /** What is asked for, with what reading the request and writing the answer take. */
  operation: number;
  requestBytes: number;
  responseBytes: number;
  /** Core time of the caller before the call and after it, ns. */
  beforeNs: number;
  afterNs: number;
}

/** What an encoding costs in this stage. */
export const encodingOf = (builder: Builder, name: EncodingName): EncodingSettings =>
  (builder.stage.encodings ?? DEFAULT_ENCODINGS)[name];

export function carriedBy(builder: Builder, operation: number, payload: PayloadSettings | undefined): Carried {
  if (payload === undefined) return { operation, requestBytes: 0, responseBytes: 0, beforeNs: 0, afterNs: 0 };
  const { requestBytes, responseBytes, encoding } = payload;
  if (encoding === null) return { operation, requestBytes, responseBytes, beforeNs: 0, afterNs: 0 };
  const { size, encodeNsPerKib, decodeNsPerKib } = encodingOf(builder, encoding);
  const request = requestBytes / KIB;
  const response = responseBytes / KIB;
  const atServer: Distribution = {
    kind: 'constant',
    value: Math.round(request * decodeNsPerKib + response * encodeNsPerKib),
  };
  return {
    operation: builder.operationAfter(operation, atServer),
    requestBytes: Math.round(requestBytes * size),
    responseBytes: Math.round(responseBytes * size),
    beforeNs: Math.round(request * encodeNsPerKib),
    afterNs: Math.round(response * decodeNsPerKib),
  };
}

/** Types that run one program for whatever is asked of them, and pass it on. */
const ROUTERS = ['balancer', 'shard-router'];
/** Types whose nodes run a handshake's core time: those that run programs for whoever calls. */
const OPENED = ['server', ...ROUTERS];

/**
 * Operations with the handshake of a new connection before them: by kind of connection, component and operation. To be
 * called when all call sites are known.
 */
export function addHandshakes(builder: Builder, costs: readonly Distribution[]): Int32Array {
  const asked = [...new Set(builder.sites.map(({ op }) => op))].sort((a, b) => a - b);
  const after = costs.map((cpu) => new Map(asked.map((op) => [op, builder.operationAfter(op, cpu, true)])));
  const width = builder.operations.length;
  const { components } = builder;
  const table = new Int32Array(costs.length * components.length * width);
  let at = 0;
  for (const map of after)
    for (const { type } of components)
      for (let op = 0; op < width; op++) table[at++] = OPENED.includes(type) ? (map.get(op) ?? op) : op;
  return table;
}

/** Emits the programs of all operations that are another one with core time before it. */
export function emitOverheads(builder: Builder): void {
  if (builder.overheads.length === 0) return;
  const asm = builder.assembler;
  asm.beginComponent();
  for (const { operation, base, cpu, opens } of builder.overheads)
    for (const { id, type, programForAll, firstNode, nodes } of builder.components) {
      const routes = opens && ROUTERS.includes(type);
      const own = builder.programs.get(id)?.get(base) ?? (routes ? programForAll : Id.None);
      if (own === Id.None) continue;
      // Nothing limits how many handshakes a balancer has in hand: they share its cores.
      if (routes)
        for (let node = firstNode; node < firstNode + nodes; node++)
          builder.machines[builder.nodes[node].machine].tokens = Infinity;
      builder.program(id, operation, asm.pc);
      asm.emit(Verb.Cpu, cpu);
      asm.emit(Verb.Jump, own);
      const priority = builder.priorities.get(id)?.get(base);
      if (priority !== undefined) builder.priorities.get(id)!.set(operation, priority);
    }
}
