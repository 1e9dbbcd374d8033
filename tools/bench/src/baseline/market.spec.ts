import { validateBar } from '@wagehood/market';
import { createMarket } from './market';

describe('createMarket', () => {
  const bars = () => {
    const market = createMarket(['A', 'B'], 60_000);
    return Array.from({ length: 2_000 }, () => market.next());
  };

  it('makes valid bars, symbols in turn, time rising', () => {
    const made = bars();
    for (const { timestamp: openTime, open, high, low, close, volume } of made)
      expect(validateBar({ openTime, open, high, low, close, volume }, '1s')).toBeNull();
    expect(made.slice(0, 3).map(({ symbol, timestamp }) => [symbol, timestamp])).toEqual([
      ['A', 60_000],
      ['B', 60_000],
      ['A', 61_000],
    ]);
  });

  it('makes the same bars every time, and they move', () => {
    expect(bars()).toEqual(bars());
    expect(new Set(bars().map(({ close }) => close)).size).toBeGreaterThan(50);
  });
});
