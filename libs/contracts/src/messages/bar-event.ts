import { z } from 'zod';
import { epochMs, symbol, timeframe } from './fields';
import { batchParser } from './parse-message';

/** A bar on `market_data_stream`. Its shape is checked here, its sense (high ≥ low …) by `validateBar` of libs/market. */
export const barEventSchema = z.object({
  symbol,
  timeframe,
  /** Open time, epoch ms. */
  timestamp: epochMs,
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  /** Equals `close`; what a reader without interest in bars wants. */
  price: z.number(),
  /** Name of the provider. */
  source: z.string(),
  /** False while the bar may still change: it is shown, never computed on. */
  isFinal: z.boolean(),
  /** True for history: it warms indicators and strategies and raises no alert. */
  backfilled: z.boolean().optional(),
  /** Present on a correction of an earlier final bar; the highest revision counts. */
  revision: z.int().positive().optional(),
});

export type BarEvent = Readonly<z.output<typeof barEventSchema>>;

/** Reads `data` of an entry of kind `bar` or `forming`. */
export const parseBarEvents = batchParser(barEventSchema);
