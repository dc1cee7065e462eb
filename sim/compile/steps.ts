/** Steps of an operation → instructions. */
import type { PublishStep, Step } from '../scenario/settings.ts';
import type { Builder } from './builder.ts';
import { visitOf } from '../engine/actor-instance.ts';
import { carriedBy } from './payload.ts';
import { operationFor } from './targets.ts';
import { chance, Verb } from '../engine/code.ts';
import { Id } from '../engine/rows.ts';
import { KeyFrom } from '../engine/sites.ts';

const OPERATION_OF_VERB = {
  read: '@read',
  write: '@write',
  get: '@get',
  set: '@set',
  delete: '@delete',
} as const;

export interface StepContext {
  component: number;
  /** Name of the operation, for calls that do not say which operation they want. */
  operation: string;
  /** Callers that keep a retry budget each. */
  instances: number;
  /** Local station index of the pool towards a component, by name. */
  pools: Map<string, number>;
  /** What the random key of the enclosing `get` is drawn from. */
  drawn?: number;
  /** Emits a `push` to connections; only what holds connections has it. */
  push?: (to: 'room' | 'all') => void;
}

/** Emits the steps one after another. */
export function emitSteps(builder: Builder, context: StepContext, steps: readonly Step[]): void {
  for (const step of steps) emitStep(builder, context, step);
}

function emitStep(builder: Builder, context: StepContext, step: Step): void {
  const asm = builder.assembler;
  switch (step.verb) {
    case 'cpu':
      asm.emit(Verb.Cpu, builder.distribution(step.time));
      return;
    case 'sleep':
      asm.emit(Verb.Sleep, builder.distribution(step.time), builder.cell(context.component, 'sleep', 'service'));
      return;
    case 'respond':
      asm.emit(Verb.Respond);
      return;
    case 'fail':
      asm.emit(Verb.Fail, chance(step.probability));
      return;
    case 'repeat':
      for (let i = 0; i < step.times; i++) emitSteps(builder, context, step.steps);
      return;
    case 'parallel':
      emitParallel(builder, context, step);
      return;
    case 'choose':
      emitChoose(builder, context, step);
      return;
    case 'publish':
      emitPublish(builder, context, step);
      return;
    case 'push':
      context.push!(step.to);
      return;
    default:
      emitCall(builder, context, step);
  }
}

function emitParallel(builder: Builder, context: StepContext, step: Extract<Step, { verb: 'parallel' }>): void {
  const asm = builder.assembler;
  const n = step.branches.length;
  const needed = step.first === null ? n : Math.min(n, step.first);
  const fork = asm.emit(Verb.Fork, 0, n);
  const entries = step.branches.map(() => asm.emit(Verb.Jump, 0, needed));
  step.branches.forEach((branch, i) => {
    asm.patch(entries[i]);
    emitSteps(builder, context, branch);
    asm.emit(Verb.BranchEnd);
  });
  asm.patch(fork);
}

function emitChoose(builder: Builder, context: StepContext, step: Extract<Step, { verb: 'choose' }>): void {
  const asm = builder.assembler;
  const ends: number[] = [];
  let rest = step.branches.reduce((sum, b) => sum + b.weight, 0);
  const entries = step.branches.slice(0, -1).map((branch) => {
    const at = asm.emit(Verb.Choose, 0, chance(branch.weight / rest));
    rest -= branch.weight;
    return at;
  });
  const last = step.branches.length - 1;
  emitSteps(builder, context, step.branches[last].steps);
  ends.push(asm.emit(Verb.Jump));
  entries.forEach((entry, i) => {
    asm.patch(entry);
    emitSteps(builder, context, step.branches[i].steps);
    ends.push(asm.emit(Verb.Jump));
  });
  for (const end of ends) asm.patch(end);
}

/** The target's library in this process takes the message; `Miss` says that it was not accepted. */
function emitPublish(builder: Builder, context: StepContext, step: PublishStep): void {
  const asm = builder.assembler;
  const { id } = builder.component(step.target);
  const random = context.drawn ?? asm.place;
  const number = builder.publications.push({ from: context.component, target: id, step, random }) - 1;
  asm.emit(Verb.Actor, visitOf(id, number));
  if (!step.wait) return;
  const failed = asm.emit(Verb.IfMiss);
  if (step.otherwise === null && step.onError === 'continue') {
    asm.patch(failed);
    return;
  }
  const over = asm.emit(Verb.Jump);
  asm.patch(failed);
  if (step.otherwise === null) asm.emit(Verb.Fail, chance(1));
  else emitSteps(builder, context, step.otherwise);
  asm.patch(over);
}

type CallStep = Extract<Step, { verb: 'call' | 'read' | 'write' | 'get' | 'set' | 'delete' }>;

function emitCall(builder: Builder, context: StepContext, step: CallStep): void {
  const asm = builder.assembler;
  const target = builder.component(step.target);
  const operation =
    step.verb === 'call'
      ? operationFor(builder, step.target, step.op, context.operation)
      : OPERATION_OF_VERB[step.verb];
  const key = keyOf(context, step, asm.place);
  const carried = carriedBy(builder, builder.operation(operation), step.payload);
  const site = builder.site(context.component, target.id, carried.operation, step, {
    requestBytes: carried.requestBytes,
    responseBytes: carried.responseBytes,
    callers: context.instances,
    pool: context.pools.get(step.target) ?? Id.None,
    key,
    toAll: step.verb === 'call' && step.to === 'all',
    first: step.verb === 'call' ? (step.first ?? 0) : 0,
  });
  emitCpu(builder, carried.beforeNs);
  asm.emit(Verb.Call, site);
  emitCpu(builder, carried.afterNs);
  const ends: number[] = [];
  if (step.verb === 'get') {
    const miss = asm.emit(Verb.IfMiss);
    const inner = key >= 0 ? { ...context, drawn: key } : context;
    emitSteps(builder, inner, step.hit);
    ends.push(asm.emit(Verb.Jump));
    asm.patch(miss);
    // To a client that goes on without its cache, a cache that does not answer is one that does not have the key.
    if (step.otherwise === null && step.onError === 'continue') builder.sites[site].otherwise = asm.pc;
    emitSteps(builder, inner, step.miss);
  }
  if (step.otherwise !== null) {
    ends.push(asm.emit(Verb.Jump));
    builder.sites[site].otherwise = asm.pc;
    emitSteps(builder, context, step.otherwise);
  }
  for (const end of ends) asm.patch(end);
  if (step.verb !== 'get' && step.otherwise === null && step.onError === 'continue')
    builder.sites[site].otherwise = asm.pc;
}

function emitCpu(builder: Builder, timeNs: number): void {
  if (timeNs > 0) builder.assembler.emit(Verb.Cpu, builder.distribution({ kind: 'constant', value: timeNs }));
}

/** Within the hit and miss steps of a `get` with a random key, a random key is the one that was looked up. */
function keyOf(context: StepContext, step: CallStep, place: number): number {
  if (step.verb === 'call' || step.key === 'request') return KeyFrom.Request;
  return step.key === 'session' ? KeyFrom.Session : (context.drawn ?? place);
}
