import { settingsSchema, type SettingsInput } from '@wagehood/config';

type Change = (settings: SettingsInput) => SettingsInput;

/**
 * Changes of a configuration in mid-stream, each building on the one before: indicators come and go, symbols come, a strategy goes,
 * larger timeframes come. (Not back again: what is switched on anew starts anew.)
 */
export const reconfigurations = (newSymbols: readonly string[]): readonly Change[] => [
  (settings) => ({ ...settings, indicators: [...(settings.indicators ?? []), { name: 'sma_20' }, { name: 'rsi_21' }] }),
  (settings) => ({
    ...settings,
    watchlist: [
      ...(settings.watchlist ?? []),
      ...newSymbols.map((symbol) => ({ symbol, timeframes: ['5s' as const] })),
    ],
  }),
  (settings) => ({
    ...settings,
    strategies: settings.strategies?.filter(({ name }) => name !== 'macd_rsi_strategy'),
    indicators: [{ name: 'ema_9' }, ...(settings.indicators ?? []).filter(({ name }) => name !== 'sma_20')],
  }),
  (settings) => ({
    ...settings,
    watchlist: settings.watchlist?.map((entry, i) =>
      i % 2 ? entry : { ...entry, timeframes: ['5s' as const, '1m' as const] },
    ),
  }),
];

/** Settings with everything spelled out, so that a change can build on them. */
export const spelledOut = (settings: SettingsInput): SettingsInput => settingsSchema.parse(settings);
