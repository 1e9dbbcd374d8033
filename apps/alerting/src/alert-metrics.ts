import type { Metrics } from '@wagehood/service';

export type AlertMetrics = ReturnType<typeof createAlertMetrics>;

/** What alerting counts. */
export function createAlertMetrics(metrics: Metrics) {
  return {
    alerts: metrics.counter('alerts_total', 'Alerts by status when they arose', ['status']),
    deliveries: metrics.counter('alert_deliveries_total', 'Attempts to deliver', ['channel', 'outcome']),
    open: metrics.gauge('alert_channel_open', '1 while the breaker of a channel is open', ['channel']),
    queued: metrics.gauge('alert_deliveries', 'Deliveries in the queue', ['state']),
  };
}
