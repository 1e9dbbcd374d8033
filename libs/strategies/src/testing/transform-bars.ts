import type { Bar } from '@wagehood/market';

/** The same market in another currency: every price times `factor`, volumes as they are. */
export function scalePrices(bars: readonly Bar[], factor: number): Bar[] {
  return bars.map((bar) => ({
    ...bar,
    open: bar.open * factor,
    high: bar.high * factor,
    low: bar.low * factor,
    close: bar.close * factor,
  }));
}

/** Prices as multiples of 2⁻¹⁰, whose sums and differences are exact. */
export function roundPrices(bars: readonly Bar[]): Bar[] {
  const round = (price: number) => Math.round(price * 1024) / 1024;
  return bars.map((bar) => ({
    ...bar,
    open: round(bar.open),
    high: round(bar.high),
    low: round(bar.low),
    close: round(bar.close),
  }));
}

/** The market upside down: every price as far below the centre as it was above. */
export function mirrorPrices(bars: readonly Bar[], centre: number): Bar[] {
  const mirror = (price: number) => 2 * centre - price;
  return bars.map((bar) => ({
    ...bar,
    open: mirror(bar.open),
    high: mirror(bar.low),
    low: mirror(bar.high),
    close: mirror(bar.close),
  }));
}
