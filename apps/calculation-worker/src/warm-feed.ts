import { graftState, type IndicatorEngine } from '@wagehood/indicators';
import { openTimeOf, timeframeMs, type Bar, type Timeframe } from '@wagehood/market';
import type { Feed } from './feed';
import { growLarger, type LargerSeries, type Series } from './series';

/** The past of one series: its bars and the values that every indicator of the plan has on them. */
export interface Past {
  readonly series: Series;
  /** The series itself was cold, not only something that is computed of it. */
  readonly whole: boolean;
  readonly bars: readonly Bar[];
  readonly values: readonly Float64Array[];
}

/**
 * Shows a feed its past, which ends with the last bar that it has seen: what is cold is from now on as if it had been there
 * since the first of these bars, all else stays as it is.
 * @returns what the past means to each series; empty when nothing was cold
 */
export function warmFeed(feed: Feed, bars: readonly Bar[]): Past[] {
  const { cold } = feed;
  if (!cold || bars.length === 0) return [];
  feed.cold = null;
  const pasts = [warmSeries(feed.series, bars, cold.indicators)];
  feed.larger = feed.larger.map((larger) => {
    const isCold = cold.timeframes.includes(larger.series.timeframe);
    const grown = growPast(larger, feed.series, bars);
    if (!grown) return larger;
    pasts.push(warmSeries(larger.series, grown.bars, isCold ? null : cold.indicators));
    return isCold ? { ...larger, state: grown.state } : larger;
  });
  return pasts;
}

/** `cold` null: all of it is. */
function warmSeries(series: Series, bars: readonly Bar[], cold: readonly string[] | null): Past {
  const { engine, handle } = series;
  const { state, values } = foldPast(engine, bars);
  if (!cold) engine.load(handle, state);
  else if (cold.length > 0) engine.load(handle, graftState(engine.plan, engine.save(handle), state, cold));
  return { series, whole: cold === null, bars, values };
}

function foldPast(
  engine: IndicatorEngine,
  bars: readonly Bar[],
): { readonly state: Uint8Array; readonly values: readonly Float64Array[] } {
  const scratch = engine.add();
  try {
    const values = bars.map((bar) => {
      const row = new Float64Array(engine.plan.columns.length);
      engine.step(scratch, bar, row); // what throws keeps its state and has no value, as it would have then
      return row;
    });
    return { state: engine.save(scratch), values };
  } finally {
    engine.remove(scratch);
  }
}

/** The larger bars of the past and the one that is still open. Null when the past is too short to hold a whole one. */
function growPast(
  { builder }: LargerSeries,
  source: Series,
  bars: readonly Bar[],
): { readonly bars: readonly Bar[]; readonly state: LargerSeries['state'] } | null {
  const first = firstWhole(bars, builder.timeframe);
  if (first < 0) return null;
  const state = builder.init();
  const sourceMs = timeframeMs(source.timeframe);
  const grown = bars.slice(first).flatMap((bar) => growLarger({ builder, state }, bar, sourceMs));
  return { bars: grown, state };
}

/** Where the first larger bar begins that the past has from its beginning, −1 if there is none. */
function firstWhole(bars: readonly Bar[], timeframe: Timeframe): number {
  const begins = openTimeOf((bars[0] as Bar).openTime, timeframe);
  if ((bars[0] as Bar).openTime === begins) return 0;
  return bars.findIndex(({ openTime }) => openTimeOf(openTime, timeframe) !== begins);
}
