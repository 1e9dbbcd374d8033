import type { BarEvent } from '@wagehood/contracts';
import type { Bar, Timeframe } from '@wagehood/market';

/** A bar of a series as an event that comes from where `origin` came from. */
export function asEvent(
  bar: Bar,
  timeframe: Timeframe,
  { symbol, source, backfilled }: Pick<BarEvent, 'symbol' | 'source' | 'backfilled'>,
): BarEvent {
  const { openTime: timestamp, ...prices } = bar;
  return {
    symbol,
    timeframe,
    timestamp,
    ...prices,
    price: bar.close,
    source,
    isFinal: true,
    ...(backfilled ? { backfilled } : {}),
  };
}
