import type { BarEvent } from '@wagehood/contracts';

/** σ of the logarithm of the price over one bar. */
const SIGMA = 3e-4;
const SPAN_MS = 1_000;

/** Bars of many symbols, one time stamp after the other: a seeded random walk in cents, with volume that follows the move. */
export interface Walk {
  /** The next bar; symbols take turns. */
  next(): BarEvent;
}

/**
 * The bars that the baselines are fed. They are as many, as long and of the same kind as those of our mock provider and cost
 * less to make, which favours the baselines.
 */
export function createWalk(symbols: readonly string[], startMs: number): Walk {
  const closes = Float64Array.from(symbols, (_, i) => 80 + ((i * 7919) % 600));
  let bits = 42;
  let at = 0;
  let timestamp = startMs;
  const uniform = (): number => {
    bits = (Math.imul(bits, 1664525) + 1013904223) >>> 0;
    return bits / 2 ** 32;
  };
  return {
    next() {
      const symbol = symbols[at] as string;
      const open = cents(closes[at] as number);
      const move = (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3) * SIGMA;
      const close = cents((closes[at] as number) * (1 + move));
      closes[at] = (closes[at] as number) * (1 + move);
      const wick = open * SIGMA;
      const high = cents(Math.max(open, close) + wick * uniform());
      const low = cents(Math.min(open, close) - wick * uniform());
      const volume = Math.ceil(1_000 * (0.5 + uniform() + (2 * Math.abs(move)) / SIGMA));
      const bar: BarEvent = {
        ...{ symbol, timeframe: '1s' as const, timestamp, open, high, low, close, volume },
        ...{ price: close, source: 'mock', isFinal: true },
      };
      if (++at === symbols.length) {
        at = 0;
        timestamp += SPAN_MS;
      }
      return bar;
    },
  };
}

const cents = (price: number): number => Math.round(price * 100) / 100;
