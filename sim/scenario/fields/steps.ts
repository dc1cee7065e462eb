/**
 * Operations as steps: one verb a step, with the options that the verb takes.
 *
 * A step is one strict map of every verb and option; exactly one verb must be there, with options that belong to it.
 * So a misspelling is always a misspelt key, and the message can name the verb.
 */
import * as z from 'zod';
import type { CallOptions, Step } from '../settings.ts';
import { NO_RETRY, retry } from './common.ts';
import { addsUp, distribution, percentText } from './distribution.ts';
import { payloadKeys, payloadOf } from './payload.ts';
import { complain, count, durationOrNone, flag, ratio, reference, sortedEntries, word } from './scalar.ts';
import { walkSteps } from '../steps.ts';

const CALLING = ['timeout', 'retry', 'on-error', 'else', 'request', 'response'] as const;

/** Verb → the options it may stand with. */
const OPTIONS: Record<string, readonly string[]> = {
  cpu: [],
  sleep: [],
  call: ['op', 'to', 'first', 'encoding', ...CALLING],
  read: ['key', ...CALLING],
  write: ['key', ...CALLING],
  get: ['key', 'hit', 'miss', ...CALLING],
  set: ['key', ...CALLING],
  delete: ['key', ...CALLING],
  publish: ['topic', 'exchange', 'routing-key', 'key', 'acks', 'wait', 'on-error', 'else'],
  push: [],
  parallel: ['first'],
  choose: [],
  repeat: ['steps'],
  respond: [],
  fail: [],
};

/** The verbs of a step, for documentation and "did you mean". */
export const VERBS: readonly string[] = Object.keys(OPTIONS);

const lazySteps = z.lazy((): z.ZodType<Step[]> => stepsSchema);

/** Steps of one `parallel` with its copies written out, nested ones included: bounds the program it compiles to. */
const MAX_COPIED_STEPS = 10_000;

const copies = z
  .strictObject({ times: count('How many copies run at once.', 1, MAX_COPIED_STEPS), steps: lazySteps })
  .transform(({ times, steps: list }, ctx): Step[][] => {
    let written = 0;
    walkSteps(list, [], () => (written += 1), 'copies');
    if (written * times <= MAX_COPIED_STEPS) return Array.from({ length: times }, () => list);
    complain(ctx, `the copies have ${written * times} steps together`, `at most ${MAX_COPIED_STEPS}`, ['times']);
    return z.NEVER;
  });

const parallel = z.union([z.array(lazySteps).min(1), copies]);

const choose = z
  .record(z.string(), z.strictObject({ weight: ratio('Probability of this branch.'), steps: lazySteps }))
  .transform((map, ctx) => {
    const branches = sortedEntries(map).map(([name, branch]) => ({ name, ...branch }));
    const weights = branches.map((branch) => branch.weight);
    if (!addsUp(weights)) complain(ctx, `weights add up to ${percentText(weights)}, not 100%`);
    return branches;
  });

const stepShape = z
  .strictObject({
    cpu: distribution('Core time used on the machine.').optional(),
    sleep: distribution('Waits without using a core.').optional(),
    call: reference('Component to call; waits for its answer.').optional(),
    read: reference('Database to read one key from.').optional(),
    write: reference('Database to write one key to.').optional(),
    get: reference('Cache to look one key up in.').optional(),
    set: reference('Cache to store one key in.').optional(),
    delete: reference('Cache to remove one key from.').optional(),
    publish: reference('Log or broker to hand a message to.').optional(),
    push: word(
      ['room', 'all'],
      'Pushes the message to the others of its room, or to everybody, who are connected to this instance.',
    ).optional(),
    parallel: parallel
      .optional()
      .meta({ description: 'Branches that run at once; goes on when all (or `first` of them) are done.' }),
    choose: choose.optional().meta({ description: 'Runs one branch, chosen at random by weight.' }),
    repeat: count('Runs `steps` this many times, one after the other.', 1, 100_000).optional(),
    respond: z.literal('early').optional().meta({ description: 'Answers the caller now and goes on.' }),
    fail: ratio('Fails with this probability.').optional(),
    op: reference('Operation to call; default: the one with the same name as this one.').optional(),
    to: word(['one', 'all'], 'One instance of the target, or all of them.').optional(),
    first: count('Goes on when this many have answered.').optional(),
    topic: reference('Topic of the log; default: the only one.').optional(),
    exchange: reference('Exchange of the broker; default: the only one.').optional(),
    'routing-key': reference('What the exchange routes by.').optional(),
    acks: z
      .union([z.literal(0), z.literal(1), z.literal('all')])
      .optional()
      .meta({ description: 'Accepted when sent, when the leader has it, or when all in-sync replicas have it.' }),
    wait: flag('Whether to go on only when the message is accepted.').optional(),
    key: word(
      ['request', 'random', 'none'],
      'The key of the request, a fresh random one, or (`publish`) none at all.',
    ).optional(),
    hit: lazySteps.optional().meta({ description: 'Steps when the key was found.' }),
    miss: lazySteps.optional().meta({ description: 'Steps when it was not.' }),
    steps: lazySteps.optional().meta({ description: 'Steps to repeat.' }),
    ...payloadKeys,
    timeout: durationOrNone('How long to wait for the answer.').optional(),
    retry: retry('What to do when an attempt fails.').optional(),
    'on-error': word(['fail', 'continue'], 'Whether a failed call fails the operation.').optional(),
    else: lazySteps.optional().meta({ description: 'Steps to run instead when the call fails.' }),
  })
  .meta({ description: 'One step: exactly one verb, with its options.' });

type Raw = z.output<typeof stepShape>;

/** A caller waits this long for an answer unless told otherwise. */
export const DEFAULT_TIMEOUT_NS = 30_000_000_000;

const callOptions = (raw: Raw, payload: CallOptions['payload']): CallOptions => ({
  ...(payload === undefined ? {} : { payload }),
  timeoutNs: raw.timeout === undefined ? DEFAULT_TIMEOUT_NS : raw.timeout,
  retry: raw.retry ?? NO_RETRY,
  onError: raw['on-error'] ?? 'fail',
  otherwise: raw.else ?? null,
});

const publishing = (target: string, raw: Raw): Step => ({
  verb: 'publish',
  target,
  topic: raw.topic ?? null,
  exchange: raw.exchange ?? null,
  routingKey: raw['routing-key'] ?? null,
  key: raw.key ?? 'request',
  acks: raw.acks ?? null,
  wait: raw.wait ?? true,
  onError: raw['on-error'] ?? 'fail',
  otherwise: raw.else ?? null,
});

/** Verb by verb, from the checked map to the step that the compiler reads. */
function build(verb: string, raw: Raw, payload: CallOptions['payload']): Step {
  if (raw.publish !== undefined) return publishing(raw.publish, raw);
  const key = raw.key === 'random' ? 'random' : 'request';
  if (raw.cpu !== undefined) return { verb: 'cpu', time: raw.cpu };
  if (raw.sleep !== undefined) return { verb: 'sleep', time: raw.sleep };
  if (raw.call !== undefined) {
    return {
      verb: 'call',
      target: raw.call,
      op: raw.op ?? null,
      to: raw.to ?? 'one',
      first: raw.first ?? null,
      ...callOptions(raw, payload),
    };
  }
  if (raw.get !== undefined) {
    return {
      verb: 'get',
      target: raw.get,
      key,
      hit: raw.hit ?? [],
      miss: raw.miss ?? [],
      ...callOptions(raw, payload),
    };
  }
  if (raw.read !== undefined || raw.write !== undefined) {
    return {
      verb: verb as 'read' | 'write',
      target: (raw.read ?? raw.write) as string,
      key,
      ...callOptions(raw, payload),
    };
  }
  if (raw.set !== undefined || raw.delete !== undefined) {
    return {
      verb: verb as 'set' | 'delete',
      target: (raw.set ?? raw.delete) as string,
      key,
      ...callOptions(raw, payload),
    };
  }
  if (raw.parallel !== undefined) return { verb: 'parallel', branches: raw.parallel, first: raw.first ?? null };
  if (raw.choose !== undefined) return { verb: 'choose', branches: raw.choose };
  if (raw.repeat !== undefined) return { verb: 'repeat', times: raw.repeat, steps: raw.steps ?? [] };
  if (raw.push !== undefined) return { verb: 'push', to: raw.push };
  if (raw.respond !== undefined) return { verb: 'respond' };
  return { verb: 'fail', probability: raw.fail ?? 1 };
}

function checkOptions(verb: string, raw: Raw, given: string[], ctx: z.RefinementCtx): void {
  for (const option of given) {
    if (option === verb || OPTIONS[verb].includes(option)) continue;
    const takes = OPTIONS[verb].length === 0 ? `${verb} takes no options` : `${verb} takes ${OPTIONS[verb].join(', ')}`;
    complain(ctx, `\`${option}\` does not go with \`${verb}\``, takes, [option]);
  }
  if (verb === 'repeat' && raw.steps === undefined)
    complain(ctx, '`repeat` needs `steps`', '{ repeat: 3, steps: [ … ] }');
  if (verb === 'call' && raw.first !== undefined && raw.to !== 'all') {
    complain(ctx, '`first` needs `to: all`', 'one instance gives one answer', ['first']);
  }
  if (verb !== 'publish' && raw.key === 'none')
    complain(ctx, `\`${verb}\` needs a key`, 'only a message may have none', ['key']);
  if (raw.publish !== undefined && raw.wait === false && (raw['on-error'] !== undefined || raw.else !== undefined))
    complain(ctx, '`wait: false` never learns of a failure', 'leave `on-error` and `else` out', ['wait']);
  if (verb === 'parallel' && raw.first !== undefined && raw.first > (raw.parallel?.length ?? 0)) {
    complain(ctx, `first: ${raw.first} is more than the ${raw.parallel?.length} branches`, '', ['first']);
  }
  if (raw['on-error'] !== undefined && raw.else !== undefined) {
    complain(ctx, '`on-error` and `else` exclude each other', '`else` already goes on after a failure', ['on-error']);
  }
}

const step = stepShape.transform((raw, ctx): Step => {
  const given = Object.keys(raw).filter((name) => raw[name as keyof Raw] !== undefined);
  const verbs = given.filter((name) => Object.hasOwn(OPTIONS, name));
  if (verbs.length !== 1) {
    const message =
      verbs.length === 0 ? 'a step needs a verb' : `a step has one verb, this one has ${verbs.join(' and ')}`;
    complain(
      ctx,
      message,
      verbs.length === 0 ? `allowed: ${VERBS.join(', ')}` : 'write each as a list item of its own',
    );
    return z.NEVER;
  }
  checkOptions(verbs[0], raw, given, ctx);
  return build(verbs[0], raw, payloadOf(raw, ctx));
});

const stepsSchema: z.ZodType<Step[]> = z
  .array(step)
  .meta({ id: 'Steps', description: 'What an operation does, in order.' });

/** A list of steps. */
export const steps = (description: string) => stepsSchema.meta({ description });
