/** How far a stream may run ahead of its reader's snapshot, bars. */
export const limitFor = (retainBars: number): number => Math.max(2_000, 2 * retainBars);

/** The same for each of its series, when that is more: more than the bars for which a busy stage saves a state. */
export const LIMIT_BARS_PER_SERIES = 80;
