import { timeframeMs } from '@wagehood/market';
import { toHttpSignal, toTime, type CalculationEvent, type IndicatorValue, type Signal } from '@wagehood/contracts';
import { expiresAt, type Sight } from './expiry';
import type { Frequencies } from './frequencies';
import type { HeldValues, ShownValue } from './held-values';

/** What a view is made with, besides the data: settings, time, and what is held back. */
export interface Viewing {
  readonly indicators: readonly string[];
  readonly frequencies: Frequencies;
  readonly held: HeldValues;
  readonly sight: Sight;
}

/** A value is ready when every output of it has come. */
export const isReady = (value: IndicatorValue): boolean =>
  value !== null && (typeof value === 'number' || Object.values(value).every((output) => output !== null));

/** One series: what the enabled indicators said on its latest final bar. */
export function viewSeries(event: CalculationEvent, viewing: Viewing) {
  const readings = viewing.indicators.map((name) => [name, viewReading(name, event, viewing)] as const);
  return {
    timeframe: event.timeframe,
    timestamp: toTime(event.timestamp),
    updatedAt: toTime(event.receivedAt),
    price: event.price,
    ready: readings.every(([, reading]) => reading.ready),
    indicators: Object.fromEntries(readings),
  };
}

/** The same with the bar itself. */
export function viewLatestSeries(event: CalculationEvent, viewing: Viewing) {
  const { timestamp, open, high, low, close, volume, isFinal, source, revision } = event;
  const bar = { timestamp: toTime(timestamp), open, high, low, close, volume, isFinal };
  return { ...viewSeries(event, viewing), bar: revision === undefined ? bar : { ...bar, revision }, source };
}

/** One indicator: null while it warms up, and once `ttl_seconds` have passed since its bar came in. */
function viewReading(name: string, event: CalculationEvent, { frequencies, held, sight }: Viewing) {
  const barMs = timeframeMs(event.timeframe);
  const newest: ShownValue = {
    value: event.values[name] ?? null,
    openTime: event.timestamp,
    receivedAt: event.receivedAt,
  };
  const shown = held.show(`${event.symbol}|${event.timeframe} ${name}`, newest, frequencies.indicator(name), barMs);
  const ready = isReady(shown.value);
  if (sight.hasExpired(expiresAt(shown.receivedAt, frequencies.indicatorTtl(name), barMs))) {
    return { value: null, ready, expired: true as const };
  }
  return { value: shown.value, ready };
}

/** A signal; `expired` once `ttl_seconds` of its strategy have passed: it is history then, not news. */
export function viewSignal(signal: Signal, frequencies: Frequencies, sight: Sight) {
  const { receivedAt, strategy, timeframe } = signal;
  const expired = sight.hasExpired(expiresAt(receivedAt, frequencies.strategyTtl(strategy), timeframeMs(timeframe)));
  return { ...toHttpSignal(signal), ...(expired ? { expired } : {}) };
}
