/** The spans of time that a bar may cover, in ccxt spelling, shortest first. */
export type Timeframe = '1s' | '5s' | '1m' | '5m' | '15m' | '30m' | '1h' | '4h' | '1d' | '1w';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const SPANS: Readonly<Record<Timeframe, number>> = Object.freeze({
  '1s': SECOND,
  '5s': 5 * SECOND,
  '1m': MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '4h': 4 * HOUR,
  '1d': DAY,
  '1w': 7 * DAY,
});

/** Weeks open on Monday 00:00 UTC, and 1970-01-05 was a Monday; every other timeframe is aligned to the epoch. */
const FIRST_MONDAY = 4 * DAY;

export const TIMEFRAMES: readonly Timeframe[] = Object.freeze(Object.keys(SPANS) as Timeframe[]);

/** Length of one bar in milliseconds. */
export function timeframeMs(timeframe: Timeframe): number {
  return SPANS[timeframe];
}

export function isTimeframe(text: string): text is Timeframe {
  return Object.hasOwn(SPANS, text);
}

/** Open time (epoch ms) of the bar of this timeframe that contains `time`. */
export function openTimeOf(time: number, timeframe: Timeframe): number {
  const origin = timeframe === '1w' ? FIRST_MONDAY : 0;
  return Math.floor((time - origin) / SPANS[timeframe]) * SPANS[timeframe] + origin;
}
