import { z } from 'zod';
import {
  bar,
  indicatorReading,
  revision,
  symbolInput,
  symbolOutput,
  time,
  timeframe,
  timeframeParameter,
} from './fields';

export const symbolPath = z.object({ symbol: symbolInput });

/** `?timeframe=1m`: that series alone; without it all series of the symbol. */
export const seriesQuery = z.object({ timeframe: timeframeParameter.optional() });

/** One series: what the indicators said on its latest final bar. */
export const indicatorSeries = z.object({
  timeframe,
  timestamp: time.describe('Open time of the latest final bar'),
  updatedAt: time,
  price: z.number(),
  /** True when every indicator is warmed up. */
  ready: z.boolean(),
  indicators: z.record(z.string(), indicatorReading),
});

/** GET /indicators/{symbol}. */
export const indicatorsResponse = z
  .object({ symbol: symbolOutput, series: z.array(indicatorSeries) })
  .meta({ id: 'Indicators' });

/** One series: its latest bar, which may still be forming, and the indicators of its latest final bar. */
export const latestSeries = indicatorSeries.extend({
  bar: bar.extend({ isFinal: z.boolean(), revision }),
  source: z.string(),
});

/** GET /data/latest/{symbol}. */
export const latestResponse = z.object({ symbol: symbolOutput, series: z.array(latestSeries) }).meta({ id: 'Latest' });

export type IndicatorSeries = z.output<typeof indicatorSeries>;
export type IndicatorsResponse = z.output<typeof indicatorsResponse>;
export type LatestSeries = z.output<typeof latestSeries>;
export type LatestResponse = z.output<typeof latestResponse>;
