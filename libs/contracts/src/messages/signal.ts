import { z } from 'zod';
import { epochMs, indicatorValues, side, symbol, timeframe, type IndicatorValues } from './fields';
import { batchParser, messageParser } from './parse-message';

/** One decision of one strategy on one final bar: `signal_stream`. */
export const signalSchema = z.object({
  /** Deterministic: the same signal twice has the same id. No `:` in it. */
  id: z.string().regex(/^[a-z0-9-]+$/, 'not a signal id'),
  symbol,
  timeframe,
  strategy: z.string().min(1),
  side,
  /** Close of the bar. */
  price: z.number(),
  confidence: z.number().min(0).max(1),
  /** Named parts of the confidence, each in 0..1. */
  factors: z.record(z.string(), z.number()),
  /** Values of the indicators that the strategy reads, on the bar. */
  indicators: indicatorValues,
  /** Epoch ms; identity of the bar. */
  barOpenTime: epochMs,
  /** Epoch ms, server time; no part of identity. */
  emittedAt: epochMs,
  /** Epoch ms at which the bar entered the system. */
  receivedAt: epochMs,
  backfilled: z.boolean().optional(),
});

export type Signal = Readonly<
  Omit<z.output<typeof signalSchema>, 'factors' | 'indicators'> & {
    factors: Readonly<Record<string, number>>;
    indicators: IndicatorValues;
  }
>;

/** Reads `data` of an entry of kind `signal`. */
export const parseSignals = batchParser(signalSchema);
/** Reads one signal (a job's payload, an element of a cached list). */
export const parseSignal = messageParser(signalSchema);
