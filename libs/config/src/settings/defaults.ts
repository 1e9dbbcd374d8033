/** The seven indicators of a fresh installation. */
export const defaultIndicators: { name: string; parameters: Record<string, number> }[] = [
  { name: 'sma_50', parameters: { period: 50 } },
  { name: 'sma_200', parameters: { period: 200 } },
  { name: 'ema_12', parameters: { period: 12 } },
  { name: 'ema_26', parameters: { period: 26 } },
  { name: 'rsi_14', parameters: { period: 14 } },
  { name: 'macd', parameters: { fast_period: 12, slow_period: 26, signal_period: 9 } },
  { name: 'bollinger_bands', parameters: { period: 20, std_dev: 2 } },
];

/** The five strategies of a fresh installation, with the parameters of their definitions. */
export const defaultStrategies = [
  { name: 'macd_rsi_strategy', required_indicators: ['macd', 'rsi_14'] },
  { name: 'ma_crossover_strategy', required_indicators: ['sma_50', 'sma_200'] },
  { name: 'rsi_trend_strategy', required_indicators: ['rsi_14'] },
  { name: 'bollinger_breakout_strategy', required_indicators: ['bollinger_bands'] },
  { name: 'sr_breakout_strategy' },
];

export const defaultWatchlist = [{ symbol: 'SPY' }, { symbol: 'QQQ' }, { symbol: 'IWM' }];

/** Every signal is printed on the console of the alerting service. */
export const defaultAlerts = {
  channels: { console: { type: 'console' as const } },
  rules: [
    {
      name: 'all-signals',
      enabled: true,
      severity: 'info' as const,
      match: {},
      channels: ['console'],
      cooldown_seconds: 0,
    },
  ],
};
