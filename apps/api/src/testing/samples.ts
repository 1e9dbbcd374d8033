import type { Alert, CalculationEvent, Signal } from '@wagehood/contracts';

const MINUTE_MS = 60_000;

/** A final 1-minute bar with the values of two indicators, received now. */
export function sampleEvent(changes: Partial<CalculationEvent> = {}): CalculationEvent {
  const now = Date.now();
  return {
    symbol: 'SPY',
    timeframe: '1m',
    timestamp: Math.floor(now / MINUTE_MS) * MINUTE_MS,
    open: 100,
    high: 102,
    low: 99,
    close: 101,
    volume: 1_000,
    price: 101,
    source: 'mock',
    isFinal: true,
    receivedAt: now,
    values: { sma_50: 100.5, macd: { macd_line: 1, signal_line: 0.5, histogram: 0.5 } },
    ...changes,
  };
}

export function sampleSignal(changes: Partial<Signal> = {}): Signal {
  const now = Date.now();
  return {
    id: 'signal-1',
    symbol: 'SPY',
    timeframe: '1m',
    strategy: 'macd_rsi_strategy',
    side: 'buy',
    price: 101,
    confidence: 0.7,
    factors: { momentum: 0.7 },
    indicators: { rsi_14: 55 },
    barOpenTime: Math.floor(now / MINUTE_MS) * MINUTE_MS,
    emittedAt: now,
    receivedAt: now,
    ...changes,
  };
}

export const sampleAlert = (signal: Signal): Alert => ({
  id: `${signal.id}-console`,
  rule: 'all-signals',
  channel: 'console',
  severity: 'info',
  title: 'buy SPY',
  signal,
  createdAt: signal.emittedAt,
  status: 'pending',
});
