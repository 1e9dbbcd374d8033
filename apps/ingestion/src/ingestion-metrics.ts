import type { Metrics } from '@wagehood/service';
import type { Producer, ProducerHooks } from '@wagehood/streams';

export type IngestionMetrics = ReturnType<typeof createIngestionMetrics>;

/** What ingestion counts. Labels never hold a symbol: there may be ten thousand. */
export function createIngestionMetrics(metrics: Metrics) {
  return {
    bars: metrics.counter('ingestion_bars_total', 'Bars taken from providers', ['provider', 'kind']),
    rejected: metrics.counter('bars_rejected_total', 'Bars and rows turned away', ['reason']),
    appended: metrics.counter('bars_appended_total', 'Bars that entered the log'),
    backPressure: metrics.counter('ingestion_back_pressure_total', 'Times that the log asked us to wait', ['reason']),
    repaired: metrics.counter('ingestion_resent_bars_total', 'Bars sent again because Redis had lost them'),
    gaps: metrics.counter('ingestion_gaps_total', 'Stretches of bars that could not be had'),
    reconnects: metrics.counter('ingestion_reconnects_total', 'Connections to a provider that were lost', ['provider']),
    symbols: metrics.gauge('ingestion_symbols', 'Symbols that this replica feeds'),
    stale: metrics.gauge('ingestion_stale_symbols', 'Symbols whose provider has gone quiet'),
  };
}

export function watchProducer(metrics: Metrics, producer: Producer): void {
  metrics.gauge('ingestion_queued_bars', 'Bars waiting to be appended', [], (gauge) =>
    gauge.set(producer.stats().queuedBars),
  );
}

/** Producer events as counts. */
export function producerHooks(counters: IngestionMetrics): ProducerHooks {
  return {
    onAppended: (_partition, bars) => counters.appended.inc(bars),
    onRefused: (_bar, reason) => counters.rejected.inc({ reason }),
    onBackPressure: (_partition, reason) => counters.backPressure.inc({ reason }),
    onRepaired: (_partition, _series, resent, gap) => {
      counters.repaired.inc(resent);
      if (gap) counters.gaps.inc();
    },
  };
}
