import type { Bar } from '@wagehood/market';

/** SMA 20 · EMA 20 · RSI 14 · MACD 12/26/9 (line, signal, histogram) · Bollinger 20/2 (upper, middle, lower). */
export const VALUES = 9;

/** Bars of the walk that the series go round in; a power of two, so that finding the bar costs nothing. */
export const BARS = 4096;
export const BAR_MASK = BARS - 1;

/** Series differ in phase by up to 63 bars: the bars of a round stay in the cache, memory traffic is that of the states. */
export const SHIFT_MASK = 63;

/** Somebody who keeps the five indicators of many series up to date. */
export interface Contender {
  readonly name: string;
  /** Takes a bar of every series in turn, `rounds` times; series i sees `bars[(round + (i & SHIFT_MASK)) & BAR_MASK]`. */
  run(bars: readonly Bar[], first: number, rounds: number): void;
  /** The values after the last bar, NaN where there is none. */
  readonly out: Float64Array;
}
