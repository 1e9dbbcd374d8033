import { z } from 'zod';
import {
  indicatorValue,
  intParameter,
  listParameter,
  numberParameter,
  symbolOutput,
  time,
  timeframe,
  timeframeParameter,
  toTime,
} from './fields';
import type { Signal } from '../messages/signal';

/** Query of GET /signals/{symbol}: the newest first. */
export const signalsQuery = z.object({
  timeframe: timeframeParameter.optional(),
  strategy: listParameter(z.string().min(1).max(64)).optional(),
  side: z.enum(['buy', 'sell']).optional(),
  min_confidence: numberParameter(0, 1).optional(),
  limit: intParameter(1, 1000).default(100),
});

/** A signal as HTTP shows it: times are RFC 3339. */
export const httpSignal = z
  .object({
    id: z.string(),
    symbol: symbolOutput,
    timeframe,
    strategy: z.string(),
    side: z.enum(['buy', 'sell']),
    price: z.number(),
    confidence: z.number().min(0).max(1),
    factors: z.record(z.string(), z.number()),
    indicators: z.record(z.string(), indicatorValue),
    barOpenTime: time,
    emittedAt: time,
    backfilled: z.boolean().describe('Computed on history; no alert was sent'),
    expired: z.literal(true).optional().describe("The strategy's ttl_seconds have passed: history, not news"),
  })
  .meta({ id: 'Signal' });

/** GET /signals/{symbol}. */
export const signalsResponse = z.object({ symbol: symbolOutput, signals: z.array(httpSignal) }).meta({ id: 'Signals' });

export type SignalsQuery = z.output<typeof signalsQuery>;
export type HttpSignal = z.output<typeof httpSignal>;
export type SignalsResponse = z.output<typeof signalsResponse>;

/** A signal of the stream as HTTP shows it. */
export function toHttpSignal(signal: Signal): HttpSignal {
  const { id, symbol, timeframe: frame, strategy, side, price, confidence, backfilled = false } = signal;
  return {
    id,
    symbol,
    timeframe: frame,
    strategy,
    side,
    price,
    confidence,
    factors: { ...signal.factors },
    indicators: { ...(signal.indicators as HttpSignal['indicators']) },
    barOpenTime: toTime(signal.barOpenTime),
    emittedAt: toTime(signal.emittedAt),
    backfilled,
  };
}
