import { barEventOf, type BarEvent } from '@wagehood/contracts';
import type { Bar, Timeframe } from '@wagehood/market';

/** A bar of a series as an event that comes from where `origin` came from. */
export function asEvent(
  bar: Bar,
  timeframe: Timeframe,
  { symbol, source, backfilled }: Pick<BarEvent, 'symbol' | 'source' | 'backfilled'>,
): BarEvent {
  return { ...barEventOf(bar, { symbol, timeframe, source }), ...(backfilled ? { backfilled } : {}) };
}
