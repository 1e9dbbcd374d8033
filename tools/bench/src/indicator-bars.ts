import type { Bar } from '@wagehood/market';

/** A seeded random walk of closes, 0.2 % a bar, that ends near where it began, so that it can be run in circles. */
export function walkBars(count: number, seed: number): Bar[] {
  let bits = seed >>> 0;
  const uniform = () => {
    bits = (Math.imul(bits, 1664525) + 1013904223) >>> 0;
    return bits / 2 ** 32;
  };
  const steps = Array.from({ length: count }, () => (uniform() + uniform() + uniform() - 1.5) * 0.004);
  const drift = steps.reduce((sum, step) => sum + step, 0) / count;
  let close = 100;
  return steps.map((step, i) => {
    const open = close;
    close *= 1 + step - drift;
    const [high, low] = open > close ? [open, close] : [close, open];
    return { openTime: i * 60_000, open, high, low, close, volume: 1_000 + i };
  });
}
