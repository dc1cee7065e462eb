/** How the broker and the libraries in the processes of others send each other a message. */
import type { Actor } from '../../../engine/actor-instance.ts';
import type { Wire } from '../../../engine/messages.ts';
import type { Code } from './codes.ts';

export function tell(
  actor: Actor,
  from: number,
  to: number,
  code: Code,
  value: number,
  data: number,
  wire: Wire,
): void {
  actor.kernel.message(actor.component, from, to, code, value, data, -1, wire);
}
