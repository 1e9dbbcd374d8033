// Running sums gather rounding errors, at most a few bits of all that has gone through them (their mass) per value. They are made
// anew from the window every RENEWAL × period values, and at once when they have shrunk so far below their mass that the errors
// could show. The thresholds are powers of two, so that a change of currency by one changes no bit.

export const RENEWAL = 8;

/** For a sum of values. */
export const SUM_SHRUNK = 2 ** -10;

/**
 * For a sum of squared distances from the mean. Less than 1 / period for every period, or a single outlier would have it made
 * anew on every bar.
 */
export const SPREAD_SHRUNK = 2 ** -16;
