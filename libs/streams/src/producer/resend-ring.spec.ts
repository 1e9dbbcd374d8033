import type { BarEvent } from '@wagehood/contracts';
import { rooms } from '../json/rooms';
import { BarBatch } from './bar-batch';
import type { BarEntry, PendingBar } from './bar-entry';
import { ResendRing } from './resend-ring';
import { SeriesBook } from './series-book';

const pending = (symbol: string, time: number): PendingBar & { bar: BarEvent } => {
  const bar: BarEvent = {
    ...{ symbol, timeframe: '1s', timestamp: time, open: 1, high: 1, low: 1, close: 1, volume: 1, price: 1 },
    ...{ source: 'test', isFinal: true },
  };
  return { series: `${symbol}|1s`, previous: time - 1_000, time, bar };
};

function ringOf(keepMs: number, keepBars: number) {
  const ring = new ResendRing(keepMs, keepBars);
  const book = new SeriesBook(1);
  return {
    add(nowMs: number, ...bars: ReturnType<typeof pending>[]) {
      const batch = new BarBatch(1_000);
      for (const { bar, previous } of bars) batch.add(book.of(bar.symbol, bar.timeframe), bar, previous);
      for (const entry of batch.entries()) ring.add(entry, nowMs);
    },
    times: (symbol: string, last = -Infinity, before = Infinity) =>
      ring.between(`${symbol}|1s`, last, before).map(({ time }) => time),
    between: ring.between.bind(ring),
  };
}

describe('ResendRing', () => {
  it('gives back the bars of a series between two times, as they were', () => {
    const ring = ringOf(15_000, 100);
    ring.add(0, pending('A', 1_000), pending('B', 1_000), pending('A', 2_000));
    ring.add(1, pending('A', 3_000), pending('B', 2_000));
    expect(ring.between('A|1s', 1_000, 9_000)).toEqual([pending('A', 2_000), pending('A', 3_000)]);
    expect(ring.times('A', 1_000, 3_000)).toEqual([2_000]);
    expect(ring.times('B')).toEqual([1_000, 2_000]);
    expect(ring.times('C')).toEqual([]);
  });

  it('keeps bars for their time, and no more than it is asked for', () => {
    const ring = ringOf(15_000, 4);
    for (let i = 1; i <= 10; i++) ring.add(i * 1_000, pending('A', i * 1_000));
    expect(ring.times('A')).toEqual([7_000, 8_000, 9_000, 10_000]);
    ring.add(24_500, pending('A', 11_000));
    expect(ring.times('A')).toEqual([10_000, 11_000]);
  });

  it('gives a bar once that was lost and sent again', () => {
    const ring = ringOf(15_000, 100);
    ring.add(0, pending('A', 1_000), pending('A', 2_000), pending('A', 3_000));
    ring.add(1, pending('A', 2_000), pending('A', 3_000), pending('A', 4_000));
    expect(ring.times('A')).toEqual([1_000, 2_000, 3_000, 4_000]);
  });

  it('gives the memory of what it forgets to others', () => {
    const ring = new ResendRing(0, 1);
    const book = new SeriesBook(1);
    const entries = [1, 2].map((n) => {
      const batch = new BarBatch(1_000);
      for (let i = 0; i < 1_000; i++) {
        const { bar, previous } = pending('A', (n * 1_000 + i) * 1_000);
        batch.add(book.of('A', '1s'), bar, previous);
      }
      return batch.entries()[0] as BarEntry;
    });
    const [first, second] = entries.map(({ text }) => text) as [Buffer, Buffer];
    entries.forEach((entry, i) => ring.add(entry, i));
    const taken = rooms.take(2 ** Math.floor(Math.log2(first.buffer.byteLength))).buffer;
    expect([first.buffer, second.buffer]).toContain(taken);
  });

  it('stays in order over many batches', () => {
    const ring = ringOf(1e9, 500);
    for (let i = 1; i <= 5_000; i++) ring.add(i, pending('A', i * 1_000));
    const times = ring.times('A');
    expect(times).toHaveLength(500);
    expect(times[0]).toBe(4_501_000);
    expect(times.at(-1)).toBe(5_000_000);
  });
});
