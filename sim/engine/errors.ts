/**
 * How a run fails.
 */

/** A limit of the run was hit: events, memory, or time standing still. */
export class LimitError extends Error {}

/** Tenfold broke a law it promises to keep. A bug in Tenfold. */
export class InvariantError extends Error {}
