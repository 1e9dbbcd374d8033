import { indicatorPlanOf, strategyPlanOf, type Catalogs, type Settings } from '@wagehood/config';
import { openTimeOf, timeframeMs, type Timeframe } from '@wagehood/market';

/** Averages with a long memory (EMA, RSI) are closer to their true course after more than the bare minimum. */
const MARGIN = 1.5;

/** Bars of one timeframe until every enabled indicator and strategy has spoken; 0 for settings that do not resolve. */
export function barsToWarmUp(settings: Pick<Settings, 'indicators' | 'strategies'>, catalogs: Catalogs): number {
  try {
    const indicators = indicatorPlanOf(settings, catalogs.indicators);
    const { warmup } = strategyPlanOf(settings, catalogs.strategies, indicators);
    return Math.ceil(Math.max(indicators.warmup, warmup) * MARGIN);
  } catch {
    return 0; // the api checks settings; calculation says what is wrong with those that slipped through
  }
}

/** Bars of the feed that are needed so that the longest timeframe built from it is warm, at most `most`. */
export function feedBarsToWarmUp(
  bars: number,
  feed: Timeframe,
  timeframes: readonly Timeframe[],
  most: number,
): number {
  const longest = timeframeMs(longestOf(feed, timeframes));
  return Math.min(most, Math.ceil((bars * longest) / timeframeMs(feed)));
}

/**
 * Bars of the feed that have to stand before a corrected one, so that every series in which it has ended a bar is warm where that bar
 * begins; of one whose bar is still open, the beginning of that bar is enough.
 * @param from open time of the corrected bar, epoch ms @param last open time of the newest bar of the feed
 */
export function barsBeforeCorrection(
  from: number,
  last: number,
  bars: number,
  feed: Timeframe,
  timeframes: readonly Timeframe[],
): number {
  const spanMs = timeframeMs(feed);
  const larger = timeframes.filter((timeframe) => timeframeMs(timeframe) > spanMs);
  const begins = [feed, ...larger].map((timeframe) => {
    const start = openTimeOf(from, timeframe);
    const isOpen = last + spanMs < start + timeframeMs(timeframe);
    return isOpen ? start : start - bars * timeframeMs(timeframe);
  });
  return Math.ceil((from - Math.min(...begins)) / spanMs);
}

/** The longest timeframe of a feed, its own included. */
export function longestOf(feed: Timeframe, timeframes: readonly Timeframe[]): Timeframe {
  return timeframes.reduce((a, b) => (timeframeMs(b) > timeframeMs(a) ? b : a), feed);
}
