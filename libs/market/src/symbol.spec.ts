import fc from 'fast-check';
import { parseSeriesKey, parseSymbol, seriesKey } from './symbol';
import { TIMEFRAMES } from './timeframe';

describe('a symbol', () => {
  it.each([
    ['SPY', 'SPY'],
    [' btc/usd ', 'BTC-USD'],
    ['brk.b', 'BRK.B'],
    ['^GSPC', '^GSPC'],
    ['EURUSD=X', 'EURUSD=X'],
    ['a_b', 'A_B'],
    ['', null],
    ['^', null],
    ['.A', null],
    ['../etc', null],
    ['A/B/C', null],
    ['A|B', null],
    ['A:B', null],
    ['A{B}', null],
    ['A B', null],
    ['É', null],
    ['A'.repeat(33), null],
  ])('%j is read as %j', (raw, symbol) => {
    expect(parseSymbol(raw)).toBe(symbol);
  });

  it('is safe in paths and keys whatever was typed, and normalises once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        const symbol = parseSymbol(raw);
        if (symbol === null) return;
        expect(symbol).toMatch(/^[A-Z0-9^][A-Z0-9.^=_-]*$/);
        expect(symbol).not.toContain('..'.repeat(17));
        expect(parseSymbol(symbol)).toBe(symbol);
      }),
    );
  });
});

describe('a series key', () => {
  it('gives back its parts', () => {
    for (const timeframe of TIMEFRAMES)
      expect(parseSeriesKey(seriesKey('BTC-USD', timeframe))).toEqual({ symbol: 'BTC-USD', timeframe });
  });

  it.each(['SPY', 'SPY|2m', '|1m', 'spy|1m', 'A|B|1m', ''])('is not %j', (key) => {
    expect(() => parseSeriesKey(key)).toThrow(`not a series key: '${key}'`);
  });
});
