import { readBatch, type BarEvent } from '@wagehood/contracts';
import { arbBarEvents } from '@wagehood/testing';
import fc from 'fast-check';
import { BatchReader } from './batch-reader';
import { barFormat } from './read-bars';
import { encodeBars } from './write-bars';

const bar = (more: Partial<BarEvent> = {}): BarEvent => ({
  ...{ symbol: 'BTC-USD', timeframe: '1m', timestamp: 1_767_571_200_000 },
  ...{ open: 100.25, high: 101, low: 99.5, close: 100.75, volume: 1_234, price: 100.75, source: 'mock', isFinal: true },
  ...more,
});

const NUMBERS = ['timestamp', 'open', 'high', 'low', 'close', 'volume'] as const;

/** As any other program packs them. */
const pack = (bars: readonly BarEvent[]): string => {
  const numbers = bars.flatMap((one) => NUMBERS.map((name) => one[name]));
  const bytes = Buffer.alloc(8 * numbers.length);
  numbers.forEach((number, i) => bytes.writeDoubleLE(number, 8 * i));
  return bytes.toString('base64');
};

/** Everything that is read, copied while it is good; `parsed`: it was left to JSON.parse. */
function readAll(bytes: Buffer) {
  const [format, left] = [barFormat(), new Set<unknown>()];
  const make = (parsed: unknown) => {
    const item = format.make(parsed);
    left.add(item);
    return item;
  };
  const items = new BatchReader(bytes, { ...format, make });
  return Array.from(items, (item) => ({ cell: item.cell, bar: { ...item.bar }, parsed: left.has(item) }));
}

describe('encodeBars', () => {
  it('writes a table: names in the first row, rows that end where there is no more to say, numbers behind them', () => {
    const bars = [
      bar(),
      bar({ close: 101 / 3, price: 101 / 3 }),
      bar({ symbol: 'SPY', timeframe: '1s', isFinal: false }),
      bar({ symbol: 'SPY' }),
      bar({ backfilled: true }),
      bar({ backfilled: true, revision: 2 }),
      bar({ revision: 3 }),
      bar({ price: 7 }),
      bar({ backfilled: true, source: 'replay' }),
    ];
    const head = [
      ...[{ symbol: { repeats: true } }, { timeframe: { repeats: true } }, 'backfilled', 'revision'],
      ...[{ price: { sameAs: 'close' } }, { source: 'mock' }, { isFinal: true }, NUMBERS],
    ];
    const rows = [
      ['BTC-USD', '1m'],
      [],
      ['SPY', '1s', null, null, null, null, false],
      ['SPY', '1m'],
      ['BTC-USD', '1m', true],
      [null, null, true, 2],
      [null, null, null, 3],
      [null, null, null, null, 7],
      [null, null, true, null, null, 'replay'],
    ];
    expect(encodeBars(bars).toString()).toBe(JSON.stringify([head, ...rows, pack(bars)]));
    expect(encodeBars([]).toString()).toBe('[]');
  });

  it('keeps every double and every name', () => {
    const bars = [bar({ open: 0.1 + 0.2, close: 1 / 3, volume: 1e21, source: 'Börse "A"\n' }), bar({ symbol: 'A"B' })];
    expect(readBatch(encodeBars(bars).toString())).toEqual(bars);
  });

  it('reads back as what went in, whatever the bars', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // JSON has no −0
    const extras = fc.record(
      {
        source: fc.string({ unit: 'binary' }),
        volume: number,
        close: number,
        price: number,
        isFinal: fc.boolean(),
        backfilled: fc.constant(true),
        revision: fc.integer({ min: 1 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(arbBarEvents({ maxLength: 5 }), extras, (bars, more) => {
        const events = bars.map((event) => ({ ...event, ...more }));
        expect(readBatch(encodeBars(events).toString())).toEqual(events);
        expect(readAll(encodeBars(events)).map((item) => item.bar)).toEqual(events);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves out backfilled when it is false, as it does when it is absent', () => {
    expect(readBatch(encodeBars([bar({ backfilled: false })]).toString())).toEqual([bar()]);
  });

  it('reads what it wrote, and tells the series of each bar', () => {
    const some = fc.tuple(arbBarEvents({ maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 })); // prettier-ignore
    fc.assert(
      fc.property(some, ([bars, times]) => {
        const all = bars.flatMap((one, i) => Array.from({ length: times[i] as number }, (_, n) => ({ ...one, timestamp: n }))); // prettier-ignore
        const cells = all.map(({ symbol, timeframe }) => `${symbol}|${timeframe}`);
        expect(readAll(encodeBars(all))).toEqual(all.map((one, i) => ({ cell: cells[i], bar: one, parsed: false })));
      }),
    );
  });

  it.each([
    ['spaces', (row: string) => row.replace('"QQQ",', '"QQQ", ')],
    ['an escape', (row: string) => row.replace(']', ',true,2,1.5,"m\\u006fck"]')],
    ['a character beyond ASCII', (row: string) => row.replace(']', ',true,2,1.5,"möck"]')],
    ['no timeframe', (row: string) => row.replace(',"1m"', '')],
    ['another word than true', (row: string) => row.replace(']', ',false]')],
    ['more than its names', (row: string) => row.replace(']', ',true,2,1.5,"more",false,7]')],
    ['names of its own', () => JSON.stringify(bar({ symbol: 'QQQ' }))],
  ])('leaves to JSON.parse a bar that has %s, and those behind it', (_what, change) => {
    const text = encodeBars(['SPY', 'QQQ', 'SPY'].map((symbol) => bar({ symbol }))).toString();
    const changed = text.replace(/\["QQQ",[^\]]*\]/, change);
    expect(changed).not.toBe(text);
    const read = readAll(Buffer.from(changed));
    expect(read.map((item) => item.bar)).toEqual(readBatch(changed));
    expect(read.map(({ parsed }) => parsed)).toEqual([false, true, true]);
  });

  it.each([
    ['too few', (text: string) => text.replace(/[^"]{64}"]$/, '"]'), [false, false, true]],
    ['too many', (text: string) => text.replace(/([^"]{64})"]$/, '$1$1"]'), [false, false, false]],
    ['none', (text: string) => text.replace(/,"[^"]*"]$/, ']'), [true, true, true]],
    ['one that is none', (text: string) => text.replace(/[^"]{64}"]$/, `${pack([bar({ volume: NaN })])}"]`), [false, false, true]],
    ['more behind them', (text: string) => text.replace(/]$/, ',7]'), [true, true, true]],
  ])('leaves to JSON.parse what lacks its numbers: %s', (_what, change, parsed) => {
    const text = encodeBars([bar(), bar({ symbol: 'SPY' }), bar({ symbol: 'SPY' })]).toString();
    expect(change(text)).not.toBe(text);
    const read = readAll(Buffer.from(change(text)));
    expect(read.slice(0, 3).map((item) => item.parsed)).toEqual(parsed);
    const expected = readBatch(change(text));
    for (const [i, item] of read.entries()) if (item.parsed) expect(item.bar).toEqual({ ...(expected[i] as object) });
  }); // prettier-ignore

  it('takes no series from another table than its own', () => {
    const [format, text] = [barFormat(), encodeBars([bar(), bar()]).toString()];
    const nameless = Buffer.from(text.replace('["BTC-USD","1m"]', '[]'));
    expect(Array.from(new BatchReader(Buffer.from(text), format), ({ cell }) => cell)).toEqual(
      ['BTC-USD|1m', 'BTC-USD|1m'],
    );
    expect(Array.from(new BatchReader(nameless, format), ({ bar: event }) => event.symbol)).toEqual([null, null]);
  }); // prettier-ignore

  it('leaves to JSON.parse objects, and a table with other names or another order of them', () => {
    const bars = [bar(), bar({ symbol: 'SPY', backfilled: true })];
    const names = ['close', ...Object.keys(bar()).filter((name) => name !== 'close')] as (keyof BarEvent)[];
    const other = [names, ...bars.map((one) => names.map((name) => one[name]))];
    for (const [text, expected] of [
      [JSON.stringify(bars), bars],
      [JSON.stringify(other), [bar(), bar({ symbol: 'SPY' })]],
    ] as const) {
      const read = readAll(Buffer.from(text));
      expect(read.map((item) => item.bar)).toEqual(expected);
      expect(read.map(({ parsed }) => parsed)).toEqual([true, true]);
    }
  });

  it('reads the tables of before, whose numbers were cells', () => {
    const head = ['symbol', 'timeframe', ...NUMBERS, 'backfilled', 'revision', { price: { sameAs: 'close' } }, { source: 'mock' }, { isFinal: true }]; // prettier-ignore
    const rows = [bar(), bar({ symbol: 'SPY' })].map((one) => [one.symbol, one.timeframe, ...NUMBERS.map((name) => one[name])]); // prettier-ignore
    const read = readAll(Buffer.from(JSON.stringify([head, ...rows])));
    expect(read.map((item) => item.bar)).toEqual([bar(), bar({ symbol: 'SPY' })]);
  });

  it('takes no name for another that came in its place before', () => {
    const orders = [
      ['S1', 'S10', 'S100'],
      ['S1', 'S10', 'S100'],
      ['S1', 'S100', 'S10'],
      ['S10', 'S1', 'S1'],
    ];
    for (const order of orders) {
      const bars = order.flatMap((symbol) => [bar({ symbol, timeframe: '1m' }), bar({ symbol, timeframe: '15m' })]);
      expect(readAll(encodeBars(bars)).map(({ bar: event, parsed }) => [event, parsed])).toEqual(
        bars.map((one) => [one, false]),
      );
    }
  });

  it('takes space behind the array as JSON.parse does', () => {
    expect(readAll(Buffer.from(`${encodeBars([bar()]).toString()} \n`)).map((item) => item.bar)).toEqual([bar()]);
    expect(readAll(Buffer.from(' [ ] '))).toEqual([]);
    expect(readAll(Buffer.from('[]'))).toEqual([]);
  });

  it.each([
    ['broken in its second row', (text: string) => text.replace('[],', '[},'), 1],
    ['cut within the numbers', (text: string) => text.slice(0, -20), 0],
    ['cut behind the numbers', (text: string) => text.slice(0, -1), 0],
    ['cut between bars', (text: string) => text.slice(0, text.indexOf(']', text.indexOf('BTC')) + 1), 0],
    ['followed by more', (text: string) => `${text}x`, 0],
    ['empty', () => '', 0],
    ['no array', () => '{"a":1}', 0],
  ])('throws where a text turns out to be no array: %s', (_what, change, good) => {
    const items = new BatchReader(Buffer.from(change(encodeBars([bar(), bar()]).toString())), barFormat());
    for (let i = 0; i < good; i++) expect(items.next()).toMatchObject({ done: false, value: { bar: bar() } });
    expect(() => items.next()).toThrow();
  });
});
