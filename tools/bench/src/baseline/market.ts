import { barEventOf, type BarEvent } from '@wagehood/contracts';
import { FinalBars, type MadeBar } from '@wagehood/mock-market';

const SEED = 42;

/** Bars of many symbols, one time stamp after the other. */
export interface Market {
  /** The next bar; symbols take turns. */
  next(): BarEvent;
}

/** The bars that the baselines are fed: those that our mock provider gives out as fast as it can, made by the same code. */
export function createMarket(symbols: readonly string[], startMs: number): Market {
  const bars = new FinalBars(
    SEED,
    '1s',
    symbols.map((symbol) => ({ symbol, from: startMs })),
  );
  return {
    next() {
      const bar = bars.next() as MadeBar; // it has no end
      return barEventOf(bar, { symbol: bar.symbol, timeframe: bar.timeframe, source: 'mock' });
    },
  };
}
