// Running sums gather rounding errors, a bit or so of all that goes through them per value. So each keeps its doubt: it grows with
// what goes through and with age, and when it catches up with the sum itself, the sum is made anew from the window: after at most
// about 8 × period values, and at once when it has shrunk so far that old errors could show. The shares are powers of two, so that
// a change of currency by one changes no bit.

/** Age at which a sum is made anew, in periods. */
const RENEWAL = 8;

/** Share of a sum that becomes doubt with every value. */
export function wearOf(period: number): number {
  return 1 / (RENEWAL * period);
}

/** Share of what goes through a sum of values that becomes doubt. */
export const SUM_DOUBT = 2 ** -10;

/**
 * The same for a sum of squared distances from the mean. Less than 1 / period for every period, or a single outlier would have it
 * made anew on every bar.
 */
export const SPREAD_DOUBT = 2 ** -16;

/** Doubt of a sum that may be 0, to tell it from one that was never made; far below the square of any price. */
export const LEAST_DOUBT = 2 ** -900;
