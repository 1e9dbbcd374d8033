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

const NAMES = ['symbol', 'timeframe', 'timestamp', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Everything that is read, copied while it is good. */
const readAll = (bytes: Buffer) =>
  Array.from(new BatchReader(bytes, barFormat()), (item) => ({ ...item, bar: { ...item.bar } }));

describe('encodeBars', () => {
  it('writes a table: names in the first row, rows that end where there is no more to say', () => {
    const bars = [
      bar(),
      bar({ symbol: 'SPY', timeframe: '1s', isFinal: false }),
      bar({ backfilled: true }),
      bar({ backfilled: true, revision: 2 }),
      bar({ revision: 3 }),
      bar({ price: 7 }),
      bar({ backfilled: true, source: 'replay' }),
    ];
    const same = ['backfilled', 'revision', { price: { sameAs: 'close' } }, { source: 'mock' }, { isFinal: true }];
    const cells = Object.values(bar()).slice(0, NAMES.length);
    const rows = [
      cells,
      ['SPY', '1s', ...cells.slice(2), null, null, null, null, false],
      [...cells, true],
      [...cells, true, 2],
      [...cells, null, 3],
      [...cells, null, null, 7],
      [...cells, true, null, null, 'replay'],
    ];
    expect(encodeBars(bars).toString()).toBe(JSON.stringify([[...NAMES, ...same], ...rows]));
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

  it('reads what it wrote, and tells where each bar stands', () => {
    fc.assert(
      fc.property(arbBarEvents({ maxLength: 5 }), (bars) => {
        const bytes = encodeBars(bars);
        const read = readAll(bytes);
        expect(read.map(({ bar: event }) => event)).toEqual(bars);
        expect(read.map(({ cell }) => cell)).toEqual(bars.map(({ symbol, timeframe }) => `${symbol}|${timeframe}`));
        for (const { bar: event, from, to } of read)
          expect(JSON.parse(`[${bytes.toString('utf8', from, to)}]`)).toEqual(NAMES.map((name) => event[name]));
      }),
    );
  });

  it.each([
    ['spaces', (row: string) => row.replace('100.25,101', '100.25, 101')],
    ['an escape', (row: string) => row.replace(']', ',true,2,1.5,"m\\u006fck"]')],
    ['a character beyond ASCII', (row: string) => row.replace(']', ',true,2,1.5,"möck"]')],
    ['a missing number', (row: string) => row.replace('100.75,1234', 'null,1234')],
    ['another word than true', (row: string) => row.replace(']', ',false]')],
    ['more than its names', (row: string) => row.replace(']', ',true,2,1.5,"more",false,7]')],
    ['names of its own', () => JSON.stringify(bar({ symbol: 'QQQ' }))],
  ])('leaves to JSON.parse a bar that has %s, and those behind it', (_what, change) => {
    const [names, ...rows] = JSON.parse(
      encodeBars([bar({ symbol: 'SPY' }), bar({ symbol: 'QQQ' })]).toString(),
    ) as unknown[];
    const [one, other] = rows.map((row) => JSON.stringify(row)) as [string, string];
    const text = `[${[JSON.stringify(names), one, change(other), one].join(',')}]`;
    expect(text).not.toBe(`[${[JSON.stringify(names), one, other, one].join(',')}]`);
    const read = readAll(Buffer.from(text));
    expect(read.map((item) => item.bar)).toEqual(readBatch(text));
    expect(read.map(({ to }) => to > 0)).toEqual([true, false, false]);
  });

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
      expect(read.map(({ to }) => to)).toEqual([0, 0]);
    }
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
      expect(readAll(encodeBars(bars)).map(({ bar: event, to }) => [event, to > 0])).toEqual(
        bars.map((one) => [one, true]),
      );
    }
  });

  it('takes space behind the array as JSON.parse does', () => {
    expect(readAll(Buffer.from(`${encodeBars([bar()]).toString()} \n`)).map((item) => item.bar)).toEqual([bar()]);
    expect(readAll(Buffer.from(' [ ] '))).toEqual([]);
    expect(readAll(Buffer.from('[]'))).toEqual([]);
  });

  it.each([
    ['cut within a bar', (text: string) => text.slice(0, -20), 1],
    ['cut between bars', (text: string) => text.slice(0, text.indexOf(']', text.indexOf('BTC')) + 1), 1],
    ['followed by more', (text: string) => `${text}x`, 2],
    ['empty', () => '', 0],
    ['no array', () => '{"a":1}', 0],
  ])('throws where a text turns out to be no array: %s', (_what, change, good) => {
    const items = new BatchReader(Buffer.from(change(encodeBars([bar(), bar()]).toString())), barFormat());
    for (let i = 0; i < good; i++) expect(items.next()).toMatchObject({ done: false, value: { bar: bar() } });
    expect(() => items.next()).toThrow();
  });
});
