import { z } from 'zod';
import { barEventSchema } from './bar-event';
import { calculationEventSchema } from './calculation-event';
import { epochMs, symbol, timeframe } from './fields';
import { messageParser } from './parse-message';

/**
 * Final bars of a feed were others than it had said: the series from its past on, as it is now known, up to the last bar of it that
 * stands in the log before the entry. Entry of kind `correction` on `market_data_stream`.
 */
export const correctionEntrySchema = z.object({
  symbol,
  timeframe,
  /** Bars of each timeframe that have to stand before the first corrected one, so that all that is computed of it is warm. */
  need: z.int().nonnegative(),
  /** What is corrected, oldest first. */
  revisions: z.array(z.object({ timestamp: epochMs, revision: z.int().positive() })).min(1),
  /** Final bars of the feed, oldest first. */
  bars: z.array(barEventSchema).min(1),
});

export type CorrectionEntry = Readonly<z.output<typeof correctionEntrySchema>>;

export const parseCorrectionEntry = messageParser(correctionEntrySchema);

/**
 * What a correction means to one series: its bars with their values from the first changed one on, and before them as many as
 * strategies have to see. Entry of kind `correction` on `calculation_events_stream`.
 */
export const correctionEventsSchema = z.object({
  symbol,
  timeframe,
  /** Open time (epoch ms) of the first bar that has changed; all that follow it may have. */
  from: epochMs,
  /** Oldest first. */
  events: z.array(calculationEventSchema),
});

export type CorrectionEvents = Readonly<z.output<typeof correctionEventsSchema>>;

export const parseCorrectionEvents = messageParser(correctionEventsSchema);
