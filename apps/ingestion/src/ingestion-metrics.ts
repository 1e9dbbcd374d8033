import { parseSeriesKey } from '@wagehood/market';
import { rateLimited, type Logger, type Metrics } from '@wagehood/service';
import type { Producer, ProducerHooks } from '@wagehood/streams';
import type { FeedGroup } from './feed-group';

export type IngestionMetrics = ReturnType<typeof createIngestionMetrics>;

/** What ingestion counts. Labels never hold a symbol: there may be ten thousand. */
export function createIngestionMetrics(metrics: Metrics) {
  return {
    bars: metrics.counter('ingestion_bars_total', 'Bars taken from providers', ['provider', 'kind']),
    rejected: metrics.counter('bars_rejected_total', 'Bars and rows turned away', ['reason']),
    appended: metrics.counter('bars_appended_total', 'Bars that entered the log'),
    waited: metrics.histogram(
      'ingestion_append_seconds',
      'From the first bar of a batch until the batch is in the log, per batch',
    ),
    backPressure: metrics.counter('ingestion_back_pressure_total', 'Times that the log asked us to wait', ['reason']),
    repaired: metrics.counter('ingestion_resent_bars_total', 'Bars sent again because Redis had lost them'),
    warmups: metrics.counter('ingestion_warmups_total', 'Pasts of series given to what was added', ['outcome']),
    corrections: metrics.counter(
      'ingestion_corrections_total',
      'Corrections of bars that had been accepted: into the log, known there already, or no longer possible',
      ['outcome'],
    ),
    gaps: metrics.counter('ingestion_gaps_total', 'Stretches of bars that could not be had'),
    reconnects: metrics.counter('ingestion_reconnects_total', 'Connections to a provider that were lost', ['provider']),
    symbols: metrics.gauge('ingestion_symbols', 'Symbols that this replica feeds'),
    historyBreakerOpen: metrics.gauge(
      'ingestion_history_breaker_open',
      '1 while the history of a provider is not asked, because it failed',
      ['provider'],
    ),
    stale: metrics.gauge('ingestion_stale_symbols', 'Symbols whose provider has gone quiet'),
  };
}

export function watchProducer(metrics: Metrics, producer: Pick<Producer, 'stats'>): void {
  metrics.gauge('ingestion_queued_bars', 'Bars waiting to be appended', [], (gauge) =>
    gauge.set(producer.stats().queuedBars),
  );
  metrics.gauge('ingestion_blocked', '1 while nothing can be appended', [], (gauge) =>
    gauge.set(producer.stats().blocked === null ? 0 : 1),
  );
  metrics.gauge('ingestion_heartbeat_age_seconds', 'Since the last heartbeat that Redis answered', [], (gauge) =>
    gauge.set(producer.stats().heartbeatAgeMs / 1_000),
  );
}

/** How long each provider has said nothing at all: no series per symbol, and still the first thing to look at. */
export function watchProviders(metrics: Metrics, groups: () => readonly FeedGroup[], now: () => number): void {
  metrics.gauge(
    'ingestion_provider_silence_seconds',
    'Since the last bar of any symbol of a provider; absent at the end of its data',
    ['provider'],
    (gauge) => {
      gauge.reset();
      const heardAt = new Map<string, number>();
      for (const { provider, feeds, state } of groups()) {
        if (state === 'ended') continue;
        const newest = Math.max(...[...feeds.values()].map((feed) => feed.heardAt));
        heardAt.set(provider.name, Math.max(newest, heardAt.get(provider.name) ?? 0));
      }
      for (const [provider, at] of heardAt) gauge.set({ provider }, Math.max(0, now() - at) / 1_000);
    },
  );
}

/** Producer events as counts and lines. */
export function producerHooks(counters: IngestionMetrics, log: Logger): ProducerHooks {
  const quiet = rateLimited(log);
  return {
    onAppended: (_partition, bars) => counters.appended.inc(bars),
    onSent: (_partition, waitedMs) => counters.waited.observe(waitedMs / 1_000),
    onRefused: (_bar, reason) => counters.rejected.inc({ reason }),
    onBackPressure: (partition, reason) => {
      counters.backPressure.inc({ reason });
      quiet.warn(reason, reason === 'full' ? 'Redis is full; waiting' : 'calculation is behind; waiting', {
        partition,
      });
    },
    onRepaired: (partition, series, resent, gap) => {
      counters.repaired.inc(resent);
      if (gap) counters.gaps.inc();
      const { symbol, timeframe } = parseSeriesKey(series);
      const fields = { partition, symbol, timeframe, resent };
      if (gap) quiet.error('gap', 'Redis had lost bars; some cannot be had any more', { ...fields, ...gap });
      else quiet.warn('repaired', 'Redis had lost bars; they were sent again', fields);
    },
  };
}
