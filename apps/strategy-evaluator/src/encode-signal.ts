import type { CalculationEvent, Signal } from '@wagehood/contracts';
import { signalId, type Decision, type StrategyInstance } from '@wagehood/strategies';

/**
 * The signal that a decision means.
 * @param emittedAt epoch ms from the token of the input entry: the same whenever it is computed again
 */
export function toSignal(
  event: CalculationEvent,
  { name, params }: StrategyInstance,
  { side, confidence, factors }: Decision,
  reads: readonly string[],
  emittedAt: number,
): Signal {
  const { symbol, timeframe, timestamp, close, receivedAt, values, backfilled } = event;
  return {
    id: signalId(name, params, symbol, timeframe, timestamp, side),
    symbol,
    timeframe,
    strategy: name,
    side,
    price: close,
    confidence,
    factors,
    indicators: Object.fromEntries(reads.map((indicator) => [indicator, values[indicator] ?? null])),
    barOpenTime: timestamp,
    emittedAt,
    receivedAt,
    ...(backfilled ? { backfilled } : {}),
  };
}
