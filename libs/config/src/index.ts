export { NODE_ENVIRONMENT, NODE_FLAGS } from './node-runtime';
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
export { watchedAs } from './settings/watched';
export { SYSTEM_EVENT_CODES, type SystemEventCode } from './settings/system-event-codes';
export { namedSecrets, type NamedSecrets } from './env/named-secrets';
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
export {
  defineEnv,
  loadEnv,
  variablesOf,
  type EnvOf,
  type EnvSchema,
  type EnvSource,
  type ReadText,
} from './env/load-env';
export { redisEnv, redisMemoryEnv } from './env/redis-env';
export {
  apiEnv,
  configFileEnv,
  healthEnv,
  logEnv,
  logFileEnv,
  monitoringEnv,
  partitionsEnv,
  type HealthSettings,
  type LogLevel,
} from './env/service-env';
export { tracingEnv, type TracingSettings } from './env/tracing-env';
export { indicatorInstancesOf, indicatorPlanOf, strategyPlanOf } from './settings/plans';
export { checkSettings, type Catalogs } from './resolve/check-settings';
export { applyOverrides } from './resolve/apply-overrides';
export {
  flagVariable,
  readSettingsFlags,
  settingsEnv,
  settingsFlags,
  settingsVariables,
  type SettingsFlag,
  type SettingsOverrides,
} from './resolve/overrides';
export {
  parseSettings,
  readSettingsFile,
  resolveSettings,
  type Origin,
  type SettingsResult,
  type SettingsSources,
} from './resolve/resolve-settings';
export { warningsOf } from './resolve/warnings-of';
export { describeConfig, describeEnv, type EnvLine } from './show/describe-config';
export { maskSettings, maskUrl } from './show/mask-settings';
export { knownNames } from './env/known-names';
export { nearest } from './nearest';
