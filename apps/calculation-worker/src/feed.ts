import { watchedAs, type Settings } from '@wagehood/config';
import { identity, newcomers, type IndicatorEngine, type IndicatorPlan } from '@wagehood/indicators';
import { seriesKey, timeframeMs, type SeriesKey, type Timeframe } from '@wagehood/market';
import { decodeCell, encodeCell, type Cold } from './cell-codec';
import { largerSeries, Series, type LargerSeries } from './series';

/** One symbol's feed in one partition: its own series, and the larger ones that are built from it. */
export interface Feed {
  series: Series;
  larger: readonly LargerSeries[];
  /** Offset of the configuration that it follows, −1 before the first. */
  follows: number;
  /** What waits for its past; null when nothing does. */
  cold: Cold | null;
  /** Open time (epoch ms) of its first bar; −Infinity when that is not on record. */
  readonly since: number;
}

export const createFeed = (symbol: string, timeframe: Timeframe, engine: IndicatorEngine, since: number): Feed => ({
  series: new Series(symbol, timeframe, engine),
  larger: [],
  follows: -1,
  cold: null,
  since,
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

/** The same in mid-stream: what was not there `before` is cold until it has seen its past. */
export function followOn(
  feed: Feed,
  before: Settings | null,
  settings: Settings,
  engine: IndicatorEngine,
  offset: number,
): void {
  const { plan } = feed.series.engine;
  const had = feed.larger.map(({ series }) => series.timeframe);
  const was = feed.cold ?? { indicators: [], timeframes: [], strategies: false };
  follow(feed, settings, engine, offset);
  const present = feed.larger.map(({ series }) => series.timeframe);
  const indicators = [...was.indicators.filter((id) => isIn(engine.plan, id)), ...newcomers(plan, engine.plan)];
  const timeframes = present.filter((timeframe) => !had.includes(timeframe) || was.timeframes.includes(timeframe));
  const strategies = was.strategies || hasNewStrategies(before, settings);
  feed.cold = indicators.length + timeframes.length > 0 || strategies ? { indicators, timeframes, strategies } : null;
}

const isIn = ({ instances }: IndicatorPlan, id: string): boolean =>
  instances.some((instance) => identity(instance) === id);

/** Only whether it is worth telling the strategy stage of the past; it knows better than we what is new to it. */
function hasNewStrategies(before: Settings | null, { strategies }: Settings): boolean {
  const enabled = (all: Settings['strategies']) =>
    all.flatMap(({ enabled, name, parameters }) => (enabled ? [JSON.stringify([name, parameters])] : []));
  const known = new Set(enabled(before?.strategies ?? []));
  return enabled(strategies).some((strategy) => !known.has(strategy));
}

function wantedTimeframes({ symbol, timeframe }: Series, { watchlist }: Settings): Timeframe[] {
  const larger = (watchedAs(watchlist, symbol)?.timeframes ?? []).filter(
    (wanted) => timeframeMs(wanted) > timeframeMs(timeframe),
  );
  return [...new Set(larger)];
}

export function encodeFeed({ series: { engine, handle }, larger, cold, since }: Feed): Uint8Array {
  return encodeCell({
    plan: engine.plan.fingerprint,
    cold,
    since,
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
  const { cold, since } = stored;
  return { series: new Series(symbol, timeframe, engine, stored.feed), larger, follows: -1, cold, since };
}
