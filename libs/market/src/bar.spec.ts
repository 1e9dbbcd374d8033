import fc from 'fast-check';
import { validateBar, type Bar } from './bar';
import { openTimeOf, TIMEFRAMES } from './timeframe';

const good: Bar = { openTime: 1_700_000_040_000, open: 10, high: 12, low: 9, close: 11, volume: 0 };

describe('a bar', () => {
  it.each<[string, Partial<Bar>, string, string]>([
    ['NaN', { close: NaN }, 'not-finite', 'close is NaN, expected a finite number'],
    ['infinity', { high: Infinity }, 'not-finite', 'high is Infinity, expected a finite number'],
    ['a negative price', { low: -1 }, 'price-not-positive', 'low is -1, expected a price above zero'],
    ['a price of zero', { open: 0 }, 'price-not-positive', 'open is 0, expected a price above zero'],
    ['a price as text', { close: '10' as unknown as number }, 'not-finite', 'close is 10, expected a finite number'],
    ['a volume as text', { volume: '5' as unknown as number }, 'not-finite', 'volume is 5, expected a finite number'],
    ['a volume of NaN', { volume: NaN }, 'not-finite', 'volume is NaN, expected a finite number'],
    ['a negative volume', { volume: -5 }, 'volume-negative', 'volume is -5, expected zero or more'],
    ['its high below its low', { high: 8 }, 'high-below-low', 'high 8 is below low 9'],
    ['its open above its high', { open: 13 }, 'outside-range', 'open 13 is outside low 9 to high 12'],
    ['its close below its low', { close: 8.5 }, 'outside-range', 'close 8.5 is outside low 9 to high 12'],
    [
      'half a millisecond',
      { openTime: 60_000.5 },
      'time-not-integer',
      'openTime is 60000.5, expected whole epoch milliseconds',
    ],
    ['no time', { openTime: NaN }, 'time-not-integer', 'openTime is NaN, expected whole epoch milliseconds'],
    ['a time within a minute', { openTime: 61_000 }, 'time-not-aligned', 'openTime 61000 is not the start of a 1m bar'],
  ])('with %s is refused', (_, wrong, code, message) => {
    expect(validateBar({ ...good, ...wrong }, '1m')).toMatchObject({ code, message, field: Object.keys(wrong)[0] });
  });

  it('is accepted when nothing is wrong with it', () => {
    expect(validateBar(good, '1m')).toBeNull();
    expect(validateBar({ ...good, open: 10, high: 10, low: 10, close: 10 }, '1m')).toBeNull();
  });

  it('of any numbers is either refused or sane', () => {
    const anything = fc.oneof(
      fc.double(),
      fc.integer({ min: -5, max: 20 }),
      fc.constantFrom(NaN, Infinity, -Infinity, 0, -0),
    );
    const record = fc.record({
      openTime: anything,
      open: anything,
      high: anything,
      low: anything,
      close: anything,
      volume: anything,
    });
    fc.assert(
      fc.property(record, fc.constantFrom(...TIMEFRAMES), (bar, timeframe) => {
        const sane =
          openTimeOf(bar.openTime, timeframe) === bar.openTime &&
          [bar.open, bar.close].every((price) => price > 0 && price >= bar.low && price <= bar.high) &&
          bar.low > 0 &&
          bar.high < Infinity &&
          bar.volume >= 0 &&
          bar.volume < Infinity &&
          Number.isSafeInteger(bar.openTime);
        expect(validateBar(bar, timeframe) === null).toBe(sane);
      }),
      { numRuns: 2_000 },
    );
  });
});
