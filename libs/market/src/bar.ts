import { openTimeOf, type Timeframe } from './timeframe';

/** One bar of one symbol over one timeframe. Its time is its open time, UTC. */
export interface Bar {
  /** Epoch milliseconds, a multiple of the timeframe (weeks: Mondays). */
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export type BarFaultCode =
  | 'time-not-integer'
  | 'time-not-aligned'
  | 'not-finite'
  | 'price-not-positive'
  | 'volume-negative'
  | 'high-below-low'
  | 'outside-range';

/** What is wrong with a bar: the first offending field, a code for machines, a sentence for people. */
export interface BarFault {
  readonly field: keyof Bar;
  readonly code: BarFaultCode;
  readonly message: string;
}

const PRICES = ['open', 'high', 'low', 'close'] as const;

/** The first thing that is wrong with a bar, or null. Everything behind this line may rely on a sane bar. */
export function validateBar(bar: Bar, timeframe: Timeframe): BarFault | null {
  return isSane(bar, timeframe) ? null : (timeFault(bar, timeframe) ?? numberFault(bar) ?? rangeFault(bar));
}

/**
 * What nearly every bar is, at a glance. Sentences are written behind it: V8 makes the text of a number that two of them name before it looks
 * which of them is due, if any, for every bar.
 */
const isSane = ({ openTime, open, high, low, close, volume }: Bar, timeframe: Timeframe): boolean =>
  Number.isSafeInteger(openTime) &&
  openTimeOf(openTime, timeframe) === openTime &&
  Number.isFinite(open) &&
  Number.isFinite(high) &&
  Number.isFinite(low) &&
  Number.isFinite(close) &&
  Number.isFinite(volume) &&
  low > 0 &&
  open >= low &&
  close >= low &&
  high >= open &&
  high >= close &&
  volume >= 0;

function timeFault({ openTime }: Bar, timeframe: Timeframe): BarFault | null {
  if (!Number.isSafeInteger(openTime))
    return fault('openTime', 'time-not-integer', `is ${openTime}, expected whole epoch milliseconds`);
  if (openTimeOf(openTime, timeframe) !== openTime)
    return fault('openTime', 'time-not-aligned', `${openTime} is not the start of a ${timeframe} bar`);
  return null;
}

function numberFault(bar: Bar): BarFault | null {
  for (const field of PRICES) {
    const price = bar[field];
    if (!Number.isFinite(price)) return fault(field, 'not-finite', `is ${price}, expected a finite number`);
    if (price <= 0) return fault(field, 'price-not-positive', `is ${price}, expected a price above zero`);
  }
  const { volume } = bar;
  if (!Number.isFinite(volume)) return fault('volume', 'not-finite', `is ${volume}, expected a finite number`);
  return volume < 0 ? fault('volume', 'volume-negative', `is ${volume}, expected zero or more`) : null;
}

function rangeFault({ open, high, low, close }: Bar): BarFault | null {
  if (high < low) return fault('high', 'high-below-low', `${high} is below low ${low}`);
  if (open < low || open > high) return fault('open', 'outside-range', outside(open, low, high));
  if (close < low || close > high) return fault('close', 'outside-range', outside(close, low, high));
  return null;
}

const outside = (price: number, low: number, high: number): string => `${price} is outside low ${low} to high ${high}`;

function fault(field: keyof Bar, code: BarFaultCode, text: string): BarFault {
  return { field, code, message: `${field} ${text}` };
}
