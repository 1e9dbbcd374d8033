import { indicatorPlanOf, settingsSchema } from '@wagehood/config';
import type { BarEvent } from '@wagehood/contracts';
import { createCatalog, toValues } from '@wagehood/indicators';
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

  it('writes a forming bar without values', () => {
    const forming = { ...bar, isFinal: false };
    expect(encodeForming(forming, 5)).toBe(JSON.stringify({ ...forming, receivedAt: 5, values: {} }));
  });
});
