/** What a `publish` step leaves for the component that takes its messages. */
import type { PublishStep } from '../scenario/settings.ts';

/** A `publish` step of component `from`, whose row visits component `target` with the number of this as argument. */
export interface Publication {
  from: number;
  target: number;
  step: PublishStep;
  /** What a random key is drawn from, within the row that publishes (see `Calls.keyOf`). */
  random: number;
}
