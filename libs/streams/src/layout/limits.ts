/** How far a stream may run ahead of its reader's snapshot, bars. */
export const limitFor = (retainBars: number): number => Math.max(2_000, 2 * retainBars);

/** A producer with many series gathers so many bars of each; a busy stage saves a state for so many. */
export const [GATHER_BARS_PER_SERIES, BARS_PER_STATE] = [16, 64];

/** How far a stream may run ahead for each of its series, when that is more: the bars of a state, and three batches of a producer. */
export const LIMIT_BARS_PER_SERIES = BARS_PER_STATE + 3 * GATHER_BARS_PER_SERIES;

/** Signals that are kept per symbol, and of all symbols of a partition together, as far as each has a few. */
const SIGNALS_PER_SYMBOL = { most: 1_000, least: 20 };
const SIGNALS_PER_PARTITION = 20_000;

/** Newest signals that the list of a symbol keeps in a partition of so many series. */
export function signalsKept(seriesCount: number): number {
  const share = Math.floor(SIGNALS_PER_PARTITION / Math.max(1, seriesCount));
  return Math.min(SIGNALS_PER_SYMBOL.most, Math.max(SIGNALS_PER_SYMBOL.least, share));
}
