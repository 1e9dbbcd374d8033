import type { WarmupEntry, WarmupEvents } from '@wagehood/contracts';
import { toValues } from '@wagehood/indicators';
import { asEvent } from './as-event';
import type { Past } from './warm-feed';

/** What strategies have to see of the past of a series: its newest bars, as many as they need. */
export function pastEvents(
  { series, whole, bars, values }: Past,
  entry: WarmupEntry,
  receivedAt: number,
): WarmupEvents {
  const { symbol, timeframe, engine } = series;
  const source = entry.bars[0]?.source ?? '';
  const first = Math.max(0, bars.length - entry.need);
  const events = bars.slice(first).map((bar, i) => ({
    ...asEvent(bar, timeframe, { symbol, source, backfilled: true }),
    receivedAt,
    values: toValues(engine.plan, values[first + i] as Float64Array),
  }));
  return { symbol, timeframe, whole, events };
}
