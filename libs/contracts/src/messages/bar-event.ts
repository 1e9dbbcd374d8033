import type { Bar } from '@wagehood/market';
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

/** A bar that is filled anew for each event. */
export type BarSlot = { -readonly [K in keyof Bar]: Bar[K] };

/** Its fields are doubles from the start; of a class of their own, so that they stay so. */
class BarNumbers implements BarSlot {
  openTime = 0.5;
  open = 0.5;
  high = 0.5;
  low = 0.5;
  close = 0.5;
  volume = 0.5;
}

/** A place for bars to be filled in. */
export const barSlot = (): BarSlot => new BarNumbers();

/** An event that is filled anew for each bar. */
export type BarEventSlot = { -readonly [K in keyof BarEvent]: BarEvent[K] };

/**
 * A class of their own keeps the numbers doubles that are written in place: a literal with these names would share its shape with every
 * other one, the schema of a bar among them, whose fields are objects, and then each number is an object too.
 */
class BarFields implements BarEventSlot {
  symbol = '';
  timeframe: BarEvent['timeframe'] = '1s';
  timestamp = 0.5;
  open = 0.5;
  high = 0.5;
  low = 0.5;
  close = 0.5;
  volume = 0.5;
  price = 0.5;
  source = '';
  isFinal = false;
  backfilled: boolean | undefined = undefined;
  revision: number | undefined = undefined;
}

/** A place for events of bars, marked or not. */
export const barEventSlot = (): BarEventSlot => new BarFields();

/** The bar of an event, in a place of its own or in the one that is given. */
export function barOf(
  event: Pick<BarEvent, 'timestamp' | Exclude<keyof Bar, 'openTime'>>,
  into: BarSlot = barSlot(),
): Bar {
  into.openTime = event.timestamp;
  into.open = event.open;
  into.high = event.high;
  into.low = event.low;
  into.close = event.close;
  into.volume = event.volume;
  return into;
}

/** A final bar as an event. */
export function barEventOf(bar: Bar, of: Pick<BarEvent, 'symbol' | 'timeframe' | 'source'>): BarEvent {
  const { openTime: timestamp, open, high, low, close, volume } = bar;
  const { symbol, timeframe, source } = of;
  return { symbol, timeframe, timestamp, open, high, low, close, volume, price: close, source, isFinal: true };
}

/** Reads `data` of an entry of kind `bar` or `forming`. */
export const parseBarEvents = batchParser(barEventSchema);
