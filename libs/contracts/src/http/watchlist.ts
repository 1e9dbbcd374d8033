import { z } from 'zod';
import { symbolInput, symbolOutput, timeframe } from './fields';

const MAX_SYMBOLS = 10_000;

/**
 * Body of POST /watchlist: `{"symbol": "TSLA"}` is enough. One of `symbol` and `symbols`; `action` defaults to `add`. Adding a
 * symbol that is watched changes what the body names and leaves the rest of its entry.
 */
export const watchlistRequest = z
  .strictObject({
    symbol: symbolInput.optional(),
    symbols: z.array(symbolInput).min(1).max(MAX_SYMBOLS).optional(),
    action: z.enum(['add', 'remove']).default('add'),
    enabled: z.boolean().optional(),
    timeframes: z.array(timeframe).max(10).optional(),
    data_provider: z.string().min(1).max(512).optional(),
    priority: z.int().min(1).max(10).optional(),
  })
  .superRefine(({ symbol, symbols }, context) => {
    if ((symbol === undefined) === (symbols === undefined)) {
      context.addIssue({ code: 'custom', path: ['symbol'], message: 'give either symbol or symbols' });
    }
  })
  .transform(({ symbol, symbols = [], ...rest }) => ({
    ...rest,
    symbols: [...new Set(symbol === undefined ? symbols : [symbol])],
  }));

export const watchlistItem = z.object({
  symbol: symbolOutput,
  enabled: z.boolean(),
  data_provider: z.string().nullable(),
  timeframes: z.array(timeframe),
  priority: z.int(),
});

/** Answer to POST /watchlist: the whole list as it now stands. */
export const watchlistResponse = z
  .object({
    /** Version of the configuration that holds it; unchanged when nothing changed. */
    version: z.int().positive(),
    changed: z.boolean(),
    watchlist: z.array(watchlistItem),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'Watchlist' });

export type WatchlistRequest = z.output<typeof watchlistRequest>;
export type WatchlistItem = z.output<typeof watchlistItem>;
export type WatchlistResponse = z.output<typeof watchlistResponse>;
