import { TIMEFRAMES, timeframeMs, type Timeframe } from '@wagehood/market';

/** Distances looked at: enough to outvote weekends, holidays and a few broken rows. */
const SAMPLE = 1_000;

/** Learns the timeframe of a series from the most common distance between its times. */
export interface TimeframeGuess {
  add(time: number): void;
  /** The longest timeframe that is not longer than that distance; null before two different times were seen. */
  result(): Timeframe | null;
}

export function guessTimeframe(): TimeframeGuess {
  const votes = new Map<number, number>();
  let seen = 0;
  let previous = Number.NaN;
  return {
    add(time) {
      if (seen < SAMPLE && time > previous) {
        votes.set(time - previous, (votes.get(time - previous) ?? 0) + 1);
        seen += 1;
      }
      previous = time;
    },
    result() {
      const [winner] = [...votes].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
      if (!winner) return null;
      return TIMEFRAMES.findLast((timeframe) => timeframeMs(timeframe) <= winner[0]) ?? null;
    },
  };
}
