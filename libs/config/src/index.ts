export { type RedisNode, type RedisSettings, type RedisTls } from './redis-settings';
export {
  settingsFileSchema,
  settingsSchema,
  type AlertSettings,
  type ChannelSettings,
  type IndicatorSettings,
  type RuleSettings,
  type SessionSettings,
  type Settings,
  type SettingsInput,
  type StrategySettings,
  type SystemSettings,
  type WatchlistEntry,
} from './settings/settings';
export { type DeepReadonly } from './settings/object-maker';
export { formatFault, formatFaults, type Fault, type Loaded } from './fault';
export { fragment, secretVariable, variable, type EnvFragment, type Variable } from './env/fragment';
export {
  anyPort,
  boolean,
  bytes,
  integer,
  list,
  logLevel,
  number,
  oneOf,
  port,
  text,
  timeframeList,
  type Kind,
} from './env/kinds';
export { defineEnv, loadEnv, variablesOf, type EnvSchema, type EnvSource, type ReadText } from './env/load-env';
export { redisEnv, redisMemoryEnv } from './env/redis-env';
export {
  apiEnv,
  healthEnv,
  logEnv,
  monitoringEnv,
  partitionsEnv,
  type HealthSettings,
  type LogLevel,
} from './env/service-env';
export { indicatorInstancesOf, indicatorPlanOf } from './settings/plans';
