/** How far a stream may run ahead of its reader's snapshot, bars. */
export const limitFor = (retainBars: number): number => Math.max(2_000, 2 * retainBars);

/** A producer that has more bars than it can send gathers so many of each series, but not more in all. */
export const [GATHER_BARS_PER_SERIES, GATHER_BARS] = [64, 80_000];

/** A busy stage saves a state for so many bars of its series. */
export const BARS_PER_STATE = 64;

/** How far a stream may run ahead for each of its series, when that is more: the bars of a state, and three quarters as many that are on their way. */
export const LIMIT_BARS_PER_SERIES = 1.75 * BARS_PER_STATE;

/** Signals that are kept per symbol, and of all symbols of a partition together, as far as each has a few. */
const SIGNALS_PER_SYMBOL = { most: 1_000, least: 20 };
const SIGNALS_PER_PARTITION = 20_000;

/** Newest signals that the list of a symbol keeps in a partition of so many series. */
export function signalsKept(seriesCount: number): number {
  const share = Math.floor(SIGNALS_PER_PARTITION / Math.max(1, seriesCount));
  return Math.min(SIGNALS_PER_SYMBOL.most, Math.max(SIGNALS_PER_SYMBOL.least, share));
}
