import { settingsSchema, type RuleSettings, type SettingsInput } from '@wagehood/config';
import type { Alert, Signal } from '@wagehood/contracts';
import { alertsOfSignal } from '../alert-of-signal';

export const sampleSignal = (overrides: Partial<Signal> = {}): Signal => ({
  id: 'macd-rsi-strategy-spy-1s-1700000000000-buy-0f',
  symbol: 'SPY',
  timeframe: '1s',
  strategy: 'macd_rsi_strategy',
  side: 'buy',
  price: 512.3,
  confidence: 0.71,
  factors: { histogram: 0.71 },
  indicators: { rsi_14: 55 },
  barOpenTime: 1_700_000_000_000,
  emittedAt: 1_700_000_001_000,
  receivedAt: 1_700_000_001_000,
  ...overrides,
});

/** A rule with all defaults of the settings filled in. */
export function sampleRule(
  rule: Partial<NonNullable<NonNullable<SettingsInput['alerts']>['rules']>[number]> = {},
): RuleSettings {
  const rules = [{ name: 'all', channels: ['console'], ...rule }];
  return settingsSchema.parse({ alerts: { rules } }).alerts.rules[0] as RuleSettings;
}

export const sampleAlert = (overrides: Partial<Signal> = {}): Alert =>
  alertsOfSignal(sampleSignal(overrides), sampleRule(), false)[0] as Alert;
