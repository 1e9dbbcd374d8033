import { barEventOf, type BarEvent } from '@wagehood/contracts';
import { createBarMaker, type BarMaker } from '@wagehood/mock-market';

const SPAN_MS = 1_000;
const SEED = 42;

/** Bars of many symbols, one time stamp after the other. */
export interface Market {
  /** The next bar; symbols take turns. */
  next(): BarEvent;
}

/** The bars that the baselines are fed: those that our mock provider gives out as fast as it can, made by the same code. */
export function createMarket(symbols: readonly string[], startMs: number): Market {
  const makers = symbols.map((symbol) => createBarMaker(SEED, symbol, '1s'));
  let at = 0;
  let time = startMs;
  return {
    next() {
      const bar = (makers[at] as BarMaker).final(time);
      if (++at === makers.length) {
        at = 0;
        time += SPAN_MS;
      }
      return barEventOf(bar, { symbol: bar.symbol, timeframe: bar.timeframe, source: 'mock' });
    },
  };
}
