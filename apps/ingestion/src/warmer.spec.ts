import { settingsSchema, type SettingsInput } from '@wagehood/config';
import type { BarEvent, ControlDocument, WarmupEntry } from '@wagehood/contracts';
import { createMetrics } from '@wagehood/service';
import type { SeriesStanding, WarmupOutcome } from '@wagehood/streams';
import { createIngestionMetrics } from './ingestion-metrics';
import { recordingLog } from './testing/recording-log';
import { createWarmer, type FedSeries, type Warmer } from './warmer';

const SERIES = { symbol: 'SPY', timeframe: '1s' as const };
const bars = [{ ...SERIES, timestamp: 5_000 }] as unknown as BarEvent[];
const documentOf = (version: number, settings: SettingsInput = {}): ControlDocument => ({
  version,
  settings: settingsSchema.parse({ watchlist: [{ symbol: 'SPY' }], ...settings }),
  updatedAt: 1,
  updatedBy: 'test',
});

describe('the warmer', () => {
  let standing: SeriesStanding;
  let outcome: WarmupOutcome;
  let past: (series: FedSeries, last: number) => Promise<readonly BarEvent[] | null>;
  let fed: FedSeries[];
  let read: () => Promise<void>;
  let need: number;
  let now: number;
  let said: string[];
  let lines: string[];
  let warmer: Warmer;
  beforeEach(() => {
    standing = { last: 5_000, warm: 0, control: 1 };
    outcome = 'appended';
    past = async () => bars;
    fed = [SERIES];
    read = async () => undefined;
    [need, now, said, lines] = [10, 0, [], []];
    warmer = createWarmer({
      producer: {
        standings: async (series) => new Map(series.map((key) => [key, standing])),
        async appendWarmup({ version, need, bars }: WarmupEntry) {
          said.push(`past of ${bars.length} under ${version}, need ${need}`);
          if (outcome === 'appended') standing = { ...standing, warm: version };
          return outcome;
        },
        async markWarm(series, version) {
          said.push(`${series.join()} warm under ${version}`);
          standing = { ...standing, warm: version };
        },
        untilRead: () => read(),
        async appendControl({ version }) {
          said.push(`control ${version}`);
          standing = { ...standing, control: version };
        },
      },
      fed: () => fed,
      need: () => need,
      past: (series, last) => past(series, last),
      metrics: createIngestionMetrics(createMetrics({ service: 'ingestion', defaults: false })),
      log: recordingLog(lines),
      now: () => now,
    });
  });
  afterEach(() => warmer.stop());
  const follow = async (document: ControlDocument): Promise<string[]> => {
    standing = { ...standing, control: Math.max(standing.control, document.version) };
    warmer.follow(document);
    await warmer.look();
    return said.splice(0);
  };
  const look = async (): Promise<string[]> => {
    await warmer.look();
    return said.splice(0);
  };

  it('gives a series its past once, and again when a configuration adds something', async () => {
    expect(await follow(documentOf(1))).toEqual(['past of 1 under 1, need 10']);
    expect(await look()).toEqual([]);
    expect(await follow(documentOf(2, { system: { batch_calculation_size: 3 } }))).toEqual(['SPY|1s warm under 2']);
    expect(await follow(documentOf(3, { indicators: [{ name: 'sma_3' }], strategies: [] }))).toEqual([
      'past of 1 under 3, need 10',
    ]);
  });

  it('asks for nothing when the series has not begun, or when no history is wanted', async () => {
    standing = { ...standing, last: null };
    expect(await follow(documentOf(1))).toEqual(['SPY|1s warm under 1']);
    standing = { ...standing, last: 5_000 };
    need = 0;
    expect(await follow(documentOf(2, { indicators: [], strategies: [] }))).toEqual(['SPY|1s warm under 2']);
  });

  it('trusts nothing but what it has followed step by step', async () => {
    await follow(documentOf(1));
    expect(await follow(documentOf(3))).toEqual(['past of 1 under 3, need 10']); // version 2 may have switched something off
    standing = { ...standing, warm: 2 };
    expect(await follow(documentOf(4))).toEqual(['past of 1 under 4, need 10']); // somebody else did not see to version 3
  });

  it('finds what a failover took: the configuration, or the past alone', async () => {
    await follow(documentOf(1));
    standing = { ...standing, warm: 0, control: 0 };
    expect(await look()).toEqual(['control 1', 'past of 1 under 1, need 10']);
    standing = { ...standing, warm: 0 };
    expect(await look()).toEqual(['past of 1 under 1, need 10']);
  });

  it('leaves a series alone whose log is ahead of what it has been told', async () => {
    standing = { ...standing, control: 7 };
    expect(await follow(documentOf(6))).toEqual([]);
  });

  it('tries again what failed, later each time; another configuration at once', async () => {
    past = () => Promise.reject(new Error('breaker open'));
    expect(await follow(documentOf(1))).toEqual([]);
    past = async () => bars;
    now = 4_999;
    expect(await look()).toEqual([]);
    now = 5_000;
    outcome = 'apart';
    expect(await look()).toEqual(['past of 1 under 1, need 10']);
    now = 14_999;
    expect(await look()).toEqual([]);
    outcome = 'appended';
    expect(await follow(documentOf(2))).toEqual(['past of 1 under 2, need 10']);
    expect(lines).toEqual(['warm-up failed; trying again']);
  });

  it('says once in ten seconds that warm-ups fail, whatever their number', async () => {
    fed = Array.from({ length: 50 }, (_, i) => ({ ...SERIES, symbol: `S${i}` }));
    past = () => Promise.reject(new Error('breaker open'));
    await follow(documentOf(1));
    expect(lines).toHaveLength(1);
    now = 10_000;
    await look();
    expect(lines).toHaveLength(2);
  });

  it('asks where a series stands when its turn has come: others were before it', async () => {
    fed = Array.from({ length: 9 }, (_, i) => ({ ...SERIES, symbol: `S${i}` })); // eight at once
    const asked: number[] = [];
    past = async (_series, last) => {
      asked.push(last);
      standing = { ...standing, last: 9_000 };
      return bars;
    };
    outcome = 'known'; // of another symbol: all share one standing here
    await follow(documentOf(1));
    expect(asked).toEqual([...Array<number>(8).fill(5_000), 9_000]);
  });

  it('waits until what it has appended is read: at most eight stand in the way of live bars', async () => {
    fed = Array.from({ length: 17 }, (_, i) => ({ ...SERIES, symbol: `S${i}` }));
    outcome = 'known'; // all share one standing here
    const readers: (() => void)[] = [];
    read = () => new Promise((resolve) => readers.push(resolve));
    const followed = follow(documentOf(1));
    for (const appended of [8, 16, 17]) {
      await new Promise(setImmediate);
      expect(said).toHaveLength(appended);
      for (const resolve of readers.splice(0)) resolve();
    }
    await followed;
  });

  it('leaves a series alone that somebody has seen to before its turn came', async () => {
    fed = Array.from({ length: 9 }, (_, i) => ({ ...SERIES, symbol: `S${i}` }));
    expect(await follow(documentOf(1))).toEqual(Array(8).fill('past of 1 under 1, need 10'));
  });

  it('says once that there is no past to be had', async () => {
    past = async () => [];
    expect(await follow(documentOf(1))).toEqual(['SPY|1s warm under 1']);
    expect(await look()).toEqual([]);
    expect(lines).toEqual(['no past to be had: what was added warms up on live bars']);
  });

  it('leaves a series to whoever feeds it by now', async () => {
    past = async () => null;
    expect(await follow(documentOf(1))).toEqual([]);
    past = async () => bars;
    expect(await look()).toEqual(['past of 1 under 1, need 10']);
  });

  it('gives up what another configuration has made pointless', async () => {
    let fetched = (): void => undefined;
    past = () => new Promise((resolve) => (fetched = () => resolve(bars)));
    warmer.follow(documentOf(1));
    while (said.length === 0 && String(fetched) === '() => undefined') await new Promise(setImmediate);
    standing = { ...standing, control: 2 };
    warmer.follow(documentOf(2));
    past = async () => bars;
    fetched();
    expect(await look()).toEqual(['past of 1 under 2, need 10']);
  });
});
