import type { Bar } from '@wagehood/market';
import fc from 'fast-check';

/** A seeded stream of numbers in [0, 1): the same for the same seed, on every machine. */
export function uniforms(seed: number): () => number {
  let bits = seed >>> 0;
  return () => {
    bits = (bits + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(bits ^ (bits >>> 15), bits | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A random walk of minute bars: about `volatility` (a share) a bar. */
export function walk(count: number, seed: number, start = 100, volatility = 0.01): Bar[] {
  const next = uniforms(seed);
  let close = start;
  return Array.from({ length: count }, (_, at) => {
    const open = close;
    close *= 1 + (next() + next() + next() - 1.5) * 2 * volatility;
    return barOf(at, open, close, next() * volatility, Math.floor(next() * 1e6));
  });
}

/** A bar from open to close whose wicks reach `reach` (a share) further. */
export function barOf(at: number, open: number, close: number, reach: number, volume: number): Bar {
  const high = Math.max(open, close) * (1 + reach);
  const low = Math.min(open, close) / (1 + reach);
  return { openTime: at * 60_000, open, high, low, close, volume };
}

/** Markets as they are and as they should not be: flat stretches, dust, jumps of any size, prices from 1e-6 to 1e12. */
export function anyMarket(maxLength: number): fc.Arbitrary<Bar[]> {
  const factor = fc.oneof(
    { weight: 6, arbitrary: fc.double({ min: 0.97, max: 1.03, noNaN: true }) },
    { weight: 3, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.double({ min: 1 - 1e-12, max: 1 + 1e-12, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(1000, 0.001, 2, 0.5, 1e6, 1e-6) },
  );
  const volume = fc.oneof(fc.constant(0), fc.nat(1e9));
  const step = fc.record({ factor, reach: fc.constantFrom(0, 0, 1e-6, 0.01, 1), volume });
  return fc
    .record({ start: fc.integer({ min: -6, max: 12 }), steps: fc.array(step, { minLength: 1, maxLength }) })
    .map(({ start, steps }) => {
      let close = 10 ** start;
      return steps.map(({ factor: by, reach, volume: traded }, at) => {
        const open = close;
        close = Math.min(1e12, Math.max(1e-6, close * by));
        return barOf(at, open, close, reach, traded);
      });
    });
}

/** The same market in another currency. */
export function inCurrency(bars: readonly Bar[], rate: number): Bar[] {
  return bars.map(({ openTime, open, high, low, close, volume }) => ({
    openTime,
    open: open * rate,
    high: high * rate,
    low: low * rate,
    close: close * rate,
    volume,
  }));
}
