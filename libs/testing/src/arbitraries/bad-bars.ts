import type { Bar } from '@wagehood/market';
import fc from 'fast-check';
import { arbBar } from './bars';

type Spoil = (bar: Bar) => Bar;

const spoilers: readonly Spoil[] = [
  (bar) => ({ ...bar, close: NaN }),
  (bar) => ({ ...bar, open: Infinity }),
  (bar) => ({ ...bar, low: -bar.low }),
  (bar) => ({ ...bar, open: 0, low: 0 }),
  (bar) => ({ ...bar, volume: -1 }),
  (bar) => ({ ...bar, high: bar.low / 2 }),
  (bar) => ({ ...bar, close: bar.high * 2 }),
  (bar) => ({ ...bar, openTime: bar.openTime + 0.5 }),
  (bar) => ({ ...bar, openTime: bar.openTime + 1 }),
];

/** A 1-minute bar with exactly one thing wrong with it: not finite, not positive, outside its range, not aligned. */
export const arbBadBar: fc.Arbitrary<Bar> = fc
  .tuple(arbBar(), fc.constantFrom(...spoilers))
  .map(([bar, spoil]) => spoil(bar));
