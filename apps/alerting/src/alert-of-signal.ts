import type { RuleSettings } from '@wagehood/config';
import type { Alert, Signal } from '@wagehood/contracts';
import { createHash } from 'node:crypto';

/**
 * Names the delivery of one signal under one rule to one channel, for ever the same: it is the id of the job, so that a
 * signal that is processed twice is still delivered once. No `:` in it (BullMQ).
 */
export function alertId(signalId: string, rule: string, channel: string): string {
  return `${signalId}-${createHash('sha256').update(`${rule}\n${channel}`).digest('hex').slice(0, 12)}`;
}

/** `BUY SPY 1m at 512.30: macd_rsi_strategy, confidence 0.71` */
export function alertTitle({ side, symbol, timeframe, price, strategy, confidence }: Signal): string {
  return `${side.toUpperCase()} ${symbol} ${timeframe} at ${price}: ${strategy}, confidence ${confidence.toFixed(2)}`;
}

/** One alert per channel of the rule. */
export function alertsOfSignal(signal: Signal, rule: RuleSettings, suppressed: boolean): readonly Alert[] {
  return [...new Set(rule.channels)].map((channel) => ({
    id: alertId(signal.id, rule.name, channel),
    rule: rule.name,
    channel,
    severity: rule.severity,
    title: alertTitle(signal),
    signal,
    createdAt: signal.emittedAt,
    status: suppressed ? ('suppressed' as const) : ('pending' as const),
  }));
}
