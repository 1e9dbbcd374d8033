import type { BarEvent } from '@wagehood/contracts';
import { arbBarEvents } from '@wagehood/testing';
import fc from 'fast-check';
import { ArrayReader } from './array-reader';
import { barFormat, encodeBars } from './bar-text';

const bar = (more: Partial<BarEvent> = {}): BarEvent => ({
  ...{ symbol: 'BTC-USD', timeframe: '1m', timestamp: 1_767_571_200_000 },
  ...{ open: 100.25, high: 101, low: 99.5, close: 100.75, volume: 1_234, price: 100.75, source: 'mock', isFinal: true },
  ...more,
});

/** Everything that is read, copied while it is good. */
const readAll = (bytes: Buffer) =>
  Array.from(new ArrayReader(bytes, barFormat()), (item) => ({ ...item, bar: { ...item.bar } }));

describe('encodeBars', () => {
  it('writes what JSON.stringify would, fields in the same order', () => {
    const bars = [
      bar(),
      bar({ symbol: 'SPY', timeframe: '1s', isFinal: false }),
      bar({ backfilled: true, revision: 2 }),
    ];
    expect(encodeBars(bars).toString()).toBe(JSON.stringify(bars));
    expect(encodeBars([]).toString()).toBe('[]');
  });

  it('keeps every double and every name', () => {
    const bars = [bar({ open: 0.1 + 0.2, close: 1 / 3, volume: 1e21, source: 'Börse "A"\n' }), bar({ symbol: 'A"B' })];
    expect(JSON.parse(encodeBars(bars).toString())).toEqual(bars);
  });

  it('reads back as what went in, whatever the bars', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // JSON has no −0
    const extras = fc.record(
      {
        source: fc.string({ unit: 'binary' }),
        volume: number,
        close: number,
        isFinal: fc.boolean(),
        backfilled: fc.constant(true),
        revision: fc.integer({ min: 1 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(arbBarEvents({ maxLength: 5 }), extras, (bars, more) => {
        const events = bars.map((event) => ({ ...event, ...more }));
        expect(JSON.parse(encodeBars(events).toString())).toEqual(events);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves out backfilled when it is false, as it does when it is absent', () => {
    expect(JSON.parse(encodeBars([bar({ backfilled: false })]).toString())).toEqual([bar()]);
  });

  it('reads what it wrote, and tells where each bar stands', () => {
    fc.assert(
      fc.property(arbBarEvents({ maxLength: 5 }), (bars) => {
        const bytes = encodeBars(bars);
        const read = readAll(bytes);
        expect(read.map(({ bar: event }) => event)).toEqual(bars);
        expect(read.map(({ cell }) => cell)).toEqual(bars.map(({ symbol, timeframe }) => `${symbol}|${timeframe}`));
        for (const { bar: event, from, to } of read)
          expect(JSON.parse(`${bytes.toString('utf8', from, to)}}`)).toEqual(event);
      }),
    );
  });

  it.each([
    ['spaces', (text: string) => text.replace(',"open"', ', "open"')],
    ['another order', (text: string) => text.replace('"isFinal":true', '"zzz":1,"isFinal":true')],
    ['an escape', (text: string) => text.replace('"mock"', '"m\\u006fck"')],
    ['a character beyond ASCII', (text: string) => text.replace('"mock"', '"möck"')],
    ['a missing number', (text: string) => text.replace('"close":100.75', '"close":null')],
  ])('leaves to JSON.parse a bar that has %s, and those behind it', (_what, change) => {
    const one = JSON.stringify(bar({ symbol: 'SPY' }));
    const other = change(JSON.stringify(bar({ symbol: 'QQQ' })));
    const texts = [one, other, one];
    const read = readAll(Buffer.from(`[${texts.join(',')}]`));
    expect(read.map((item) => item.bar)).toEqual(texts.map((text) => JSON.parse(text) as BarEvent));
    expect(read.map(({ to }) => to > 0)).toEqual([true, false, false]);
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
    ['cut between bars', (text: string) => text.slice(0, text.indexOf('}') + 1), 1],
    ['followed by more', (text: string) => `${text}x`, 2],
    ['empty', () => '', 0],
    ['no array', () => '{"a":1}', 0],
  ])('throws where a text turns out to be no array: %s', (_what, change, good) => {
    const items = new ArrayReader(Buffer.from(change(encodeBars([bar(), bar()]).toString())), barFormat());
    for (let i = 0; i < good; i++) expect(items.next()).toMatchObject({ done: false, value: { bar: bar() } });
    expect(() => items.next()).toThrow();
  });
});
