import type { Settings } from '@wagehood/config';
import type { IndicatorEngine } from '@wagehood/indicators';
import { seriesKey, timeframeMs, type SeriesKey, type Timeframe } from '@wagehood/market';
import { decodeCell, encodeCell } from './cell-codec';
import { largerSeries, Series, type LargerSeries } from './series';

/** One symbol's feed in one partition: its own series, and the larger ones that are built from it. */
export interface Feed {
  series: Series;
  larger: readonly LargerSeries[];
  /** Offset of the configuration that it follows, −1 before the first. */
  follows: number;
}

export const createFeed = (symbol: string, timeframe: Timeframe, engine: IndicatorEngine): Feed => ({
  series: new Series(symbol, timeframe, engine),
  larger: [],
  follows: -1,
});

/** Keys of everything that a feed gives out. */
export const seriesOf = ({ series, larger }: Feed): SeriesKey[] =>
  [series, ...larger.map((grown) => grown.series)].map(({ symbol, timeframe }) => seriesKey(symbol, timeframe));

/** Brings a feed to a configuration: its engine, and the larger timeframes that are wanted from its offset on. */
export function follow(feed: Feed, settings: Settings, engine: IndicatorEngine, offset: number): void {
  if (feed.series.engine !== engine) {
    feed.series = feed.series.moveTo(engine);
    feed.larger = feed.larger.map((grown) => ({ ...grown, series: grown.series.moveTo(engine) }));
  }
  const wanted = wantedTimeframes(feed.series, settings);
  for (const { series } of feed.larger) if (!wanted.includes(series.timeframe)) engine.remove(series.handle);
  feed.larger = wanted.map(
    (timeframe) =>
      feed.larger.find(({ series }) => series.timeframe === timeframe) ??
      largerSeries(feed.series.symbol, timeframe, engine),
  );
  feed.follows = offset;
}

function wantedTimeframes({ symbol, timeframe }: Series, { watchlist }: Settings): Timeframe[] {
  const entry = watchlist.find((watched) => watched.symbol === symbol);
  const larger = (entry?.timeframes ?? []).filter((wanted) => timeframeMs(wanted) > timeframeMs(timeframe));
  return [...new Set(larger)];
}

export function encodeFeed({ series: { engine, handle }, larger }: Feed): Uint8Array {
  return encodeCell({
    plan: engine.plan.fingerprint,
    feed: engine.save(handle),
    larger: larger.map(({ series, state }) => ({
      timeframe: series.timeframe,
      builder: state,
      state: engine.save(series.handle),
    })),
  });
}

/**
 * A feed from its stored bytes.
 * @param engineOf the engine of the plan with this fingerprint; throws when there is none
 */
export function decodeFeed(cell: SeriesKey, bytes: Uint8Array, engineOf: (plan: string) => IndicatorEngine): Feed {
  const stored = decodeCell(bytes);
  const engine = engineOf(stored.plan);
  const [symbol, timeframe] = cell.split('|') as [string, Timeframe];
  const larger = stored.larger.map((entry) => {
    const grown = largerSeries(symbol, entry.timeframe, engine);
    engine.load(grown.series.handle, entry.state);
    return { ...grown, state: entry.builder };
  });
  return { series: new Series(symbol, timeframe, engine, stored.feed), larger, follows: -1 };
}
