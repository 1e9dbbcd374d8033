import { fromTable, readBatch } from './table';

describe('fromTable', () => {
  it('makes messages of rows under the names of the first', () => {
    expect(
      fromTable([
        ['symbol', 'close', 'isFinal'],
        ['SPY', 1.5, true],
        ['QQQ', null, false],
      ]),
    ).toEqual([
      { symbol: 'SPY', close: 1.5, isFinal: true },
      { symbol: 'QQQ', isFinal: false },
    ]);
  });

  it('takes a name with dots for a path', () => {
    const head = ['symbol', 'values.sma_50', 'values.macd.macd_line', 'values.macd.histogram'];
    expect(fromTable([head, ['SPY', 1, null, 3]])).toEqual([
      { symbol: 'SPY', values: { sma_50: 1, macd: { macd_line: null, histogram: 3 } } },
    ]);
  });

  it('leaves out what a row does not reach, but for the outermost record on the way', () => {
    expect(
      fromTable([['symbol', 'values.sma_50', 'values.macd.histogram', 'backfilled'], ['SPY'], ['QQQ', 2]]),
    ).toEqual([
      { symbol: 'SPY', values: {} },
      { symbol: 'QQQ', values: { sma_50: 2 } },
    ]);
  });

  it('leaves objects as they are, under names too', () => {
    expect(fromTable([{ symbol: 'SPY' }, ['QQQ']])).toEqual([{ symbol: 'SPY' }, ['QQQ']]);
    expect(fromTable([['symbol'], { symbol: 'SPY' }, 7])).toEqual([{ symbol: 'SPY' }, 7]);
    expect(fromTable([])).toEqual([]);
    expect(fromTable([['symbol']])).toEqual([]);
  });

  it('takes the later of two names that cannot both be', () => {
    expect(
      fromTable([
        ['values', 'values.sma_50'],
        [7, 1],
      ]),
    ).toEqual([{ values: { sma_50: 1 } }]);
  });

  it('lets no name reach what all objects share', () => {
    fromTable([
      ['__proto__.polluted', 'constructor.prototype.polluted'],
      [1, 1],
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('readBatch', () => {
  it('reads a table and an array of objects as the same messages', () => {
    expect(readBatch('[["symbol","close"],["SPY",1]]')).toEqual(readBatch('[{"symbol":"SPY","close":1}]'));
  });

  it.each(['', 'x', '{"a":1}', 'null'])('throws at %j', (text) => {
    expect(() => readBatch(text)).toThrow();
  });
});
