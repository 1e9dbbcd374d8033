import type { IndicatorValues, Signal } from '@wagehood/contracts';
import { signalId, type Decision, type StrategyInstance } from '@wagehood/strategies';
import type { EventText } from '@wagehood/streams';

/**
 * The signal that a decision means.
 * @param indicators the values that the strategy read
 * @param emittedAt epoch ms from the token of the input entry: the same whenever it is computed again
 */
export function toSignal(
  { bar, receivedAt }: EventText,
  { name, params }: StrategyInstance,
  { side, confidence, factors }: Decision,
  indicators: IndicatorValues,
  emittedAt: number,
): Signal {
  const { symbol, timeframe, timestamp, close, backfilled } = bar;
  return {
    id: signalId(name, params, symbol, timeframe, timestamp, side),
    symbol,
    timeframe,
    strategy: name,
    side,
    price: close,
    confidence,
    factors,
    indicators,
    barOpenTime: timestamp,
    emittedAt,
    receivedAt,
    ...(backfilled ? { backfilled } : {}),
  };
}
