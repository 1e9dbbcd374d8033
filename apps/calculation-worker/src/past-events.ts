import type { BarEvent, CalculationEvent, CorrectionEntry, CorrectionEvents, WarmupEntry, WarmupEvents } from '@wagehood/contracts'; // prettier-ignore
import { toValues } from '@wagehood/indicators';
import { openTimeOf } from '@wagehood/market';
import { asEvent } from './as-event';
import type { Corrected } from './correct-feed';
import type { Past } from './warm-feed';

/** What strategies have to see of the past of a series: its newest bars, as many as they need. */
export function pastEvents(past: Past, entry: WarmupEntry, receivedAt: number): WarmupEvents {
  const { symbol, timeframe } = past.series;
  const first = Math.max(0, past.bars.length - entry.need);
  const events = eventsFrom(past, first, entry.bars, receivedAt).map((event) => ({ ...event, backfilled: true }));
  return { symbol, timeframe, whole: past.whole, events: events.map(inOrder) };
}

/** What has changed of a series, and before it as many bars as strategies need. Of a larger bar, the highest revision in it counts. */
export function correctionEvents(corrected: Corrected, entry: CorrectionEntry, receivedAt: number): CorrectionEvents {
  const { series, from, bars } = corrected;
  const { symbol, timeframe } = series;
  const changed = bars.findIndex(({ openTime }) => openTime >= from);
  const first = Math.max(0, (changed < 0 ? bars.length : changed) - entry.need);
  const revisions = revisionsIn(entry, timeframe);
  const events = eventsFrom(corrected, first, entry.bars, receivedAt).map((event) => {
    const revision = revisions.get(event.timestamp);
    return inOrder(revision === undefined ? event : { ...event, revision });
  });
  return { symbol, timeframe, from, events };
}

function eventsFrom(
  { series, bars, values }: Omit<Corrected, 'from'>,
  first: number,
  [origin]: readonly BarEvent[],
  receivedAt: number,
): CalculationEvent[] {
  const { symbol, timeframe, engine } = series;
  const source = origin?.source ?? '';
  return bars.slice(first).map((bar, i) => ({
    ...asEvent(bar, timeframe, { symbol, source }),
    receivedAt,
    values: toValues(engine.plan, values[first + i] as Float64Array),
  }));
}

/** The fields of the bar first, as everywhere on the wire. */
const inOrder = ({ receivedAt, values, ...bar }: CalculationEvent): CalculationEvent => ({
  ...bar,
  receivedAt,
  values,
});

function revisionsIn({ bars }: CorrectionEntry, timeframe: CorrectionEntry['timeframe']): ReadonlyMap<number, number> {
  const highest = new Map<number, number>();
  for (const { timestamp, revision } of bars) {
    if (revision === undefined) continue;
    const at = openTimeOf(timestamp, timeframe);
    highest.set(at, Math.max(revision, highest.get(at) ?? 0));
  }
  return highest;
}
