import type { Measure } from './measure';

/** Bars on either side of a pivot; it is confirmed this many bars after it happened, and nobody may know of it before. */
export const PIVOT_REACH = 2;

const KEPT = 2 * PIVOT_REACH;

/**
 * Pivots that this bar confirms. Outputs: price of the pivot high two bars ago, price of the pivot low two bars ago; 0 where
 * that bar was none. A pivot high is above the two highs before it and not below the two after it (of a plateau the first
 * bar counts); lows mirror it.
 *
 * Slots: bars seen, up to four · the last four highs, oldest first · the last four lows.
 */
export function pivots(): Measure {
  return Object.freeze<Measure>({
    key: `pivots_${PIVOT_REACH}`,
    outputs: 2,
    warmup: KEPT + 1,
    slots: 1 + 2 * KEPT,
    step(state, at, bar, out, to) {
      const seen = state[at] as number;
      const full = seen === KEPT;
      if (!full) state[at] = seen + 1;
      out[to] = full && isPeak(state, at + 1, 1, bar.high) ? (state[at + 1 + PIVOT_REACH] as number) : 0;
      out[to + 1] =
        full && isPeak(state, at + 1 + KEPT, -1, bar.low) ? (state[at + 1 + KEPT + PIVOT_REACH] as number) : 0;
      shift(state, at + 1, bar.high);
      shift(state, at + 1 + KEPT, bar.low);
    },
  });
}

/** Whether the third of the four kept values is an extreme; `sign` −1 looks for a trough. */
function isPeak(state: Float64Array, at: number, sign: number, newest: number): boolean {
  const middle = sign * (state[at + 2] as number);
  return (
    middle > sign * (state[at] as number) &&
    middle > sign * (state[at + 1] as number) &&
    middle >= sign * (state[at + 3] as number) &&
    middle >= sign * newest
  );
}

function shift(state: Float64Array, at: number, newest: number): void {
  state[at] = state[at + 1] as number;
  state[at + 1] = state[at + 2] as number;
  state[at + 2] = state[at + 3] as number;
  state[at + 3] = newest;
}
