import { seriesKey, type Timeframe } from '@wagehood/market';
import {
  toHttpAlert,
  toHttpSignal,
  toTime,
  type Alert,
  type AlertEvent,
  type CalculationEvent,
  type IndicatorEvent,
  type IndicatorValues,
  type PriceEvent,
  type Signal,
  type SignalEvent,
  type StreamChannel,
  type StreamEvent,
} from '@wagehood/contracts';
import { isReady } from '../read-model/views';

/** One message of `/stream`, serialised once for all who want it. */
export interface PushEvent {
  readonly channel: StreamChannel;
  /** Empty: about the system as a whole. */
  readonly symbol: string;
  readonly timeframe: Timeframe | null;
  readonly backfilled: boolean;
  /** While it waits for a slow client, a newer one with the same text takes its place; null = it must arrive. */
  readonly conflateBy: string | null;
  readonly json: string;
}

/** @param atMs when the entry was appended, epoch ms of the server */
export function pushPrice(event: CalculationEvent, atMs: number): PushEvent {
  const { symbol, timeframe, timestamp, open, high, low, close, volume, price, isFinal, source, revision } = event;
  const bar = { timestamp: toTime(timestamp), open, high, low, close, volume, timeframe, price, isFinal, source };
  const data = revision === undefined ? bar : { ...bar, revision };
  const message: PriceEvent = { type: 'price', symbol, data, timestamp: toTime(atMs) };
  return { ...about(message, event), conflateBy: `price ${seriesKey(symbol, timeframe)}` };
}

/** @param values those that are due; the others are throttled */
export function pushIndicators(event: CalculationEvent, values: IndicatorValues, atMs: number): PushEvent {
  const { symbol, timeframe, timestamp, price } = event;
  const indicators = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, ready: isReady(value) }]),
  ) as IndicatorEvent['data']['indicators'];
  const data = { timeframe, timestamp: toTime(timestamp), price, indicators };
  const message: IndicatorEvent = { type: 'indicator', symbol, data, timestamp: toTime(atMs) };
  const conflateBy = `indicator ${seriesKey(symbol, timeframe)} ${Object.keys(values).join()}`;
  return { ...about(message, event), conflateBy };
}

export function pushSignal(signal: Signal, atMs: number): PushEvent {
  const { symbol } = signal;
  const message: SignalEvent = { type: 'signal', symbol, data: toHttpSignal(signal), timestamp: toTime(atMs) };
  return { ...about(message, signal), conflateBy: null };
}

export function pushAlert(alert: Alert, atMs: number): PushEvent {
  const { signal } = alert;
  const symbol = signal?.symbol ?? '';
  const message: AlertEvent = { type: 'alert', symbol, data: toHttpAlert(alert), timestamp: toTime(atMs) };
  return { ...about(message, signal), conflateBy: null };
}

interface Origin {
  readonly timeframe: Timeframe;
  readonly backfilled?: boolean | undefined;
}

function about(message: StreamEvent, origin: Origin | undefined): Omit<PushEvent, 'conflateBy'> {
  return {
    channel: message.type,
    symbol: message.symbol,
    timeframe: origin?.timeframe ?? null,
    backfilled: origin?.backfilled === true,
    json: JSON.stringify(message),
  };
}
