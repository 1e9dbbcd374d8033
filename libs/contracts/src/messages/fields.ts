import { isTimeframe, parseSymbol, TIMEFRAMES, type Timeframe } from '@wagehood/market';
import { z } from 'zod';

/** A normalised, path-safe symbol. On the wire nothing is normalised any more. */
export const symbol = z.string().refine((text) => parseSymbol(text) === text, 'not a normalised symbol');

export const timeframe = z.custom<Timeframe>((text) => typeof text === 'string' && isTimeframe(text), {
  error: `not a timeframe (${TIMEFRAMES.join(' ')})`,
});

/** Epoch milliseconds, UTC. */
export const epochMs = z.int().nonnegative();

export const side = z.enum(['buy', 'sell']);

const scalar = z.number().nullable();

/** A scalar (`sma_50`) or a record of outputs (`macd`); null until warmed up. */
export const indicatorValue = z.union([scalar, z.record(z.string(), scalar)]);

/** Values by the indicator's name. */
export const indicatorValues = z.record(z.string(), indicatorValue);

export type Side = z.output<typeof side>;
export type IndicatorValue = number | null | Readonly<Record<string, number | null>>;
export type IndicatorValues = Readonly<Record<string, IndicatorValue>>;
