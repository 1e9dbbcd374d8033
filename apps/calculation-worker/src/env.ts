import {
  defineEnv,
  healthEnv,
  logEnv,
  monitoringEnv,
  partitionsEnv,
  redisEnv,
  tracingEnv,
  type EnvOf,
} from '@wagehood/config';

/** Indicators, retention and batch sizes come from the log, not from here. */
export const env = defineEnv({
  redis: redisEnv,
  partitions: partitionsEnv,
  health: healthEnv(9002),
  log: logEnv,
  monitoring: monitoringEnv,
  tracing: tracingEnv,
});

export type Env = EnvOf<typeof env>;
