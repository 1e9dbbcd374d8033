import { settingsSchema, type SettingsInput } from '@wagehood/config';
import type { CalculationEvent, ControlDocument } from '@wagehood/contracts';

/** A configuration as it stands in the log. */
export const documentOf = (version: number, settings: SettingsInput): ControlDocument => ({
  version,
  settings: settingsSchema.parse(settings),
  updatedAt: 1_767_571_200_000,
  updatedBy: 'test',
});

/** A bar of one minute with values, as calculation gives it out. */
export const eventOf = (
  symbol: string,
  minute: number,
  close: number,
  more: Partial<CalculationEvent> = {},
): CalculationEvent => ({
  symbol,
  timeframe: '1m',
  timestamp: Date.UTC(2026, 0, 5) + minute * 60_000,
  open: close,
  high: close,
  low: close,
  close,
  volume: 100,
  price: close,
  source: 'test',
  isFinal: true,
  receivedAt: 1_767_571_200_000 + minute,
  values: {},
  ...more,
});
