import type { Settings } from '@wagehood/config';
import { createCatalog, resolveIndicator, type IndicatorInstance } from '@wagehood/indicators';
import { timeframeMs, type Timeframe } from '@wagehood/market';
import { createStrategyCatalog, resolveStrategy } from '@wagehood/strategies';

/** Averages with a long memory (EMA, RSI) are closer to their true course after more than the bare minimum. */
const MARGIN = 1.5;

/** Bars of one timeframe until every enabled indicator and strategy has spoken. Faulty entries count for nothing. */
export function barsToWarmUp({ indicators, strategies }: Pick<Settings, 'indicators' | 'strategies'>): number {
  const catalog = createCatalog();
  const instances = indicators
    .filter(({ enabled }) => enabled)
    .map(({ name, parameters }) => resolveIndicator(catalog, name, parameters))
    .flatMap((resolved): IndicatorInstance[] => (resolved.ok ? [resolved.instance] : []));
  const values = Math.max(0, ...instances.map(({ definition, params }) => definition.warmup(params)));
  const strategyCatalog = createStrategyCatalog();
  const decisions = strategies
    .filter(({ enabled }) => enabled)
    .map(({ name, parameters }) => resolveStrategy(strategyCatalog, name, parameters))
    .map((resolved) => (resolved.ok ? resolved.instance.definition.warmup(resolved.instance.params) : 0));
  return Math.ceil((values + Math.max(0, ...decisions)) * MARGIN);
}

/** Bars of the feed that are needed so that the longest timeframe built from it is warm, at most `most`. */
export function feedBarsToWarmUp(
  bars: number,
  feed: Timeframe,
  timeframes: readonly Timeframe[],
  most: number,
): number {
  const longest = Math.max(timeframeMs(feed), ...timeframes.map(timeframeMs));
  return Math.min(most, Math.ceil((bars * longest) / timeframeMs(feed)));
}
