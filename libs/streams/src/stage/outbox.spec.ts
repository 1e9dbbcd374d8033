import { readBatch, type BarEvent } from '@wagehood/contracts';
import { rooms } from '../json/rooms';
import { numberedBar } from '../testing/bars';
import { eventFormat, type EventFormat } from '../wire/event-text';
import { HistoryWriter } from './history-writer';
import { OutboxBuffer } from './outbox';

const [few, many] = [['sma_5'], ['sma_5', 'rsi_14']].map((names) =>
  eventFormat(names.map((indicator) => ({ indicator, output: null }))),
) as [EventFormat, EventFormat];

describe('OutboxBuffer', () => {
  let outbox: OutboxBuffer;
  beforeEach(() => (outbox = new OutboxBuffer('bar', new HistoryWriter('t', () => 1), () => undefined)));

  const give = (format: EventFormat, bar: BarEvent, ...values: number[]) => giveAt(5, format, bar, ...values);
  const giveAt = (receivedAt: number, format: EventFormat, bar: BarEvent, ...values: number[]) => {
    const { timestamp, open, high, low, close, volume } = bar;
    const numbers = Float64Array.from([timestamp, open, high, low, close, volume, ...values]);
    outbox.tableRow(format, bar, receivedAt, numbers, `${bar.symbol}|1s`);
  };
  const entries = () => outbox.outs.map(({ data, bars }) => [bars, readBatch(data.toString())]);

  it('begins another entry where the names of the values change', () => {
    const [first, second, third] = [1, 2, 3].map((n) => numberedBar('SPY', n)) as [BarEvent, BarEvent, BarEvent];
    give(few, first, 1);
    give(few, second, 2);
    give(many, third, 3, 30);
    outbox.closeEntry();
    expect(entries()).toEqual([
      [2, [1, 2].map((n) => ({ ...numberedBar('SPY', n), receivedAt: 5, values: { sma_5: n } }))],
      [1, [{ ...third, receivedAt: 5, values: { sma_5: 3, rsi_14: 30 } }]],
    ]);
  });

  it('keeps rows and objects apart, and latest values are objects', () => {
    give(few, numberedBar('SPY', 1), 1);
    outbox.event('{"close":7}');
    give(few, numberedBar('QQQ', 2), 2);
    outbox.closeEntry();
    expect(entries().map(([, events]) => events)).toMatchObject([
      [{ symbol: 'SPY' }],
      [{ close: 7 }],
      [{ symbol: 'QQQ' }],
    ]);
    const latest = outbox.latest.texts(null).map(([series, json]) => [series, JSON.parse(json.toString()) as unknown]);
    expect(latest).toEqual([
      ['SPY|1s', { ...numberedBar('SPY', 1), receivedAt: 5, values: { sma_5: 1 } }],
      ['QQQ|1s', { ...numberedBar('QQQ', 2), receivedAt: 5, values: { sma_5: 2 } }],
    ]);
  });

  it('gives out the latest values of some cells alone, and keeps the others', () => {
    for (const [n, symbol] of ['SPY', 'QQQ', 'DIA'].entries()) give(few, numberedBar(symbol, n + 1), n);
    outbox.closeEntry();
    const seriesOf = (cells: readonly string[] | null) => outbox.latest.texts(cells).map(([series]) => series);
    expect(seriesOf([])).toEqual([]);
    expect(seriesOf(['QQQ|1s'])).toEqual(['QQQ|1s']);
    outbox.clear(['QQQ|1s']);
    expect(seriesOf(null)).toEqual(['SPY|1s', 'DIA|1s']);
    outbox.clear([]);
    expect(outbox.latest.size).toBe(2);
    outbox.clear(null);
    expect(outbox.latest.size).toBe(0);
  });

  it('gives texts back as soon as no latest value stands in them, also where there never is one', () => {
    outbox.event(JSON.stringify('x'.repeat(300_000)));
    outbox.closeEntry();
    const { buffer } = outbox.outs[0]?.data as Buffer;
    outbox.clear([]);
    const again = Array.from({ length: 8 }, () => rooms.take(300_000).buffer);
    expect(again).toContain(buffer);
  });

  it('forgets an event that was broken off', () => {
    for (const close of [1, 2, 3]) {
      outbox.open().text(`{"close":${close}}`);
      if (close !== 2) outbox.close();
    }
    outbox.open().text('{"close":4');
    give(few, numberedBar('SPY', 5), 5);
    outbox.closeEntry();
    expect(entries()).toMatchObject([
      [2, [{ close: 1 }, { close: 3 }]],
      [1, [{ close: 5 }]],
    ]);
  });

  it('says the name of a series once for rows beside each other, in every entry anew', () => {
    for (let n = 1; n <= 2_002; n++) give(few, numberedBar(n === 3 ? 'QQQ' : 'SPY', n), n);
    outbox.closeEntry();
    const texts = outbox.outs.map(({ data }) => data.toString());
    expect(texts.map((text) => text.split('"SPY","1s"').length - 1)).toEqual([2, 1]);
    const symbols = entries().flatMap(([, events]) => (events as BarEvent[]).map(({ symbol }) => symbol));
    expect(symbols.map((symbol, i) => [i, symbol]).filter(([, symbol]) => symbol !== 'SPY')).toEqual([[2, 'QQQ']]);
    expect(symbols).toHaveLength(2_002);
  });

  it('begins another entry for what came later, where there are many rows that would have to say so', () => {
    const rows = [...Array<number>(200).fill(5), ...Array<number>(60).fill(6), ...Array<number>(10).fill(7)];
    rows.forEach((receivedAt, i) => giveAt(receivedAt, few, numberedBar('SPY', i + 1), 1));
    outbox.closeEntry();
    expect(entries().map(([count]) => count)).toEqual([250, 20]);
    const times = entries().flatMap(([, events]) => (events as { receivedAt: number }[]).map(({ receivedAt }) => receivedAt)); // prettier-ignore
    expect(times).toEqual(rows);
    expect(outbox.outs.map(({ data }) => data.toString().split('null,null').length - 1)).toEqual([50, 10]);
  });
});
