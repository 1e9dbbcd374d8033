import {
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
import { mock } from './providers/mock/mock';
import { replay } from './providers/replay/replay';

/** Bars of history per symbol. */
const historyEnv = fragment({
  bars: variable('HISTORY_BARS', integer(0, 1_000_000), 'bars of history per symbol; default: what the settings need'),
  most: variable('HISTORY_MAX_BARS', integer(0, 1_000_000), 'most bars of history asked for per symbol', 20_000),
});

export const ingestionEnv = defineEnv({
  redis: redisEnv,
  partitions: partitionsEnv,
  health: healthEnv(9001),
  log: logEnv,
  monitoring: monitoringEnv,
  tracing: tracingEnv,
  history: historyEnv,
  mock: mock.env,
  replay: replay.env,
});

export type IngestionEnv = EnvOf<typeof ingestionEnv>;
