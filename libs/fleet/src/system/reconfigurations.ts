import { settingsSchema, type SettingsInput } from '@wagehood/config';

type Change = (settings: SettingsInput) => SettingsInput;

/**
 * Changes of a configuration in mid-stream, each building on the one before: indicators come and go, symbols come, a strategy goes
 * and another comes, larger timeframes come, and something is switched on again.
 */
export const reconfigurations = (newSymbols: readonly string[]): readonly Change[] => [
  (settings) => ({
    ...settings,
    indicators: [...(settings.indicators ?? []), { name: 'sma_20' }, { name: 'rsi_21' }, { name: 'sma_5' }],
    strategies: [...without('ma_crossover_strategy', settings.strategies), crossover(5, 20)],
  }),
  (settings) => ({
    ...settings,
    watchlist: [
      ...(settings.watchlist ?? []),
      ...newSymbols.map((symbol) => ({ symbol, timeframes: ['5s' as const] })),
    ],
  }),
  (settings) => ({
    ...settings,
    strategies: [
      ...without('macd_rsi_strategy', without('ma_crossover_strategy', settings.strategies)),
      crossover(50, 200),
    ],
    indicators: [{ name: 'ema_9' }, ...without('sma_20', settings.indicators)],
  }),
  (settings) => ({
    ...settings,
    watchlist: settings.watchlist?.map((entry, i) =>
      i % 2 ? entry : { ...entry, timeframes: ['5s' as const, '1m' as const] },
    ),
  }),
  (settings) => ({
    ...settings,
    strategies: [...(settings.strategies ?? []), { name: 'macd_rsi_strategy' }],
    indicators: [...(settings.indicators ?? []), { name: 'sma_20' }],
    watchlist: settings.watchlist?.map((entry, i) =>
      i % 4 === 1 ? { ...entry, timeframes: ['5s' as const, '1m' as const] } : entry,
    ),
  }),
];

const crossover = (fast: number, slow: number) => ({
  name: 'ma_crossover_strategy',
  parameters: { fast_period: fast, slow_period: slow, min_confidence: 0.3 },
});

const without = <T extends { readonly name: string }>(name: string, all: readonly T[] = []): T[] =>
  all.filter((one) => one.name !== name);

/** Settings with everything spelled out, so that a change can build on them. */
export const spelledOut = (settings: SettingsInput): SettingsInput => settingsSchema.parse(settings);
