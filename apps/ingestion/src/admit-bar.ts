import type { BarEvent } from '@wagehood/contracts';
import { timeframeMs, validateBar, type Timeframe } from '@wagehood/market';
import type { FeedBar } from './providers/provider';

/** Why a bar was turned away at the door: a code for the counter, a sentence for the log. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

/** How far ahead of our clock a live bar may open before it is taken for nonsense (it would make every later bar "late"). */
const CLOCK_SKEW_MS = 60_000;

/**
 * Validates a provider's bar and gives it its form on the wire. `latest` = latest open time (epoch ms) that is believable,
 * Infinity where time is simulated.
 */
export function admitBar(
  bar: FeedBar,
  expected: Timeframe,
  source: string,
  backfilled: boolean,
  latest: number,
): BarEvent | Rejection {
  if (bar.timeframe !== expected)
    return { reason: 'timeframe-unexpected', message: `timeframe ${bar.timeframe}, expected ${expected}` };
  const fault = validateBar(bar, expected);
  if (fault) return { reason: fault.code, message: fault.message };
  if (bar.revision !== undefined && !isRevision(bar.revision))
    return { reason: 'revision-invalid', message: `revision ${bar.revision}, expected a whole number from 1` };
  if (bar.openTime > latest) return { reason: 'time-in-future', message: `${bar.openTime} lies in the future` };
  // One shape for every bar, marked or not: whoever reads bars afterwards reads them at one look.
  return {
    symbol: bar.symbol,
    timeframe: bar.timeframe,
    timestamp: bar.openTime,
    open: bar.open,
    high: bar.high,
    low: bar.low,
    close: bar.close,
    volume: bar.volume,
    price: bar.close,
    source,
    isFinal: bar.isFinal,
    backfilled: backfilled || undefined,
    revision: bar.revision,
  };
}

const isRevision = (revision: number): boolean => Number.isSafeInteger(revision) && revision >= 1;

export function isRejection(result: BarEvent | Rejection): result is Rejection {
  return 'reason' in result;
}

/** The latest believable open time of a live bar, epoch ms. */
export function latestOpenTime(now: number, timeframe: Timeframe): number {
  return now + timeframeMs(timeframe) + CLOCK_SKEW_MS;
}
