import { settingsEnv } from '../resolve/overrides';
import { knownNames } from './known-names';
import { defineEnv, variablesOf } from './load-env';
import { redisEnv, redisMemoryEnv } from './redis-env';
import { apiEnv, configFileEnv, healthEnv, logEnv, logFileEnv, monitoringEnv, partitionsEnv } from './service-env';
import { tracingEnv } from './tracing-env';

it('knows every variable of every fragment, and no other', () => {
  const all = defineEnv({
    redis: redisEnv,
    memory: redisMemoryEnv,
    health: healthEnv(0),
    log: logEnv,
    logFile: logFileEnv,
    config: configFileEnv,
    api: apiEnv,
    partitions: partitionsEnv,
    monitoring: monitoringEnv,
    settings: settingsEnv,
    tracing: tracingEnv,
  });
  const names = variablesOf(all).flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
  expect([...knownNames].sort()).toEqual(names.sort());
});
