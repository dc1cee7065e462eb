/** Who comes back: what belongs to a user needs a user who does. */
import type { StageSettings } from './settings.ts';

/** Is every request from a new user? */
export const nobodyReturns = ({ clients }: StageSettings): boolean => clients.every(({ users }) => users === null);
