import { indicatorPlanOf, settingsSchema } from '@wagehood/config';
import type { BarEvent } from '@wagehood/contracts';
import { createCatalog, toValues } from '@wagehood/indicators';
import { arbBarEvents } from '@wagehood/testing';
import fc from 'fast-check';
import { compileEncoder, encodeForming } from './encode-event';

const bar: BarEvent = {
  ...{ symbol: 'SPY', timeframe: '1m', timestamp: 1_767_571_200_000, open: 1.5, high: 2.25, low: 1, close: 2 },
  ...{ volume: 100, price: 2, source: 'mock', isFinal: true },
};
const planOf = (indicators?: { name: string; parameters?: Record<string, number> }[]) =>
  indicatorPlanOf(settingsSchema.parse(indicators ? { indicators } : {}), createCatalog());

describe('encodeEvent', () => {
  it.each([
    ['the default indicators', planOf()],
    ['records first and last', planOf([{ name: 'macd' }, { name: 'sma_20' }, { name: 'bollinger_bands' }])],
    ['a single value', planOf([{ name: 'sma_20' }])],
    ['none', planOf([])],
  ])('names every value: %s', (_what, plan) => {
    const row = Float64Array.from(plan.columns, (_, i) => (i % 3 === 1 ? NaN : 100 / (i + 3)));
    const receivedAt = 1_767_571_200_123;
    const event = { ...bar, receivedAt, values: toValues(plan, row) };
    expect(JSON.parse(compileEncoder(plan)(bar, receivedAt, row))).toEqual(event);
  });

  it('says what the object built by name says, for any plan, any bar and any numbers, bit for bit', () => {
    const period = fc.integer({ min: 1, max: 300 });
    const indicators = fc.tuple(
      fc.uniqueArray(
        period.map((n) => ({ name: `sma_${n}` })),
        { selector: ({ name }) => name, maxLength: 3 },
      ),
      fc.subarray([{ name: 'macd' }, { name: 'bollinger_bands' }, { name: 'rsi_14' }, { name: 'ema_9' }]),
    );
    const plans = indicators.chain(([averages, others]) => fc.shuffledSubarray([...averages, ...others])).map(planOf);
    const number = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308));
    const row = fc.array(number, { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(plans, row, arbBarEvents({ maxLength: 3 }), fc.nat(), (plan, numbers, bars, receivedAt) => {
        const encode = compileEncoder(plan);
        const values = Float64Array.from(plan.columns, (_, i) => numbers[i] as number);
        for (const event of bars) {
          // Through JSON, where what is no finite number is null and −0 is 0.
          const expected = JSON.parse(JSON.stringify({ ...event, receivedAt, values: toValues(plan, values) }));
          expect(JSON.parse(encode(event, receivedAt, values))).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('writes a forming bar without values', () => {
    const forming = { ...bar, isFinal: false };
    expect(encodeForming(forming, 5)).toBe(JSON.stringify({ ...forming, receivedAt: 5, values: {} }));
  });
});
