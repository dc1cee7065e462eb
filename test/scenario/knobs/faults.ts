/** Knobs of faults. */
import { doing, knob, type Fields, type Json, type Knob, system } from './kit.ts';

const around = (f: Fields): Fields =>
  system(doing({ call: 'other' }), {
    components: { other: { type: 'server', instances: 2, operations: { op: [{ cpu: { exponential: '4ms' } }] } } },
    faults: { f: { at: '500ms', for: '500ms', ...f } },
  });
const fault = (key: string, a: Json | undefined, b: Json | undefined, own: Fields): Knob =>
  knob(around(own), `faults.f.${key}`, a, b);
const OFTEN: Fields = { crash: 'other', at: null, for: null, every: '300ms', repair: '100ms' };
const random = (key: string, a: Json, b: Json): Knob =>
  knob(system(around({}), { faults: { f: OFTEN } }), `faults.f.${key}`, a, b);

export const faults: Record<string, Knob> = {
  crash: fault('crash', 'other#1', 'app', {}),
  slow: fault('slow', 'other#1', 'other', { factor: 3 }),
  delay: fault('delay', 'app -> other', 'c -> app', { add: { exponential: '20ms' } }),
  lose: fault('lose', 'app -> other', 'c -> app', { probability: '20%' }),
  partition: fault('partition', [['app'], ['other#1']], [['app'], ['other']], {}),
  how: fault('how', 'kill', 'pause', { crash: 'other' }),
  factor: fault('factor', 2, 9, { slow: 'other' }),
  add: fault('add', '1ms', '9ms', { delay: 'app -> other' }),
  probability: fault('probability', '5%', '50%', { lose: 'app -> other' }),
  at: fault('at', '500ms', '1s', { crash: 'other' }),
  for: fault('for', '200ms', '500ms', { crash: 'other' }),
  every: random('every', '300ms', '700ms'),
  repair: random('repair', '50ms', '200ms'),
  keep: knob(
    system({ stages: [{ name: 'a', faults: { f: { crash: 'app', at: '500ms' } } }, { name: 'b' }] }),
    'stages.0.faults.f.keep',
    false,
    true,
  ),
};
