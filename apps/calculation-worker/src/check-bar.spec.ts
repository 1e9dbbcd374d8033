import type { BarEvent } from '@wagehood/contracts';
import { arbBadBar, arbBarEvents } from '@wagehood/testing';
import fc from 'fast-check';
import { checkBar, checkSymbol } from './check-bar';
import { barEventOf } from './testing/documents';

const bar = (more: object = {}): BarEvent => ({
  ...barEventOf('SPY', { openTime: 60_000, open: 1, high: 2, low: 1, close: 2, volume: 0 }),
  ...more,
});

describe('checkBar', () => {
  it('takes every sane bar and hands on its numbers', () => {
    fc.assert(
      fc.property(arbBarEvents({ minLength: 1, maxLength: 3 }), (events) => {
        for (const event of events) {
          const { timestamp: openTime, open, high, low, close, volume } = event;
          expect(checkBar(event)).toEqual({ openTime, open, high, low, close, volume });
          expect(() => checkSymbol(event)).not.toThrow();
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a bar with whatever is wrong with it', () => {
    fc.assert(
      fc.property(arbBadBar, (bad) => {
        expect(() => checkBar(barEventOf('SPY', bad))).toThrow(/^not a valid bar: /);
      }),
    );
  });

  it.each([
    [null, 'not a bar: symbol or timeframe is missing'],
    ['SPY', 'not a bar: symbol or timeframe is missing'],
    [bar({ symbol: 7 }), 'not a bar: symbol or timeframe is missing'],
    [bar({ timeframe: '2m' }), 'not a bar: symbol or timeframe is missing'],
    [bar({ close: '2' }), 'not a valid bar: close is 2, expected a finite number'],
    [bar({ high: 0.5 }), 'not a valid bar: high 0.5 is below low 1'],
    // These are written on as they are: without them the text of the whole batch would be no JSON.
    [bar({ price: undefined }), 'not a valid bar: price is undefined, expected the close'],
    [bar({ source: undefined }), 'not a valid bar: source is missing'],
    [bar({ isFinal: 'yes' }), 'not a valid bar: isFinal is yes, expected true or false'],
    [bar({ revision: 'b' }), 'not a valid bar: revision is b, expected a whole number'],
  ])('%j → %s', (event, message) => {
    expect(() => checkBar(event as BarEvent)).toThrow(new Error(message));
  });

  it.each(['spy', 'S"PY', 'A|B', '', '{x}'])('refuses the symbol %j', (symbol) => {
    expect(() => checkSymbol(bar({ symbol }))).toThrow(`not a valid bar: '${symbol}' is no symbol`);
  });
});
