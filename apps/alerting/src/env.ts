import {
  boolean,
  defineEnv,
  fragment,
  healthEnv,
  integer,
  logEnv,
  monitoringEnv,
  partitionsEnv,
  redisEnv,
  tracingEnv,
  variable,
  type EnvOf,
} from '@wagehood/config';

const alertsEnv = fragment({
  enabled: variable('ENABLE_ALERTS', boolean, 'evaluate rules and deliver alerts', true),
});

const deliveryEnv = fragment({
  attempts: variable('ALERT_ATTEMPTS', integer(1, 100), 'attempts per delivery before it counts as failed', 8),
  backoffMs: variable('ALERT_BACKOFF_MS', integer(1, 3_600_000), 'delay before the second attempt; doubles', 1_000),
  timeoutMs: variable('ALERT_TIMEOUT_MS', integer(10, 60_000), 'one attempt may take this long', 5_000),
  concurrency: variable('ALERT_CONCURRENCY', integer(1, 1_000), 'deliveries under way at once', 10),
  breakerMs: variable('ALERT_BREAKER_MS', integer(10, 3_600_000), 'pause of a channel that keeps failing', 30_000),
});

/** Rules and channels come from the configuration in the log, not from here. */
export const alertingEnv = defineEnv({
  redis: redisEnv,
  partitions: partitionsEnv,
  health: healthEnv(9004),
  log: logEnv,
  monitoring: monitoringEnv,
  tracing: tracingEnv,
  alerts: alertsEnv,
  delivery: deliveryEnv,
});

export type AlertingEnv = EnvOf<typeof alertingEnv>;
export type DeliverySettings = AlertingEnv['delivery'];
