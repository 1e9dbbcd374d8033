import { parseSymbol, TIMEFRAMES } from '@wagehood/market';
import { z } from 'zod';

/** Name of an indicator, strategy, rule or channel: lower-case words joined by `_` or `-`. */
export const nameField = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower-case letters, digits, "_" or "-", starting with a letter');

/** A symbol as a user writes it; normalised (`btc/usd` → `BTC-USD`). */
export const symbolField = z.string().transform((raw, context) => {
  const symbol = parseSymbol(raw);
  if (symbol !== null) return symbol;
  context.addIssue({
    code: 'custom',
    message: `"${raw.slice(0, 40)}" is not a symbol`,
    params: { expected: 'a symbol such as SPY or BTC-USD' },
  });
  return z.NEVER;
});

export const timeframeField = z.enum(TIMEFRAMES);

/** Parameters of an indicator or a strategy; their names and ranges are checked against the catalog, not here. */
export const parametersField = z.record(z.string(), z.union([z.number(), z.string()]));

/** Seconds, fractions allowed. */
export const seconds = (min: number, max: number) => z.number().min(min).max(max);

export const count = (min: number, max: number) => z.number().int().min(min).max(max);

/** A provider's name, or the path of a module that default-exports one. */
export const providerField = z.string().min(1).max(512);
