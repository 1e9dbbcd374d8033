import { z } from 'zod';
import { epochMs, symbol, timeframe } from './fields';
import { messageParser } from './parse-message';

/** Bars of a series that cannot be had: the next bar follows `to` although `from` was expected. Entry of kind `gap`. */
export const gapEntrySchema = z.object({
  symbol,
  timeframe,
  /** Open time (epoch ms) of the first missing bar. */
  from: epochMs,
  /** Open time (epoch ms) of the last missing bar. */
  to: epochMs,
  reason: z.string(),
});

export type GapEntry = Readonly<z.output<typeof gapEntrySchema>>;

export const parseGapEntry = messageParser(gapEntrySchema);
