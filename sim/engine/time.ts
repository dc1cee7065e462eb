/** Time is an integer number of nanoseconds in a double: exact to 104 days. */
export const NS_PER_US = 1_000;
export const NS_PER_MS = 1_000_000;
export const NS_PER_SECOND = 1_000_000_000;

/** The longest run that keeps nanoseconds exact: 2^53 ns, about 104 days. */
export const MAX_TIME_NS = Number.MAX_SAFE_INTEGER;
