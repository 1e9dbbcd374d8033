import { readBatch, type BarEvent } from '@wagehood/contracts';
import { arbBarEvents } from '@wagehood/testing';
import fc from 'fast-check';
import { jsonPiece, JsonWriter } from '../json/json-writer';
import { BatchReader } from './batch-reader';
import { ROW } from './bar-cells';
import { eventFormat, eventSlot, type ValueColumn } from './event-text';
import { seriesFields } from './named-event';
import { ValueBlock } from './value-block';

const END = jsonPiece(']');
const NUMBERS = ['timestamp', 'open', 'high', 'low', 'close', 'volume'] as const;
const bar: BarEvent = {
  ...{ symbol: 'SPY', timeframe: '1m', timestamp: 1_767_571_200_000, open: 1.5, high: 2.25, low: 1, close: 2 },
  ...{ volume: 100, price: 2, source: 'mock', isFinal: true },
};
const scalar = (indicator: string): ValueColumn[] => [{ indicator, output: null }];
const record = (indicator: string, ...outputs: string[]): ValueColumn[] =>
  outputs.map((output) => ({ indicator, output }));
const macd = record('macd', 'macd_line', 'signal_line', 'histogram');

/** The same by name, as JSON has it: what is no finite number is null. */
function byName(columns: readonly ValueColumn[], values: Float64Array): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  columns.forEach(({ indicator, output }, i) => {
    named[indicator] = output === null ? values[i] : { ...(named[indicator] as object), [output]: values[i] };
  });
  return JSON.parse(JSON.stringify(named)) as Record<string, unknown>;
}

function write(columns: readonly ValueColumn[], bars: readonly BarEvent[], receivedAt: number, values: Float64Array) {
  const [format, writer, block] = [eventFormat(columns), new JsonWriter(), new ValueBlock()];
  const named = format.begin(writer, bars[0] ?? bar, receivedAt);
  const rows = bars.map((event, i) => {
    const before = bars[i - 1];
    writer.piece(ROW);
    const repeats = before?.symbol === event.symbol && before.timeframe === event.timeframe;
    const from = format.write(writer, event, receivedAt + i, repeats);
    const numbers = NUMBERS.map((name) => event[name]);
    block.add(Float64Array.from([...numbers, ...values.map((value) => value * (i + 1))]));
    const to = writer.length;
    writer.piece(END);
    return [from, to] as const;
  });
  block.write(writer);
  writer.piece(END);
  const bytes = writer.take();
  const objects = rows.map(([from, to], i) => {
    const numbers = new Float64Array(named.numbers + 3);
    block.copy(i, named.numbers, numbers, 3);
    const { symbol, timeframe } = bars[i] as BarEvent;
    named.write(writer, seriesFields(symbol, timeframe), bytes, from, to, numbers, 3);
    return JSON.parse(writer.take().toString()) as unknown;
  });
  return { bytes, named: objects };
}

/** Everything that is read, copied while it is good, and how many JSON.parse had to read. */
function readAll(bytes: Buffer, columns: readonly ValueColumn[]) {
  const [item, values, format] = [eventSlot(), new Float64Array(columns.length), eventFormat(columns)];
  let parsed = 0;
  const items = new BatchReader(bytes, {
    name: 'events',
    begin: (from) => format.readBegin(from),
    item,
    read: (from) => format.read(from, item, values),
    end: (from) => format.readEnd(from),
    make: () => ({ ...item, parsed: ++parsed }),
  });
  const read = Array.from(items, (event) => ({ ...event, bar: { ...event.bar }, values: values.slice() }));
  return { read, parsed };
}

const arbColumns = fc
  .uniqueArray(fc.constantFrom('macd', 'bands', 'sma_50', 'ema_12', 'rsi_14', 'Börse "x"'), { maxLength: 5 })
  .map((names) =>
    names.flatMap((name) => (name === 'macd' || name === 'bands' ? record(name, 'a', 'b') : scalar(name))),
  );
const arbDifference = fc.record(
  {
    ...{ price: fc.constant(0.5), source: fc.constantFrom('mock', 'a, [b]'), isFinal: fc.boolean() },
    ...{ backfilled: fc.constant(true), revision: fc.integer({ min: 1 }) },
  },
  { requiredKeys: [] },
);
const arbValue = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, 5e-324, 1.7976931348623157e308, 101.123456789));

describe('eventFormat', () => {
  it.each([
    ['scalars and records', [...scalar('sma_50'), ...macd, ...scalar('rsi_14')]],
    ['records first and last', [...macd, ...scalar('sma_20'), ...record('bands', 'upper', 'lower')]],
    ['two records', [...macd, ...record('bands', 'upper', 'lower')]],
    ['a single value', scalar('sma_20')],
    ['none', []],
  ])('names every value: %s', (_what, columns) => {
    const values = Float64Array.from(columns, (_, i) => (i % 3 === 1 ? NaN : 100 / (i + 3)));
    const { bytes, named } = write(columns, [bar], 5, values);
    const event = { ...bar, receivedAt: 5, values: byName(columns, values) };
    expect(readBatch(bytes.toString())).toEqual([event]);
    expect(named).toEqual([event]);
  });

  it('writes what JSON.parse and its own reader read as the same bits, whatever the columns, bars and numbers', () => {
    const values = fc.array(arbValue, { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(
        arbColumns,
        values,
        fc.array(fc.tuple(arbBarEvents({ minLength: 1, maxLength: 1 }), arbDifference, fc.boolean()), { maxLength: 3 }),
        fc.nat(),
        (columns, numbers, pairs, receivedAt) => {
          const bars: BarEvent[] = [];
          for (const [[event], more, repeats] of pairs) {
            const { symbol, timeframe } = ((repeats && bars.at(-1)) || event) as BarEvent;
            bars.push({ ...(event as BarEvent), ...more, symbol, timeframe });
          }
          const row = Float64Array.from(columns, (_, i) => numbers[i] as number);
          const { bytes, named } = write(columns, bars, receivedAt, row);
          const expected = bars.map((event, i) => ({
            ...event,
            receivedAt: receivedAt + i,
            values: byName(
              columns,
              row.map((value) => value * (i + 1)),
            ),
          }));
          expect(readBatch(bytes.toString())).toEqual(JSON.parse(JSON.stringify(expected)));
          expect(named).toEqual(JSON.parse(JSON.stringify(expected)));

          const { read, parsed } = readAll(bytes, columns);
          expect(parsed).toBe(0);
          expect(read.map((event) => event.bar)).toEqual(bars);
          const finite = (i: number) =>
            row.map((value) => (Number.isFinite(value * (i + 1)) ? value * (i + 1) + 0 : NaN));
          expect(read.map((event) => [event.receivedAt, event.values])).toEqual(
            bars.map((_, i) => [receivedAt + i, finite(i)]),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does not read what was written under other columns', () => {
    const { bytes } = write(macd, [bar], 5, Float64Array.of(1, 2, 3));
    expect(readAll(bytes, [...macd, ...scalar('sma_50')]).parsed).toBe(1);
  });

  it('reads a table of forming bars, which have no values, under any columns', () => {
    const forming = { ...bar, isFinal: false };
    const { bytes } = write([], [forming, forming], 5, new Float64Array(0));
    expect(readBatch(bytes.toString())).toEqual([5, 6].map((receivedAt) => ({ ...forming, receivedAt, values: {} })));
    const { read, parsed } = readAll(bytes, macd);
    expect(parsed).toBe(0);
    expect(read.map((event) => [event.bar, event.receivedAt, [...event.values]])).toEqual(
      [5, 6].map((receivedAt) => [forming, receivedAt, [NaN, NaN, NaN]]),
    );
  });

  it.each([
    ['too few', (text: string) => text.replace(/"[^"]{32}([^"]*)"]$/, '"$1"]'), 1],
    ['too many', (text: string) => text.replace(/([^"]{32})"]$/, '$1$1"]'), 0],
    ['none', (text: string) => text.replace(/,"[^"]*"]$/, ']'), 3],
    ['more behind them', (text: string) => text.replace(/]$/, ',7]'), 5],
  ])('leaves to JSON.parse the rows that lack their values: %s', (_what, change, left) => {
    const text = write([...macd, ...macd], [bar, bar, bar], 5, Float64Array.of(1, 2, 3, 4, 5, 6)).bytes.toString();
    expect(change(text)).not.toBe(text);
    expect(readAll(Buffer.from(change(text)), [...macd, ...macd]).parsed).toBe(left);
  });

  it('reads names that are no plain ASCII, and texts with commas, quotes and brackets in them', () => {
    const odd = { ...bar, source: 'a "b", [c] \\', symbol: 'A"B,]' };
    const { bytes, named } = write(scalar('Börse "x"'), [odd], 5, Float64Array.of(1.5));
    const event = { ...odd, receivedAt: 5, values: { 'Börse "x"': 1.5 } };
    expect(readBatch(bytes.toString())).toEqual([event]);
    expect(named).toEqual([event]);
  });
});
