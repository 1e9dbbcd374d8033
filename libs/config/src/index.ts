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
