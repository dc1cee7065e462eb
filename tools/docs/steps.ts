/**
 * Which options go with which verb of a step, asked of the schema itself: a step with the verb and every option is
 * checked, and the options that it does not complain about go with the verb.
 */
import { steps } from '../../sim/scenario/fields.ts';
import { VERBS } from '../../sim/scenario/fields/steps.ts';

/** A value that is valid for each verb and option. */
const SAMPLES: Record<string, unknown> = {
  cpu: '1ms',
  sleep: '1ms',
  call: 'a',
  read: 'a',
  write: 'a',
  get: 'a',
  set: 'a',
  delete: 'a',
  publish: 'a',
  push: 'room',
  parallel: [[{ respond: 'early' }]],
  choose: { a: { weight: '100%', steps: [] } },
  repeat: 1,
  respond: 'early',
  fail: '1%',
  op: 'a',
  to: 'all',
  first: 1,
  key: 'request',
  hit: [],
  miss: [],
  steps: [],
  timeout: '1s',
  retry: { attempts: 2 },
  'on-error': 'fail',
  else: [],
  topic: 'a',
  exchange: 'a',
  'routing-key': 'a',
  acks: 1,
  wait: true,
};

/** Verb → its options. */
export function stepOptions(): Map<string, string[]> {
  const check = steps('');
  const options = Object.keys(SAMPLES).filter((key) => !VERBS.includes(key));
  return new Map(
    VERBS.map((verb) => {
      if (!(verb in SAMPLES)) throw new Error(`tools/docs/steps.ts needs a sample value for the verb ${verb}`);
      const goes = options.filter((option) => {
        const step = {
          ...(verb === 'call' ? { to: 'all' } : {}),
          ...(verb === 'repeat' ? { steps: [] } : {}),
          [verb]: SAMPLES[verb],
          [option]: SAMPLES[option],
        };
        return check.safeParse([step]).success;
      });
      return [verb, goes];
    }),
  );
}
