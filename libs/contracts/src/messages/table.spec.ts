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

  describe('packed numbers', () => {
    const HEAD = ['symbol', { values: ['sma_50', 'macd.macd_line', 'macd.histogram'] }, 'backfilled'];
    const pack = (...numbers: number[]) => {
      const bytes = Buffer.alloc(8 * numbers.length);
      numbers.forEach((number, i) => bytes.writeDoubleLE(number, 8 * i));
      return bytes.toString('base64');
    };

    it('become the fields of their record, null for what is not finite', () => {
      expect(fromTable([HEAD, ['SPY', pack(0.1, NaN, 1e-300), true], ['QQQ', pack(NaN, 1, 2)]])).toEqual([
        { symbol: 'SPY', values: { sma_50: 0.1, macd: { macd_line: null, histogram: 1e-300 } }, backfilled: true },
        { symbol: 'QQQ', values: { sma_50: null, macd: { macd_line: 1, histogram: 2 } } },
      ]);
    });

    it('may be missing or none: the record is empty', () => {
      expect(fromTable([HEAD, ['SPY'], ['QQQ', null, true]])).toEqual([
        { symbol: 'SPY', values: {} },
        { symbol: 'QQQ', values: {}, backfilled: true },
      ]);
      expect(
        fromTable([
          ['symbol', { values: [] }],
          ['SPY', ''],
        ]),
      ).toEqual([{ symbol: 'SPY', values: {} }]);
    });

    it.each([
      ['too few', pack(1, 2)],
      ['too many', pack(1, 2, 3, 4)],
      ['no text', 7],
      ['a list', [1, 2, 3]],
    ])('are left as they are when they are not what is named: %s', (_what, cell) =>
      expect(fromTable([HEAD, ['SPY', cell]])).toEqual([{ symbol: 'SPY', values: cell }]),
    );

    it('may stand behind the last row, for all rows that have no such cell', () => {
      const behind = pack(0.1, NaN, 1, 4, 5, 6, 7, 8, 9);
      expect(fromTable([HEAD, ['SPY'], ['QQQ', pack(1, 2, 3)], ['DIA', null, true], behind])).toEqual([
        { symbol: 'SPY', values: { sma_50: 0.1, macd: { macd_line: null, histogram: 1 } } },
        { symbol: 'QQQ', values: { sma_50: 1, macd: { macd_line: 2, histogram: 3 } } },
        { symbol: 'DIA', values: { sma_50: 7, macd: { macd_line: 8, histogram: 9 } }, backfilled: true },
      ]);
    });

    it.each([
      ['too few', pack(1, 2, 3)],
      ['too many', pack(1, 2, 3, 4, 5, 6, 7)],
      ['no base64', '?'],
    ])('are refused with every row when they are not those of all rows: %s', (_what, behind) =>
      expect(fromTable([HEAD, ['SPY'], ['QQQ'], behind])).toEqual([
        { symbol: 'SPY', values: [behind] },
        { symbol: 'QQQ', values: [behind] },
      ]),
    );

    it('may be fields of the message itself', () => {
      const head = ['symbol', ['open', 'macd.signal_line'], { values: ['sma_50'] }, { price: { sameAs: 'open' } }];
      expect(fromTable([head, ['SPY', pack(1, NaN), pack(3)], ['QQQ', pack(4), null, 7], ['DIA', 7]])).toEqual([
        { symbol: 'SPY', open: 1, macd: { signal_line: null }, values: { sma_50: 3 }, price: 1 },
        { symbol: 'QQQ', open: pack(4), values: {}, price: 7 },
        { symbol: 'DIA', open: 7, values: {}, price: 7 },
      ]);
      expect(fromTable([head, ['SPY'], ['QQQ', null, null, 7], pack(1, 2, 3, 4, 5, 6)])).toEqual([
        { symbol: 'SPY', open: 1, macd: { signal_line: 2 }, values: { sma_50: 3 }, price: 1 },
        { symbol: 'QQQ', open: 4, macd: { signal_line: 5 }, values: { sma_50: 6 }, price: 7 },
      ]);
      expect(fromTable([head, ['SPY'], pack(1, 2)])).toEqual([
        { symbol: 'SPY', open: [pack(1, 2)], values: [pack(1, 2)], price: [pack(1, 2)] },
      ]);
    });

    it('leave a text behind the last row of another table alone', () =>
      expect(fromTable([['symbol'], ['SPY'], pack(1)])).toEqual([{ symbol: 'SPY' }, pack(1)]));

    it('need a name and a list of names', () => {
      expect(
        fromTable([
          ['symbol', {}, { values: null }, { more: {} }],
          ['SPY', '', '', ''],
        ]),
      ).toEqual([{ symbol: 'SPY', '': {}, values: {}, more: {} }]);
    });
  });

  describe('what all rows share', () => {
    const HEAD = ['close', { price: { sameAs: 'close' } }, { source: 'mock' }, { isFinal: true }, { revision: 0 }];

    it('holds where a row ends before it, or has null', () => {
      const usual = { source: 'mock', isFinal: true, revision: 0 };
      expect(fromTable([HEAD, [1.5], [2, null, null, null, null], [3, 4, 'x', false, 7], [5, null, 'y']])).toEqual([
        { close: 1.5, price: 1.5, ...usual },
        { close: 2, price: 2, ...usual },
        { close: 3, price: 4, source: 'x', isFinal: false, revision: 7 },
        { close: 5, price: 5, ...usual, source: 'y' },
      ]);
    });

    it('is null where the field that it follows is not there', () =>
      expect(fromTable([[{ price: { sameAs: 'close' } }, 'close', { more: { sameAs: '__proto__' } }], [], [null, 1]])).toEqual([
        { price: null, more: null },
        { price: 1, close: 1, more: null },
      ])); // prettier-ignore

    it('may be what it was in the row before', () => {
      const head = [{ symbol: { repeats: true } }, { timeframe: { repeats: true } }, 'close'];
      expect(fromTable([head, [], ['SPY', '1m', 1], [null, null, 2], ['QQQ'], {}, []])).toEqual([
        { symbol: null, timeframe: null },
        { symbol: 'SPY', timeframe: '1m', close: 1 },
        { symbol: 'SPY', timeframe: '1m', close: 2 },
        { symbol: 'QQQ', timeframe: '1m' },
        {},
        { symbol: 'QQQ', timeframe: '1m' },
      ]);
    });
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
      ['__proto__.polluted', 'constructor.prototype.polluted', { __proto__: ['polluted'] }],
      [1, 1, 'AAAAAAAA8D8='],
    ]);
    fromTable([JSON.parse('[{"__proto__":["polluted"]}]'), ['AAAAAAAA8D8=']]);
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
