import { JsonWriter } from '../json/json-writer';
import { numberedBar } from '../testing/bars';
import { eventFormat } from '../wire/event-text';
import { ValueBlock } from '../wire/value-block';
import { LatestValues } from './latest-values';

const format = eventFormat([{ indicator: 'sma_5', output: null }]);
const eventOf = (symbol: string, n: number) => ({ ...numberedBar(symbol, n), receivedAt: 5, values: { sma_5: n / 4 } });

describe('LatestValues', () => {
  let latest: LatestValues;
  beforeEach(() => (latest = new LatestValues()));

  /** One entry of the output, whose text belongs to others as soon as it is closed. */
  const entry = (...events: readonly (readonly [symbol: string, n: number])[]): void => {
    const [writer, block] = [new JsonWriter(), new ValueBlock()];
    const named = format.begin(writer, numberedBar('SPY', 1), 5);
    for (const [row, [symbol, n]] of events.entries()) {
      const bar = numberedBar(symbol, n);
      const from = format.write(writer, bar, 5, false);
      block.add(Float64Array.of(bar.timestamp, bar.open, bar.high, bar.low, bar.close, bar.volume, n / 4));
      latest.note(`${symbol}|1s`, `${symbol}|1s`, from, writer.length, row);
    }
    const text = writer.take();
    latest.close(text, named, block);
    text.fill(0);
    block.add(Float64Array.of(-1));
  };
  const shown = (cells: readonly string[] | null = null) =>
    Object.fromEntries(latest.texts(cells).map(([series, json]) => [series, JSON.parse(json.toString()) as unknown]));

  it('are the newest of each series, whatever has become of the texts that they stood in', () => {
    entry(['SPY', 1], ['SPY', 2], ['QQQ', 1]);
    entry(['SPY', 3]);
    expect(latest.size).toBe(2);
    expect(shown()).toEqual({ 'SPY|1s': eventOf('SPY', 3), 'QQQ|1s': eventOf('QQQ', 1) });
    latest.clear(null);
    expect([latest.size, shown()]).toEqual([0, {}]);
    entry(['QQQ', 2]);
    expect(shown()).toEqual({ 'QQQ|1s': eventOf('QQQ', 2) });
  });

  it('make room for thousands of series, and for texts of any length', () => {
    const symbols = Array.from({ length: 2_000 }, (_, i) => `S${i}`);
    entry(...symbols.map((symbol, n) => [symbol, n + 1] as const));
    const long = 'x'.repeat(5_000);
    latest.set('S7|1s', 'S7|1s', JSON.stringify({ long }));
    const all = shown();
    expect(Object.keys(all)).toHaveLength(2_000);
    expect(all['S7|1s']).toEqual({ long });
    expect(all['S1999|1s']).toEqual(eventOf('S1999', 2_000));
  });

  it('go with the cell that yields them, also when that is another one than before', () => {
    entry(['SPY', 1], ['QQQ', 1]);
    latest.set('SPY|1s', 'SPY|1m', '{"built":1}');
    expect(Object.keys(shown(['SPY|1s', 'DIA|1s']))).toEqual(['SPY|1s', 'SPY|1m']);
    latest.clear(['SPY|1s']);
    expect(Object.keys(shown())).toEqual(['QQQ|1s']);
    latest.set('SPY|1m', 'SPY|1m', '{"own":1}');
    expect(shown(['SPY|1s'])).toEqual({});
    expect(shown(['SPY|1m'])).toEqual({ 'SPY|1m': { own: 1 } });
  });

  it('are what came last: a correction, or nothing, also while the event before it stands in an entry that is still open', () => {
    for (const series of ['SPY|1s', 'QQQ|1s', 'DIA|1s']) latest.note(series, series, 0, 5, 0);
    latest.set('SPY|1s', 'SPY|1s', '"corrected"');
    latest.drop('QQQ|1s');
    expect(() => latest.texts(null)).toThrow('the latest value of DIA|1s stands in an entry that is still open');
    latest.close(Buffer.from('"old"'), null, null);
    expect(shown()).toEqual({ 'SPY|1s': 'corrected', 'DIA|1s': 'old' });
    latest.drop('SPY|1s');
    expect(shown()).toEqual({ 'DIA|1s': 'old' });
  });
});
