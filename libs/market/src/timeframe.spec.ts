import fc from 'fast-check';
import { isTimeframe, openTimeOf, TIMEFRAMES, timeframeMs } from './timeframe';

describe('timeframes', () => {
  it('are listed from short to long and know their length', () => {
    expect(TIMEFRAMES).toEqual(['1s', '5s', '1m', '5m', '15m', '30m', '1h', '4h', '1d', '1w']);
    expect(TIMEFRAMES.map(timeframeMs)).toEqual([1e3, 5e3, 6e4, 3e5, 9e5, 18e5, 36e5, 144e5, 864e5, 6048e5]);
  });

  it('are told from other words', () => {
    expect(['1m', '2m', '', 'toString', '1M'].map(isTimeframe)).toEqual([true, false, false, false, false]);
  });

  it('open weeks on Mondays and days at midnight, UTC', () => {
    const thursday = Date.parse('2026-11-19T15:04:05.678Z');
    expect(new Date(openTimeOf(thursday, '1w')).toISOString()).toBe('2026-11-16T00:00:00.000Z');
    expect(new Date(openTimeOf(thursday, '1d')).toISOString()).toBe('2026-11-19T00:00:00.000Z');
    expect(new Date(openTimeOf(thursday, '4h')).toISOString()).toBe('2026-11-19T12:00:00.000Z');
  });

  it('contain every moment in exactly one bar', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e14, max: 1e14 }), fc.constantFrom(...TIMEFRAMES), (time, timeframe) => {
        const open = openTimeOf(time, timeframe);
        expect(open <= time && time < open + timeframeMs(timeframe)).toBe(true);
        expect(openTimeOf(open, timeframe)).toBe(open);
      }),
    );
  });
});
