import type { BarEvent } from '@wagehood/contracts';
import { createBarMaker } from '@wagehood/mock-market';

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
      const { symbol, timeframe, openTime, open, high, low, close, volume, isFinal } = (
        makers[at] as (typeof makers)[number]
      ).final(time);
      if (++at === makers.length) {
        at = 0;
        time += SPAN_MS;
      }
      return {
        symbol,
        timeframe,
        timestamp: openTime,
        open,
        high,
        low,
        close,
        volume,
        price: close,
        source: 'mock',
        isFinal,
      };
    },
  };
}
