import type { BarEvent, CorrectionEntry } from '@wagehood/contracts';
import { createMetrics } from '@wagehood/service';
import type { CorrectionOutcome } from '@wagehood/streams';
import { until } from '@wagehood/testing';
import { createCorrector, type Corrector } from './corrector';
import { createIngestionMetrics } from './ingestion-metrics';
import { recordingLog } from './testing/recording-log';

const bar = (n: number, revision?: number, symbol = 'SPY'): BarEvent => ({
  ...{ symbol, timeframe: '1s', timestamp: n * 1_000, volume: 1, source: 'test', isFinal: true },
  ...{ open: n, high: n + 1, low: n, close: n + (revision ?? 0) / 10, price: n },
  ...(revision === undefined ? {} : { revision }),
});
const series = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => bar(from + i));
/** What an entry says: which bars it corrects, and the closes that it carries. */
const shown = ({ symbol, need, revisions, bars }: CorrectionEntry) => {
  const of = revisions.map(({ timestamp, revision }) => `${timestamp / 1_000}r${revision}`).join();
  return `${symbol} ${of} need ${need}: ${bars.map(({ close }) => close).join()}`;
};

describe('the corrector', () => {
  let said: string[];
  let lines: string[];
  let refused: string[];
  let past: (of: BarEvent) => Promise<readonly BarEvent[] | null>;
  let outcome: (entry: CorrectionEntry) => Promise<CorrectionOutcome>;
  let lost: BarEvent[];
  let now: number;
  let corrector: Corrector;
  const metrics = createMetrics({ service: 'ingestion', defaults: false });
  const counters = createIngestionMetrics(metrics);
  const counted = async (): Promise<Record<string, number>> => {
    const found = await metrics.registry.getSingleMetric('wagehood_ingestion_corrections_total')?.get();
    return Object.fromEntries((found?.values ?? []).map(({ labels, value }) => [labels['outcome'], value]));
  };

  beforeEach(() => {
    [said, lines, refused, lost, now] = [[], [], [], [], 0];
    past = async () => series(1, 9);
    outcome = async () => 'appended';
    metrics.registry.resetMetrics();
    corrector = createCorrector({
      producer: {
        async appendCorrection(entry) {
          said.push(shown(entry));
          return outcome(entry);
        },
        unknownCorrections: async (bars) => bars.filter((one) => lost.some(({ timestamp }) => timestamp === one.timestamp)), // prettier-ignore
      },
      need: () => 3,
      past: (of) => past(of),
      metrics: counters,
      reports: {
        correctionRefused: ({ symbol, timestamp }, why) => void refused.push(`${symbol} ${timestamp / 1_000}: ${why}`),
      },
      log: recordingLog(lines),
      now: () => now,
    });
  });
  afterEach(() => corrector.stop());
  const settled = async (): Promise<string[]> => {
    await corrector.look();
    return said.splice(0);
  };
  const take = async (...bars: BarEvent[]): Promise<string[]> => {
    await corrector.take(bars);
    return settled();
  };

  it('brings a correction into the log once, with the series around it', async () => {
    expect(await take(bar(5, 1))).toEqual(['SPY 5r1 need 3: 1,2,3,4,5.1,6,7,8,9']);
    expect(await take(bar(5, 1))).toEqual([]);
    expect(await take(bar(5, 2))).toEqual(['SPY 5r2 need 3: 1,2,3,4,5.2,6,7,8,9']);
    expect(await counted()).toEqual({ appended: 2, known: 1 });
  });

  it('takes what waits of a series together, the newest revision of each bar, and series side by side', async () => {
    let fetched = (): void => undefined;
    past = () => new Promise((resolve) => (fetched = () => resolve(series(1, 9))));
    await corrector.take([bar(5, 1)]);
    await corrector.take([bar(7, 1), bar(6, 2), bar(6, 1)]);
    past = async () => series(1, 9);
    fetched();
    await until(() => said.length === 2);
    await take(bar(5, 1, 'QQQ'));
    expect(await settled()).toEqual([]);
    expect(await counted()).toEqual({ appended: 4 });
  });

  it('keeps to what was corrected before, although the history of the provider does not know of it', async () => {
    await take(bar(5, 1));
    expect(await take(bar(7, 1))).toEqual(['SPY 7r1 need 3: 1,2,3,4,5.1,6,7.1,8,9']);
    past = async () => series(1, 9).with(4, bar(5, 3)); // and to what history knows better
    expect(await take(bar(8, 1))).toEqual(['SPY 8r1 need 3: 1,2,3,4,5.3,6,7.1,8.1,9']);
  });

  it('sends again what a failover took', async () => {
    await take(bar(5, 1), bar(6, 1));
    lost = [bar(6, 1)];
    await corrector.look();
    lost = [];
    expect(await settled()).toEqual(['SPY 6r1 need 3: 1,2,3,4,5.1,6.1,7,8,9']);
    now = 61_000;
    await settled();
    lost = [bar(5, 1)]; // nobody asks any more
    expect(await settled()).toEqual([]);
  });

  it('reports what the history of the provider does not reach, and does the rest', async () => {
    past = async () => series(4, 9);
    expect(await take(bar(2, 1), bar(6, 1))).toEqual(['SPY 6r1 need 3: 4,5,6.1,7,8,9']);
    expect(refused).toEqual(['SPY 2: the history of its provider does not reach it']);
    expect(lines).toEqual(['correction refused: the history of its provider does not reach it']);
    expect(await counted()).toEqual({ appended: 1, refused: 1 });
  });

  it('reports what the log has forgotten', async () => {
    outcome = async ({ revisions }) => (revisions[0]?.timestamp === 2_000 ? 'forgotten' : 'appended');
    await take(bar(2, 1), bar(6, 1));
    expect(refused).toEqual(['SPY 2: too many later bars have been corrected before it']);
    expect(await counted()).toEqual({ appended: 1, refused: 1 });
  });

  it('tries again what failed, later each time, and gives up in the end', async () => {
    outcome = async () => 'apart';
    expect(await take(bar(5, 1))).toHaveLength(1);
    now = 999;
    expect(await settled()).toEqual([]);
    past = () => Promise.reject(new Error('breaker open'));
    for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000]) {
      now += waitMs;
      await corrector.take([]);
      await settled();
    }
    expect(refused).toEqual(['SPY 5: breaker open']);
    past = async () => series(1, 9);
    outcome = async () => 'appended';
    expect(await take(bar(5, 1))).toHaveLength(1);
  });

  it('leaves a series to whoever feeds it by now', async () => {
    past = async () => null;
    expect(await take(bar(5, 1))).toEqual([]);
    expect([refused, lines]).toEqual([[], []]);
  });

  it('makes its provider wait when too much waits already', async () => {
    let fetched = (): void => undefined;
    past = () => new Promise((resolve) => (fetched = () => resolve(series(1, 9_000))));
    await corrector.take([bar(1, 1)]);
    let room = false;
    const taken = corrector.take(series(2, 2_500).map((one) => ({ ...one, revision: 1 }))).then(() => (room = true));
    await new Promise(setImmediate);
    expect(room).toBe(false);
    past = async () => series(1, 9_000);
    fetched();
    await taken;
    await corrector.look();
    expect(await counted()).toEqual({ appended: 2_500 });
  });

  it('ends with what is on its way', async () => {
    let fetched = (): void => undefined;
    past = () => new Promise((resolve) => (fetched = () => resolve(series(1, 9))));
    await corrector.take([bar(5, 1)]);
    const stopped = corrector.stop();
    fetched();
    await stopped;
    expect(said).toHaveLength(1);
  });
});
