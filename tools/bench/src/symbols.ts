/** S0 … S(count−1). */
export const benchSymbols = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `S${i}`);

/** The headline of the product. */
export const SYMBOLS = 1_000;
/** First bar of simulated time, epoch ms. */
export const START_MS = Date.UTC(2026, 0, 5);
/** Bars per symbol before anything is measured: every indicator has a value then. */
export const WARM_UP_BARS = 220;
