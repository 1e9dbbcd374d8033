import { timeframeMs } from '@wagehood/market';
import {
  parseAlerts,
  parseCalculationEvents,
  parseCorrectionEvents,
  parseSignals,
  type CalculationEvent,
  type IndicatorValues,
  type Signal,
} from '@wagehood/contracts';
import type { Frequencies } from '../read-model/frequencies';
import type { Throttle } from '../read-model/throttle';
import { pushAlert, pushIndicators, pushPrice, pushSignal, type PushEvent } from './push-event';

/** An entry of one of the logs that `/stream` follows. */
export interface TailEntry {
  readonly offset: number;
  readonly kind: string;
  /** JSON text. */
  readonly data: string;
  /** Server time of the append, µs. */
  readonly token: string;
}

/**
 * The messages of one entry, in order. A place is null where `update_frequency_seconds` holds one back, so that the
 * n-th place means the same to whoever reads the entry again. Kinds that clients do not see, and what does not parse,
 * yield nothing.
 */
export function expandEntry(
  entry: TailEntry,
  frequencies: Frequencies,
  throttle: Throttle,
): readonly (PushEvent | null)[] {
  const atMs = Math.floor(Number(entry.token) / 1_000);
  if (entry.kind === 'bar' || entry.kind === 'correction') {
    const events = entry.kind === 'bar' ? parsed(parseCalculationEvents(entry.data)) : changedIn(entry.data);
    return events.flatMap((event) => {
      const due = dueValues(event, frequencies, throttle);
      return [pushPrice(event, atMs), due && pushIndicators(event, due, atMs)];
    });
  }
  if (entry.kind === 'signal') {
    return parsed(parseSignals(entry.data)).map((signal) =>
      isDue(signal, frequencies, throttle) ? pushSignal(signal, atMs) : null,
    );
  }
  if (entry.kind === 'alert') return parsed(parseAlerts(entry.data)).map((alert) => pushAlert(alert, atMs));
  return [];
}

/** The events of a correction that are news: those before them are shown to strategies. */
function changedIn(data: string): readonly CalculationEvent[] {
  const result = parseCorrectionEvents(data);
  return result.ok ? result.value.events.filter(({ timestamp }) => timestamp >= result.value.from) : [];
}

function dueValues(event: CalculationEvent, frequencies: Frequencies, throttle: Throttle): IndicatorValues | null {
  const { symbol, timeframe, timestamp, values } = event;
  const barMs = timeframeMs(timeframe);
  const due = Object.entries(values).filter(([name]) =>
    throttle.passes(`${symbol}|${timeframe} ${name}`, timestamp, frequencies.indicator(name), barMs),
  );
  return due.length > 0 ? Object.fromEntries(due) : null;
}

function isDue(
  { symbol, timeframe, strategy, barOpenTime }: Signal,
  frequencies: Frequencies,
  throttle: Throttle,
): boolean {
  const seconds = frequencies.strategy(strategy);
  return throttle.passes(`${symbol}|${timeframe} ${strategy}`, barOpenTime, seconds, timeframeMs(timeframe));
}

function parsed<T>(result: { ok: true; value: { values: readonly T[] } } | { ok: false }): readonly T[] {
  return result.ok ? result.value.values : [];
}
