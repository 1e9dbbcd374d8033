import {
  apiEnv,
  configFileEnv,
  defineEnv,
  fragment,
  logEnv,
  logFileEnv,
  monitoringEnv,
  partitionsEnv,
  redisEnv,
  redisMemoryEnv,
  settingsEnv,
  text,
  variable,
} from '@wagehood/config';

/** Recordings to play; the ingestion service reads the same names and checks what they say. */
const replayEnv = fragment({
  files: variable('REPLAY_FILES', text(), 'recordings to play: PATH or SYMBOL=PATH, comma-separated', ''),
  file: variable('REPLAY_FILE', text(), 'one more recording', ''),
});

/** What the runner itself reads, and so checks before anything starts. */
export const runnerEnv = defineEnv({
  redis: redisEnv,
  redisMemory: redisMemoryEnv,
  partitions: partitionsEnv,
  api: apiEnv,
  log: logEnv,
  logFile: logFileEnv,
  monitoring: monitoringEnv,
  settings: settingsEnv,
  configFile: configFileEnv,
  replay: replayEnv,
});

const EXTERNAL_REDIS = [
  'REDIS_URL',
  'REDIS_URL_FILE',
  'REDIS_HOST',
  'REDIS_PORT',
  'REDIS_CLUSTER_NODES',
  'REDIS_SENTINELS',
] as const;

/** Whether the environment names a Redis of the user's. */
export const namesRedis = (env: Readonly<Record<string, string | undefined>>): boolean =>
  EXTERNAL_REDIS.some((name) => env[name]?.trim());
