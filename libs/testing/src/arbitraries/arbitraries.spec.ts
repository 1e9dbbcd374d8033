import { parseBarEvents } from '@wagehood/contracts';
import { parseSymbol, timeframeMs, TIMEFRAMES, validateBar } from '@wagehood/market';
import fc from 'fast-check';
import { arbBadBar } from './bad-bars';
import { arbBarEvents } from './bar-events';
import { arbBars, arbSymbol } from './bars';

it.each(TIMEFRAMES)('arbBars makes valid, ordered bars of %s', (timeframe) => {
  fc.assert(
    fc.property(arbBars({ timeframe, gaps: true, maxMove: 0.5 }), (bars) => {
      for (const bar of bars) expect(validateBar(bar, timeframe)).toBeNull();
      bars.slice(1).forEach((bar, at) => {
        const passed = bar.openTime - (bars[at]?.openTime ?? 0);
        expect(passed).toBeGreaterThanOrEqual(timeframeMs(timeframe));
        expect(passed % timeframeMs(timeframe)).toBe(0);
      });
    }),
    { numRuns: 30 },
  );
});

it('arbBars honours its length and has no gaps unless asked', () => {
  fc.assert(
    fc.property(arbBars({ minLength: 5, maxLength: 7 }), (bars) => {
      expect(bars.length).toBeGreaterThanOrEqual(5);
      expect(bars.length).toBeLessThanOrEqual(7);
      bars.slice(1).forEach((bar, at) => expect(bar.openTime - (bars[at]?.openTime ?? 0)).toBe(60_000));
    }),
  );
});

it('arbBadBar is always refused', () => {
  fc.assert(fc.property(arbBadBar, (bar) => expect(validateBar(bar, '1m')).not.toBeNull()));
});

it('arbSymbol makes normalised symbols', () => {
  fc.assert(fc.property(arbSymbol, (symbol) => expect(parseSymbol(symbol)).toBe(symbol)));
});

it('arbBarEvents survive the wire bit for bit', () => {
  fc.assert(
    fc.property(arbBarEvents({ timeframe: '5m' }), (events) => {
      expect(parseBarEvents(JSON.stringify(events))).toEqual({ ok: true, value: { values: events, faults: [] } });
    }),
  );
});
