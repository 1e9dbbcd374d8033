import { createMetrics } from '@wagehood/service';
import type { ProducerStats } from '@wagehood/streams';
import type { FeedGroup } from './feed-group';
import { createIngestionMetrics, producerHooks, watchProducer, watchProviders } from './ingestion-metrics';
import { recordingLog } from './testing/recording-log';

function setup() {
  const metrics = createMetrics({ service: 'ingestion', defaults: false });
  const lines: string[] = [];
  const hooks = producerHooks(createIngestionMetrics(metrics), recordingLog(lines));
  const values = async (): Promise<Record<string, number>> => {
    const samples = (await metrics.text()).matchAll(/^wagehood_(\w+)\{(.*?),?service="ingestion"\} (\S+)$/gm);
    return Object.fromEntries([...samples].map(([, name, labels, value]) => [`${name}${labels}`, Number(value)]));
  };
  return { metrics, lines, hooks, values };
}

describe('what ingestion measures', () => {
  it('counts what enters the log, what is refused, and what had to be sent again', async () => {
    const { hooks, values, lines } = setup();
    hooks.onAppended?.(0, 7, '1', 2);
    hooks.onSent?.(0, 40);
    hooks.onRefused?.({ symbol: 'SPY', timeframe: '1s', timestamp: 1 }, 'late');
    hooks.onRepaired?.(3, 'SPY|1s', 5, null);
    hooks.onRepaired?.(3, 'SPY|1s', 2, { symbol: 'SPY', timeframe: '1s', from: 1, to: 2, reason: 'lost' });
    for (let i = 0; i < 50; i++) hooks.onBackPressure?.(i % 4, 'behind');
    expect(await values()).toMatchObject({
      bars_appended_total: 7,
      ingestion_append_seconds_count: 1,
      ingestion_append_seconds_sum: 0.04,
      'bars_rejected_totalreason="late"': 1,
      ingestion_resent_bars_total: 7,
      ingestion_gaps_total: 1,
      'ingestion_back_pressure_totalreason="behind"': 50,
    });
    expect(lines).toEqual([
      'Redis had lost bars; they were sent again',
      'Redis had lost bars; some cannot be had any more',
      'calculation is behind; waiting',
    ]);
  });

  it('tells how the producer stands', async () => {
    const { metrics, values } = setup();
    const stats: { -readonly [K in keyof ProducerStats]: ProducerStats[K] } = {
      ...{ appendedBars: 0, queuedBars: 12, heartbeatAgeMs: 250, blocked: null },
    };
    watchProducer(metrics, { stats: () => stats });
    expect(await values()).toMatchObject({ ingestion_queued_bars: 12, ingestion_blocked: 0 });
    stats.blocked = 'Redis is full';
    expect(await values()).toMatchObject({ ingestion_blocked: 1, ingestion_heartbeat_age_seconds: 0.25 });
  });

  it('tells how long each provider has been silent, until its data has ended', async () => {
    const { metrics, values } = setup();
    const group = (name: string, heard: number[]) => ({
      provider: { name },
      feeds: new Map(heard.map((heardAt, i) => [`${i}`, { heardAt }])),
      state: 'live',
    });
    const groups = [group('mock', [1_000, 4_000]), group('replay', [500])];
    watchProviders(
      metrics,
      () => groups as unknown as FeedGroup[],
      () => 10_000,
    );
    const silence = (name: string) => `ingestion_provider_silence_secondsprovider="${name}"`;
    expect(await values()).toMatchObject({ [silence('mock')]: 6, [silence('replay')]: 9.5 });
    if (groups[1]) groups[1].state = 'ended';
    expect(await values()).not.toHaveProperty([silence('replay')]);
  });
});
