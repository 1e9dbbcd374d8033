import type { RuleSettings } from '@wagehood/config';
import type { Alert, GapEntry, SystemEvent } from '@wagehood/contracts';
import { systemEventId } from '@wagehood/streams';
import { alertId } from './alert-of-signal';

/** One alert per channel of the rule. */
export function alertsOfEvent(
  { id, code, subject, detail, symbols }: SystemEvent,
  rule: RuleSettings,
  heldBack: number,
  createdAt: number,
): readonly Alert[] {
  const more = heldBack === 0 ? '' : ` (and ${heldBack} more since the last alert of this rule)`;
  return [...new Set(rule.channels)].map((channel) => ({
    id: alertId(id, rule.name, channel),
    rule: rule.name,
    channel,
    severity: rule.severity,
    title: `${code}: ${detail}${more}`,
    system: { code, subject, detail: `${detail}${more}`, ...(symbols && { symbols: [...symbols] }) },
    createdAt,
    status: 'pending' as const,
  }));
}

/** A gap that ingestion reported in the log, as the event that it is. */
export function eventOfGap({ symbol, timeframe, from, to, reason }: GapEntry): SystemEvent {
  const time = (ms: number): string => new Date(ms).toISOString();
  return {
    id: systemEventId('data_gap', symbol, timeframe, String(from), String(to)),
    code: 'data_gap',
    subject: `${symbol} ${timeframe}`,
    detail: `bars of ${symbol} ${timeframe} from ${time(from)} to ${time(to)} cannot be had: ${reason}`.slice(0, 500),
    symbols: [symbol],
  };
}
