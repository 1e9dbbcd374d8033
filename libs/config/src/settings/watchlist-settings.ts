import { z } from 'zod';
import { count, providerField, symbolField, timeframeField } from './fields';
import type { ObjectMaker } from './object-maker';

/** One watched symbol. */
export const watchlistEntry = (object: ObjectMaker) =>
  object({
    symbol: symbolField,
    enabled: z.boolean().default(true),
    /** Null: `system.data_provider`. */
    data_provider: providerField.nullable().default(null),
    /** Timeframes to compute; empty: the timeframe of the feed alone. */
    timeframes: z.array(timeframeField).default([]),
    /** 1 is served first when history is fetched. */
    priority: count(1, 10).default(1),
  });
