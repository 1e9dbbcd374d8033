import { openTimeOf, timeframeMs, type Bar, type Timeframe } from '@wagehood/market';
import type { Feed } from './feed';
import { foldPast, growAll, growPast } from './fold-past';
import type { LargerSeries, Series } from './series';

/** What a correction means to one series: its past, as it is known now, with the values of every indicator. */
export interface Corrected {
  readonly series: Series;
  /** Open time of the first bar that has changed. */
  readonly from: number;
  readonly bars: readonly Bar[];
  readonly values: readonly Float64Array[];
}

export interface Correction {
  /** Final bars of the feed up to the last one that it has seen, oldest first. */
  readonly bars: readonly Bar[];
  /** Open time of the first corrected one. */
  readonly from: number;
  /** Bars that have to stand before it in each series, unless the past is as old as the feed. */
  readonly need: number;
}

/**
 * Folds a feed again over its corrected past. A series whose past is too short stays as it is: what has been computed of more bars is
 * worth more than a correction. A larger bar that is still open takes the correction in and changes nothing else.
 * @returns what has changed, series by series, and the larger timeframes whose past is too short
 * @throws when the past of the feed's own series is; nothing has changed then
 */
export function correctFeed(
  feed: Feed,
  { bars, from, need }: Correction,
): { readonly corrected: Corrected[]; readonly refused: Timeframe[] } {
  const begins = bars[0]?.openTime ?? Number.POSITIVE_INFINITY;
  const isAsOld = begins <= feed.since;
  if (!isAsOld && countBefore(bars, from) < need)
    throw new Error(`correction of ${from}: ${countBefore(bars, from)} bars before it, expected ${need}`);
  const corrected = [refold(feed.series, bars, from)];
  const refused: Timeframe[] = [];
  feed.larger = feed.larger.map((larger) => {
    const grown = isAsOld ? growAll(larger, feed.series, bars) : growPast(larger, feed.series, bars);
    const start = openTimeOf(from, larger.series.timeframe);
    if (start >= openBarOf(larger, feed.series, bars)) {
      if (grown && (isAsOld || begins <= start)) return { ...larger, state: grown.state };
    } else if (grown && (isAsOld || countBefore(grown.bars, start) >= need)) {
      corrected.push(refold(larger.series, grown.bars, start));
      return { ...larger, state: grown.state };
    }
    refused.push(larger.series.timeframe);
    return larger;
  });
  return { corrected, refused };
}

function refold(series: Series, bars: readonly Bar[], from: number): Corrected {
  const { engine, handle } = series;
  const { state, values } = foldPast(engine, bars);
  engine.load(handle, state);
  return { series, from, bars, values };
}

/** Open time of the larger bar that is not complete behind these bars. */
function openBarOf({ series }: LargerSeries, source: Series, bars: readonly Bar[]): number {
  const next = (bars.at(-1)?.openTime ?? 0) + timeframeMs(source.timeframe);
  return openTimeOf(next, series.timeframe);
}

const countBefore = (bars: readonly Bar[], time: number): number =>
  bars.filter(({ openTime }) => openTime < time).length;
