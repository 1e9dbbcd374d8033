import type { BarEvent } from '@wagehood/contracts';
import { createMetrics } from '@wagehood/service';
import { createIngestionMetrics } from './ingestion-metrics';
import { createPipeline, type Feed } from './pipeline';
import type { FeedBar, Provider } from './providers/provider';
import { recordingLog } from './testing/recording-log';

const NOW = Date.UTC(2026, 10, 22, 12);
const good: FeedBar = {
  symbol: 'SPY',
  timeframe: '1s',
  openTime: NOW,
  open: 10,
  high: 11,
  low: 9,
  close: 10.5,
  volume: 100,
  isFinal: true,
};
const provider = { name: 'test', resumes: false } as Provider;

function setup() {
  const offered: BarEvent[] = [];
  const corrected: BarEvent[] = [];
  const lines: string[] = [];
  const metrics = createMetrics({ service: 'ingestion', defaults: false });
  const feed: Feed = { symbol: 'SPY', timeframe: '1s', last: -Infinity, joining: false, heardAt: 0 };
  const pipeline = createPipeline({
    producer: { offer: async (bars) => offered.push(...Array.from(bars, (bar) => ({ ...bar }))) },
    corrector: { take: async (bars) => void corrected.push(...bars) },
    metrics: createIngestionMetrics(metrics),
    log: recordingLog(lines),
    now: () => NOW,
  });
  const take = (bars: readonly FeedBar[], past = false) =>
    pipeline.take(provider, new Map([['SPY', feed]]), bars, past);
  const rejected = async () => {
    const metric = await metrics.registry.getSingleMetric('wagehood_bars_rejected_total')?.get();
    return Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [labels['reason'], value]));
  };
  return { offered, corrected, lines, feed, take, rejected };
}

describe('pipeline', () => {
  it('gives a bar its form on the wire', async () => {
    const { take, offered } = setup();
    await take([good]);
    await take([{ ...good, openTime: NOW + 1000 }], true);
    expect(offered[0]).toEqual({
      symbol: 'SPY',
      timeframe: '1s',
      timestamp: NOW,
      open: 10,
      high: 11,
      low: 9,
      close: 10.5,
      volume: 100,
      price: 10.5,
      source: 'test',
      isFinal: true,
    });
    expect(offered[1]?.backfilled).toBe(true);
  });

  it('turns bad bars away, counts each by its reason and lets the others through', async () => {
    const { take, offered, rejected, lines } = setup();
    await take([
      { ...good, close: Number.NaN },
      { ...good, low: -1 },
      { ...good, high: 5 },
      { ...good, volume: -1 },
      { ...good, close: 12 },
      { ...good, openTime: NOW + 500 },
      { ...good, openTime: NOW + 3_600_000 },
      { ...good, timeframe: '1m' },
      { ...good, symbol: 'OTHER' },
      good,
    ]);
    expect(offered).toHaveLength(1);
    expect(await rejected()).toEqual({
      'not-finite': 1,
      'price-not-positive': 1,
      'high-below-low': 1,
      'volume-negative': 1,
      'outside-range': 1,
      'time-not-aligned': 1,
      'time-in-future': 1,
      'timeframe-unexpected': 1,
    });
    expect(lines).toHaveLength(8);
  });

  it('does not flood the log', async () => {
    const { take, lines } = setup();
    await take(Array.from({ length: 1000 }, () => ({ ...good, close: Number.NaN })));
    expect(lines).toHaveLength(1);
  });

  it('drops quietly what history has brought already, and forming bars that are out of date', async () => {
    const { take, offered, feed } = setup();
    feed.last = NOW;
    feed.joining = true;
    await take([good, { ...good, isFinal: false }, { ...good, openTime: NOW + 1000 }]);
    feed.joining = false;
    await take([{ ...good, isFinal: false }]);
    expect(offered.map(({ timestamp }) => timestamp)).toEqual([NOW + 1000]);
  });

  it('leaves corrections to the corrector: final bars with a revision that are not new, while it joins too', async () => {
    const { take, offered, corrected, feed } = setup();
    const next = NOW + 1000;
    await take([good, { ...good, openTime: next, revision: 2 }, { ...good, revision: 1 }]);
    feed.joining = true;
    await take([
      { ...good, openTime: next, revision: 3 },
      { ...good, isFinal: false, revision: 9 },
    ]);
    await take([{ ...good, revision: 4 }], true); // from history: it is in the log as it was then
    expect(offered.map(({ timestamp, revision }) => [timestamp, revision])).toEqual([[NOW, undefined], [next, 2]]); // prettier-ignore
    expect(corrected.map(({ timestamp, revision }) => [timestamp, revision])).toEqual([[NOW, 1], [next, 3]]); // prettier-ignore
  });

  it.each([0, -1, 1.5, Number.NaN])('turns a bar of revision %p away', async (revision) => {
    const { take, offered, corrected, rejected } = setup();
    await take([good, { ...good, revision }]);
    expect([offered.length, corrected.length]).toEqual([1, 0]);
    expect(await rejected()).toEqual({ 'revision-invalid': 1 });
  });

  it('leaves it to the producer to refuse a live bar that goes back in time', async () => {
    const { take, offered, feed } = setup();
    await take([{ ...good, openTime: NOW + 1000 }, good]);
    expect(offered).toHaveLength(2);
    expect(feed.last).toBe(NOW + 1000);
  });
});
