import type { Bar } from '@wagehood/market';

/** Wilder's ATR at every bar, by its definition; NaN before the first: a reference to test factors against. */
export function averageRanges(bars: readonly Bar[], period = 14): number[] {
  const ranges = bars.map((bar, i) => {
    const { close } = bars[i - 1] ?? bar;
    return Math.max(bar.high - bar.low, Math.abs(bar.high - close), Math.abs(bar.low - close));
  });
  let atr = NaN;
  return ranges.map((range, at) => {
    if (at === period) atr = ranges.slice(1, period + 1).reduce((sum, one) => sum + one, 0) / period;
    else if (at > period) atr = (atr * (period - 1) + range) / period;
    return atr;
  });
}
