import { TIMEFRAMES, timeframeMs, validateBar, openTimeOf } from '@wagehood/market';
import { createBarMaker } from './bar-maker';

const START = Date.UTC(2026, 0, 5);

const firstBars = (seed: number, symbol: string, count: number) => {
  const maker = createBarMaker(seed, symbol, '1s');
  return Array.from({ length: count }, (_, i) => maker.final(START + i * 1000));
};

describe('createBarMaker', () => {
  it.each(TIMEFRAMES)('makes valid %s bars that join without a seam', (timeframe) => {
    const spanMs = timeframeMs(timeframe);
    const maker = createBarMaker(42, 'SPY', timeframe);
    let previousClose: number | null = null;
    for (let i = 0, time = openTimeOf(START, timeframe); i < 500; i++, time += spanMs) {
      const bar = maker.final(time);
      expect(validateBar(bar, timeframe)).toBeNull();
      if (previousClose !== null) expect(bar.open).toBe(previousClose);
      previousClose = bar.close;
    }
  });

  it('makes the same bar again in another process, order and direction', () => {
    const forward = firstBars(42, 'SPY', 200);
    const maker = createBarMaker(42, 'SPY', '1s');
    for (let i = 199; i >= 0; i--) expect(maker.final(START + i * 1000)).toEqual(forward[i]);
  });

  it('keeps this path for ever: recorded prices of seed 42', () => {
    const [first, second] = firstBars(42, 'SPY', 2);
    expect(first).toMatchObject({ open: 129.76, high: 129.78, low: 129.73, close: 129.77, volume: 37077 });
    expect(second).toMatchObject({ open: 129.77, high: 129.9, low: 129.77, close: 129.85, volume: 44825 });
  });

  it('tells symbols and seeds apart', () => {
    const opens = [firstBars(42, 'SPY', 1), firstBars(42, 'QQQ', 1), firstBars(43, 'SPY', 1)].map(([bar]) => bar?.open);
    expect(new Set(opens).size).toBe(3);
  });

  it('shows the bar as it forms: same open, growing volume, never outside the final range', () => {
    const maker = createBarMaker(42, 'SPY', '1s');
    const final = maker.final(START);
    const forming = [250, 500, 750].map((ms) => maker.forming(START, START + ms));
    let volume = 0;
    for (const bar of forming) {
      expect(validateBar(bar, '1s')).toBeNull();
      expect(bar).toMatchObject({ open: final.open, isFinal: false, openTime: START });
      expect(bar.high).toBeLessThanOrEqual(final.high);
      expect(bar.low).toBeGreaterThanOrEqual(final.low);
      expect(bar.volume).toBeGreaterThan(volume);
      volume = bar.volume;
    }
  });

  it('trades more when prices move more', () => {
    const bars = firstBars(42, 'SPY', 20_000).map((bar) => ({
      move: (bar.high - bar.low) / bar.open,
      volume: bar.volume,
    }));
    bars.sort((a, b) => a.move - b.move);
    const mean = (part: typeof bars) => part.reduce((sum, { volume }) => sum + volume, 0) / part.length;
    expect(mean(bars.slice(15_000))).toBeGreaterThan(1.5 * mean(bars.slice(0, 5_000)));
  });
});
