import type { BarEvent } from '@wagehood/contracts';
import fc from 'fast-check';
import { BarBatch } from './bar-batch';
import { pendingBars, type BarEntry } from './bar-entry';
import { SeriesBook } from './series-book';

const NONE = Number.NEGATIVE_INFINITY;

const bar = (symbol: string, timestamp: number, more: Partial<BarEvent> = {}): BarEvent => ({
  ...{ symbol, timeframe: '1s', timestamp, open: 1, high: 2, low: 0.5, close: 1.5, volume: timestamp, price: 1.5 },
  ...{ source: 'mock', isFinal: true, ...more },
});

/** A batch with these bars, each behind the one that came before it in its series, or behind what it says itself. */
function batchOf(bars: readonly BarEvent[], entryBars = 10, behind = new Map<BarEvent, number>()): BarBatch {
  const book = new SeriesBook(1);
  const batch = new BarBatch(entryBars);
  for (const one of bars) {
    const series = book.of(one.symbol, one.timeframe);
    batch.add(series, one, behind.get(one) ?? series.last);
    series.last = one.timestamp;
  }
  return batch;
}

const told = (entries: readonly BarEntry[]) =>
  entries.map((entry) => pendingBars(entry).map(({ bar: { symbol, timestamp }, previous }) => [symbol, timestamp, previous])); // prettier-ignore
const runsOf = ({ runs }: BarEntry) => Array.from({ length: runs.count }, (_, i) => runs.at(i));

describe('BarBatch', () => {
  it('puts the bars of a series beside each other', () => {
    const [entry, ...more] = batchOf([bar('A', 1), bar('B', 1), bar('A', 2), bar('C', 2), bar('B', 5)]).entries();
    expect(more).toEqual([]);
    expect(told([entry as BarEntry])).toEqual([
      [['A', 1, NONE], ['A', 2, 1], ['B', 1, NONE], ['B', 5, 1], ['C', 2, NONE]],
    ]); // prettier-ignore
    expect(runsOf(entry as BarEntry)).toEqual([
      { series: 'A|1s', previous: NONE, first: 1, last: 2 },
      { series: 'B|1s', previous: NONE, first: 1, last: 5 },
      { series: 'C|1s', previous: NONE, first: 2, last: 2 },
    ]);
  });

  it('makes several of a long run, each of which names the last bar of the one before', () => {
    const bars = Array.from({ length: 2_500 }, (_, i) => bar('A', i + 1));
    const entries = batchOf(bars, 1_000).entries();
    expect(entries.map(({ count }) => count)).toEqual([1_000, 1_000, 500]);
    expect(entries.flatMap(runsOf).map(({ previous, first, last }) => [previous, first, last])).toEqual([
      [NONE, 1, 1_000],
      [1_000, 1_001, 2_000],
      [2_000, 2_001, 2_500],
    ]);
  });

  it('ends an entry with the run that makes it long enough', () => {
    const times = [1, 2, 3];
    const bars = times.flatMap((time) => ['A', 'B', 'C', 'D', 'E'].map((symbol) => bar(symbol, time)));
    const entries = batchOf(bars, 4).entries();
    expect(entries.map(({ count }) => count)).toEqual([6, 6, 3]);
    expect(told(entries).map((rows) => rows.map(([symbol]) => symbol).join(''))).toEqual(['AAABBB', 'CCCDDD', 'EEE']);
  });

  it('keeps two runs of a series in the order in which they came', () => {
    const bars = [bar('A', 1), bar('B', 1), bar('A', 9), bar('B', 2), bar('A', 10)];
    const [entry] = batchOf(bars, 10, new Map([[bars[2] as BarEvent, 7]])).entries();
    expect(told([entry as BarEntry])).toEqual([
      [['A', 1, NONE], ['B', 1, NONE], ['B', 2, 1], ['A', 9, 7], ['A', 10, 9]],
    ]); // prettier-ignore
  });

  it('is one entry without bars when there are none', () => {
    const [entry, ...more] = batchOf([]).entries() as [BarEntry];
    expect([entry.text.toString(), entry.count, entry.runs.count, more]).toEqual(['[]', 0, 0, []]);
  });

  it('loses nothing and changes nothing but the order, whatever comes, while others are filled', () => {
    const some = fc.record({ symbol: fc.constantFrom('A', 'B', 'Ä'), source: fc.constantFrom('mock', 'replay'), step: fc.integer({ min: 1, max: 3 }) }); // prettier-ignore
    const lists = fc.array(fc.array(some, { maxLength: 900 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 50 }), (several, most) => {
        const all = several.map((list) => list.map(({ symbol, source, step }, i) => bar(symbol, 3 * i + step, { source }))); // prettier-ignore
        const batches = all.map((bars) => batchOf(bars, most));
        batches.forEach((batch, i) => {
          const bars = all[i] as BarEvent[];
          const entries = batch.entries();
          const found = entries.flatMap((entry) => pendingBars(entry));
          for (const { count } of entries) expect(count).toBeLessThan(2 * most);
          expect(entries.reduce((sum, { count }) => sum + count, 0)).toBe(bars.length);
          for (const symbol of ['A', 'B', 'Ä'])
            expect(found.filter((one) => one.bar.symbol === symbol).map((one) => one.bar)).toEqual(
              bars.filter((one) => one.symbol === symbol),
            );
        });
      }),
      { numRuns: 30 },
    );
  });
});
