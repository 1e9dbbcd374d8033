import { z } from 'zod';
import { channelSettings, ruleSettings } from './alert-settings';
import { defaultAlerts, defaultIndicators, defaultStrategies, defaultWatchlist } from './defaults';
import { nameField } from './fields';
import { indicatorSettings } from './indicator-settings';
import { strict, tolerant, type DeepReadonly, type ObjectMaker } from './object-maker';
import { sessionSettings } from './session-settings';
import { strategySettings } from './strategy-settings';
import { systemSettings } from './system-settings';
import { watchlistEntry } from './watchlist-settings';

const alerts = (object: ObjectMaker) =>
  object({
    channels: z.record(nameField, channelSettings(object)).default(defaultAlerts.channels),
    rules: z.array(ruleSettings(object)).default(defaultAlerts.rules),
  });

const settings = (object: ObjectMaker) =>
  object({
    indicators: z.array(indicatorSettings(object)).prefault(defaultIndicators),
    strategies: z.array(strategySettings(object)).prefault(defaultStrategies),
    system: systemSettings(object).prefault({}),
    watchlist: z.array(watchlistEntry(object)).prefault(defaultWatchlist),
    alerts: alerts(object).prefault({}),
    sessions: z.array(sessionSettings(object)).default([]),
  });

/** Settings as they travel in messages: unknown fields are tolerated, missing ones get their default. */
export const settingsSchema = settings(tolerant);

/** Settings as a user writes them: an unknown field is a fault. Every section may be left out. */
export const settingsFileSchema = settings(strict);

/** What a settings file may contain. */
export type SettingsInput = z.input<typeof settingsSchema>;
/** The complete settings: every default filled in, symbols normalised. */
export type Settings = DeepReadonly<z.output<typeof settingsSchema>>;
export type IndicatorSettings = Settings['indicators'][number];
export type StrategySettings = Settings['strategies'][number];
export type SystemSettings = Settings['system'];
export type WatchlistEntry = Settings['watchlist'][number];
export type SessionSettings = Settings['sessions'][number];
export type AlertSettings = Settings['alerts'];
export type ChannelSettings = AlertSettings['channels'][string];
export type RuleSettings = AlertSettings['rules'][number];
