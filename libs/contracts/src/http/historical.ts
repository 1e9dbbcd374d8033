import { z } from 'zod';
import {
  bar,
  cursorParameter,
  indicatorValue,
  intParameter,
  listParameter,
  symbolOutput,
  timeframe,
  timeframeParameter,
  timeParameter,
} from './fields';

/** Query of GET /data/historical/{symbol}: oldest first, `start_date` included, `end_date` excluded. */
export const historicalQuery = z
  .object({
    /** Default: the shortest timeframe that the symbol has. */
    timeframe: timeframeParameter.optional(),
    /** Names of indicators; all without it. `none`: bars alone. */
    indicator: listParameter(z.string().min(1).max(64)).optional(),
    start_date: timeParameter.optional(),
    end_date: timeParameter.optional(),
    limit: intParameter(1, 10_000).default(1000),
    cursor: cursorParameter.optional(),
  })
  .superRefine(({ start_date: start, end_date: end }, context) => {
    if (start !== undefined && end !== undefined && start >= end) {
      context.addIssue({ code: 'custom', path: ['end_date'], message: 'must be later than start_date' });
    }
  });

export const historicalBar = bar.extend({ indicators: z.record(z.string(), indicatorValue) });

/** GET /data/historical/{symbol}. */
export const historicalResponse = z
  .object({
    symbol: symbolOutput,
    timeframe,
    bars: z.array(historicalBar),
    /** Hand it back as `cursor` for the next page; null at the end. */
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'Historical' });

export type HistoricalQuery = z.output<typeof historicalQuery>;
export type HistoricalBar = z.output<typeof historicalBar>;
export type HistoricalResponse = z.output<typeof historicalResponse>;
