import { numberedBar } from '../testing/bars';
import { defaultProducerTuning } from './producer-tuning';
import { SendQueue } from './send-queue';
import { SeriesBook } from './series-book';

const SECOND = 1_000;
const TURN_MS = 10;
const tuning = { ...defaultProducerTuning, maxEntryBars: 100, gatherBarsPerSeries: 1_000_000, gatherBars: 1_000_000 };

describe('SendQueue', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** How long apart batches are sent in the end, ms, when so many bars of one series come every 10 ms. */
  async function pauseAt(barsPerTurn: number): Promise<number> {
    const sentAt: number[] = [];
    const series = new SeriesBook(1).of('SPY', '1s');
    const queue = new SendQueue(
      tuning,
      async () => void sentAt.push(performance.now()),
      () => 1,
    );
    for (let turn = 0, n = 0; turn < 600; turn++) {
      for (let i = 0; i < barsPerTurn; i++) {
        const bar = numberedBar('SPY', ++n);
        queue.addBar('bar', series, bar);
        series.last = bar.timestamp;
      }
      await jest.advanceTimersByTimeAsync(TURN_MS);
    }
    queue.close();
    const [last, before] = sentAt.reverse() as [number, number];
    return last - before;
  }

  it('gathers for a moment, in a busy market for longer, in bulk as long as a load can wait', async () => {
    const near = (ms: number) => [ms - TURN_MS, ms + 2 * TURN_MS] as const;
    for (const [barsPerTurn, ms] of [
      [1, tuning.lingerMs],
      [4, tuning.maxLingerMs],
      [20, tuning.maxLingerMs],
      [50, tuning.bulkLingerMs],
    ] as const) {
      const [least, most] = near(ms);
      const pause = await pauseAt(barsPerTurn);
      expect(pause).toBeGreaterThanOrEqual(least);
      expect(pause).toBeLessThanOrEqual(most);
    }
  });

  it('sends the live bars of a large market no later for the load that came before them', async () => {
    const [sentAt, series, count] = [[] as number[], new SeriesBook(1).of('SPY', '1s'), 60];
    const queue = new SendQueue(
      tuning,
      async () => void sentAt.push(performance.now()),
      () => count,
    );
    let n = 0;
    const come = async (bars: number, everyMs: number): Promise<void> => {
      for (let i = 0; i < bars; i++) {
        queue.addBar('bar', series, numberedBar('SPY', ++n));
        await jest.advanceTimersByTimeAsync(everyMs);
      }
    };
    const lastPause = (): number => (sentAt.at(-1) as number) - (sentAt.at(-2) as number);
    await come(30_000, 0.2);
    expect(lastPause()).toBeGreaterThanOrEqual(tuning.bulkLingerMs - TURN_MS);
    await come(10 * count, SECOND / count);
    expect(count * tuning.bulkLingerMs).toBeGreaterThan(tuning.maxEntryBars * SECOND); // as many as a load in that time
    expect(lastPause()).toBeLessThanOrEqual(tuning.maxLingerMs + 2 * TURN_MS);
    queue.close();
  });

  it('knows a load that has had to wait by how quickly it came', async () => {
    const [sentAt, series, count] = [[] as number[], new SeriesBook(1).of('SPY', '1s'), 60];
    let isHeldUp = true;
    const queue = new SendQueue(
      { ...tuning, gatherBars: 200 },
      async () => {
        while (isHeldUp) await new Promise((resolve) => setTimeout(resolve, TURN_MS));
        sentAt.push(performance.now());
      },
      () => count,
    );
    for (let n = 1; n <= 200 * 8; n++) queue.addBar('bar', series, numberedBar('SPY', n));
    await jest.advanceTimersByTimeAsync(60 * SECOND); // live, 60 series would have brought more in that time
    isHeldUp = false;
    await jest.advanceTimersByTimeAsync(2 * TURN_MS);
    const cameAt = performance.now();
    queue.addBar('bar', series, numberedBar('SPY', 2_000));
    await jest.advanceTimersByTimeAsync(2 * tuning.bulkLingerMs);
    expect(sentAt).toHaveLength(9);
    expect((sentAt.at(-1) as number) - cameAt).toBeGreaterThan(2 * tuning.maxLingerMs);
    queue.close();
  });

  it('sends at once what it has gathered of each series, or in all', () => {
    const sizeWith = (seriesCount: number): number => {
      const sizes: number[] = [];
      const queue = new SendQueue(
        { ...tuning, gatherBarsPerSeries: 2, gatherBars: 150 },
        async (next) => void (next.kind === 'bar' && sizes.push(next.batch.count)),
        () => seriesCount,
      );
      const series = new SeriesBook(1).of('SPY', '1s');
      for (let n = 1; sizes.length === 0 && n < 1_000; n++) queue.addBar('bar', series, numberedBar('SPY', n));
      queue.close();
      return sizes[0] ?? 0;
    };
    expect([3, 60, 1_000].map(sizeWith)).toEqual([100, 120, 150]);
  });

  it('sends what comes at once, and again and again after a rest, no later than in a busy market', async () => {
    let [cameAt, waitedMs] = [0, 0];
    const series = new SeriesBook(1).of('SPY', '1s');
    const queue = new SendQueue(
      tuning,
      async () => void (waitedMs = performance.now() - cameAt),
      () => 1,
    );
    for (let burst = 0, n = 0; burst < 20; burst++) {
      cameAt = performance.now();
      for (let i = 0; i < 2 * tuning.maxEntryBars; i++) queue.addBar('bar', series, numberedBar('SPY', ++n));
      await jest.advanceTimersByTimeAsync(5_000);
    }
    queue.close();
    expect(waitedMs).toBeGreaterThan(0);
    expect(waitedMs).toBeLessThanOrEqual(tuning.maxLingerMs + TURN_MS);
  });
});
