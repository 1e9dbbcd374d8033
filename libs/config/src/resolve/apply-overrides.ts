import type { Settings, SystemSettings, WatchlistEntry } from '../settings/settings';
import type { SettingsOverrides } from './overrides';

const systemFields = {
  dataProvider: 'data_provider',
  updateIntervalSeconds: 'data_update_interval_seconds',
  workers: 'calculation_workers',
  maxConcurrentCalculations: 'max_concurrent_calculations',
  batchCalculationSize: 'batch_calculation_size',
  streamsMaxlen: 'redis_streams_maxlen',
  enableMonitoring: 'enable_monitoring',
  enableAlerts: 'enable_alerts',
} as const satisfies Partial<Record<keyof SettingsOverrides, keyof SystemSettings>>;

/** Paths of the settings that these overrides change. */
export function overriddenPaths(overrides: SettingsOverrides): string[] {
  const said = Object.entries(systemFields).filter(([key]) => overrides[key as keyof SettingsOverrides] !== undefined);
  return [...(overrides.symbols ? ['watchlist'] : []), ...said.map(([, field]) => `system.${field}`)];
}

/**
 * Settings with overrides on top. A list of symbols is the whole watchlist: entries of symbols that it names keep their details,
 * the others go. A provider holds for all symbols.
 */
export function applyOverrides(settings: Settings, overrides: SettingsOverrides): Settings {
  const entries = Object.entries(systemFields).flatMap(([key, field]) => {
    const value = overrides[key as keyof SettingsOverrides];
    return value === undefined ? [] : [[field, value] as const];
  });
  const system = { ...settings.system, ...Object.fromEntries(entries) };
  const listed = overrides.symbols ? watchlistOf(overrides.symbols, settings.watchlist) : settings.watchlist;
  const watchlist = overrides.dataProvider ? listed.map((entry) => ({ ...entry, data_provider: null })) : listed;
  return { ...settings, system, watchlist };
}

function watchlistOf(symbols: readonly string[], present: readonly WatchlistEntry[]): WatchlistEntry[] {
  return [...new Set(symbols)].map((symbol) => ({
    ...(present.find((entry) => entry.symbol === symbol) ?? {
      symbol,
      data_provider: null,
      timeframes: [],
      priority: 1,
    }),
    enabled: true,
  }));
}
