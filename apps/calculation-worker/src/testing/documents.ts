import { settingsSchema, type SettingsInput } from '@wagehood/config';
import { barEventOf as eventOf, type BarEvent, type ControlDocument } from '@wagehood/contracts';
import type { Bar, Timeframe } from '@wagehood/market';

/** A configuration as it stands in the log. */
export const documentOf = (version: number, settings: SettingsInput): ControlDocument => ({
  version,
  settings: settingsSchema.parse(settings),
  updatedAt: 1_767_571_200_000,
  updatedBy: 'test',
});

/** Indicators that are warm after a few bars. */
export const quickIndicators: NonNullable<SettingsInput['indicators']> = [
  { name: 'sma_3', parameters: { period: 3 } },
  { name: 'ema_4', parameters: { period: 4 } },
  { name: 'rsi_2', parameters: { period: 2 } },
  { name: 'macd', parameters: { fast_period: 2, slow_period: 4, signal_period: 3 } },
  { name: 'bollinger_bands', parameters: { period: 4, std_dev: 2 } },
];

export const barEventOf = (symbol: string, bar: Bar, timeframe: Timeframe = '1m'): BarEvent =>
  eventOf(bar, { symbol, timeframe, source: 'test' });
