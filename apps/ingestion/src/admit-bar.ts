import { barEventSlot, type BarEvent } from '@wagehood/contracts';
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
 * Infinity where time is simulated. `into`: where it is put.
 */
export function admitBar(
  bar: FeedBar,
  expected: Timeframe,
  source: string,
  backfilled: boolean,
  latest: number,
  into = barEventSlot(),
): BarEvent | Rejection {
  if (bar.timeframe !== expected)
    return { reason: 'timeframe-unexpected', message: `timeframe ${bar.timeframe}, expected ${expected}` };
  const fault = validateBar(bar, expected);
  if (fault) return { reason: fault.code, message: fault.message };
  if (bar.revision !== undefined && !isRevision(bar.revision))
    return { reason: 'revision-invalid', message: `revision ${bar.revision}, expected a whole number from 1` };
  if (bar.openTime > latest) return { reason: 'time-in-future', message: `${bar.openTime} lies in the future` };
  into.symbol = bar.symbol;
  into.timeframe = bar.timeframe;
  into.timestamp = bar.openTime;
  into.open = bar.open;
  into.high = bar.high;
  into.low = bar.low;
  into.close = bar.close;
  into.volume = bar.volume;
  into.price = bar.close;
  into.source = source;
  into.isFinal = bar.isFinal;
  into.backfilled = backfilled || undefined;
  into.revision = bar.revision;
  return into;
}

const isRevision = (revision: number): boolean => Number.isSafeInteger(revision) && revision >= 1;

export function isRejection(result: BarEvent | Rejection): result is Rejection {
  return 'reason' in result;
}

/** The latest believable open time of a live bar, epoch ms. */
export function latestOpenTime(now: number, timeframe: Timeframe): number {
  return now + timeframeMs(timeframe) + CLOCK_SKEW_MS;
}
