import { PIVOT_REACH } from '../measures/pivots';

/**
 * Divergence of a price and an oscillator at confirmed pivots: a lower low of the price with a higher low of the oscillator
 * is bullish, a higher high with a lower one bearish. Both pivots lie within the last `WITHIN` bars.
 *
 * Slots: bars seen · oscillator one bar ago, two bars ago · pivot lows: older price, oscillator, bar; newer likewise · highs.
 */
export const DIVERGENCE_SLOTS = 15;

const WITHIN = 50;
const LOWS = 3;
const HIGHS = 9;

/** Takes in one bar; `high` and `low` are the outputs of the measure `pivots`. */
export function stepDivergence(state: Float64Array, at: number, high: number, low: number, oscillator: number): void {
  const now = (state[at] as number) + 1;
  const then = state[at + PIVOT_REACH] as number;
  // A pivot from before the oscillator was known to us says nothing.
  const known = now > PIVOT_REACH;
  if (low > 0 && known) remember(state, at + LOWS, low, then, now - PIVOT_REACH);
  if (high > 0 && known) remember(state, at + HIGHS, high, then, now - PIVOT_REACH);
  state[at] = now;
  state[at + 2] = state[at + 1] as number;
  state[at + 1] = oscillator;
}

/** Whether the last two pivot lows (`sign` 1) or highs (−1) diverge in favour of a buy or a sell. */
export function diverges(state: Float64Array, at: number, sign: 1 | -1): boolean {
  const pair = at + (sign === 1 ? LOWS : HIGHS);
  const since = state[pair + 2] as number;
  if (since === 0 || (state[at] as number) - since > WITHIN) return false;
  const price = sign * ((state[pair + 3] as number) - (state[pair] as number));
  const oscillator = sign * ((state[pair + 4] as number) - (state[pair + 1] as number));
  return price < 0 && oscillator > 0;
}

function remember(state: Float64Array, pair: number, price: number, oscillator: number, bar: number): void {
  state.copyWithin(pair, pair + 3, pair + 6);
  state[pair + 3] = price;
  state[pair + 4] = oscillator;
  state[pair + 5] = bar;
}
