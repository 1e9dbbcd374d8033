import { graftState } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import type { Feed } from './feed';
import { foldPast, growPast } from './fold-past';
import type { Series } from './series';

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
