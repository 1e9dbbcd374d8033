import { z } from 'zod';
import { barEventSchema } from './bar-event';
import { calculationEventSchema } from './calculation-event';
import { symbol, timeframe } from './fields';
import { messageParser } from './parse-message';

/**
 * The past of a feed, for what was added to the configuration in mid-stream: it ends with the last bar of the series that stands
 * in the log before it, so that nothing is skipped and nothing counts twice. Entry of kind `warmup` on `market_data_stream`.
 */
export const warmupEntrySchema = z.object({
  symbol,
  timeframe,
  /** Version of the configuration that it was fetched for. */
  version: z.int().positive(),
  /** Bars of each timeframe that warm everything up; larger timeframes need a multiple of the feed's. */
  need: z.int().nonnegative(),
  /** Final bars of the feed, oldest first. */
  bars: z.array(barEventSchema),
});

export type WarmupEntry = Readonly<z.output<typeof warmupEntrySchema>>;

export const parseWarmupEntry = messageParser(warmupEntrySchema);

/**
 * The same past of one series with its values, for strategies that were added. Nothing of it is news. Entry of kind `warmup` on
 * `calculation_events_stream`.
 */
export const warmupEventsSchema = z.object({
  symbol,
  timeframe,
  /** True: the series itself was added, so nothing that was learnt of it before counts. */
  whole: z.boolean(),
  /** Oldest first. */
  events: z.array(calculationEventSchema),
});

export type WarmupEvents = Readonly<z.output<typeof warmupEventsSchema>>;

export const parseWarmupEvents = messageParser(warmupEventsSchema);
