import type { BarEvent } from '@wagehood/contracts';
import { openTimeOf, timeframeMs, type Timeframe } from '@wagehood/market';

/** Which bars of a feed are wanted: `count` of them before the one that opens at `since`, and all that follow. */
export interface Reach {
  readonly timeframe: Timeframe;
  /** Epoch ms. */
  readonly since: number;
  readonly count: number;
  /** Bars of this timeframe are to be had whole from their beginning. */
  readonly longest: Timeframe;
}

/**
 * Fetches so many bars back. A market that closes has fewer of them than the span would hold: further back, as long as that
 * brings more.
 * @param fetch bars from this open time on, oldest first
 */
export async function reachBack(
  { timeframe, since, count, longest }: Reach,
  fetch: (from: number) => Promise<readonly BarEvent[]>,
): Promise<readonly BarEvent[]> {
  let bars: readonly BarEvent[] = [];
  for (const stretch of [1, 2, 4, 8]) {
    const from = openTimeOf(Math.max(0, since - stretch * count * timeframeMs(timeframe)), longest);
    const found = await fetch(Math.max(0, from));
    if (stretch > 1 && found.length <= bars.length) break;
    bars = found;
    if (bars.filter(({ timestamp }) => timestamp < since).length >= count) break;
  }
  return bars;
}
