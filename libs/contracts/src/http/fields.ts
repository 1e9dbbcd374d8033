import { isTimeframe, parseSymbol, TIMEFRAMES } from '@wagehood/market';
import { z } from 'zod';

/** RFC 3339 in UTC, e.g. `2026-11-22T14:30:00.000Z`: every time on HTTP but UDF's. */
export const time = z.iso.datetime().meta({ description: 'RFC 3339, UTC', example: '2026-11-22T14:30:00.000Z' });

/** RFC 3339 text of epoch milliseconds. */
export const toTime = (epochMs: number): string => new Date(epochMs).toISOString();

/** A symbol as a client writes it; `btc/usd` becomes `BTC-USD`. */
export const symbolInput = z
  .string()
  .transform((raw, context) => {
    const symbol = parseSymbol(raw);
    if (symbol !== null) return symbol;
    context.addIssue({ code: 'custom', message: 'not a symbol; write it like SPY or BTC-USD' });
    return z.NEVER;
  })
  .meta({ description: 'A symbol', example: 'SPY' });

/** A normalised symbol in an answer. */
export const symbolOutput = z.string().meta({ example: 'SPY' });

export const timeframe = z.enum(TIMEFRAMES).meta({ description: 'Length of a bar', example: '1m' });

/** `a,b` or a repeated parameter → an array. */
const separated = (raw: unknown): unknown =>
  (Array.isArray(raw) ? raw : [raw]).flatMap((item) => (typeof item === 'string' ? item.split(',') : [item]));

/** A list in a query string: comma-separated or repeated. */
export const listParameter = <S extends z.ZodType>(item: S) => z.preprocess(separated, z.array(item).min(1));

/** A whole number in a query string. */
export const intParameter = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().int().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

/** A number in a query string. */
export const numberParameter = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d{1,15}(\.\d{1,15})?$/, `must be a number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

/** A day (`2026-11-22`, midnight UTC) or an RFC 3339 time in a query string → epoch ms. */
export const timeParameter = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], { error: 'must be a day or an RFC 3339 time' })
  .transform((text) => Date.parse(text));

/** Opaque; hand back what `nextCursor` of the page before said. */
export const cursorParameter = z.string().min(1).max(512);

export const timeframeParameter = z.string().refine(isTimeframe, `must be one of ${TIMEFRAMES.join(' ')}`);

const scalar = z.number().nullable();

/** A number, or a record of numbers by output; null until warmed up. */
export const indicatorValue = z.union([scalar, z.record(z.string(), scalar)]);

export const indicatorReading = z.object({
  value: indicatorValue,
  /** False until the indicator is warmed up. */
  ready: z.boolean(),
  /** Present once the indicator's `ttl_seconds` have passed since the bar came in; the value is null then. */
  expired: z.literal(true).optional(),
});

/** Present on a bar that was corrected after it had been final. */
export const revision = z.int().positive().optional().describe('Number of the correction');

export const bar = z.object({
  timestamp: time.describe('Open time of the bar'),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
});
