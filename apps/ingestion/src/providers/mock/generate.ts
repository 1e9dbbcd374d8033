import { timeframeMs, type Timeframe } from '@wagehood/market';
import { FinalBars } from '@wagehood/mock-market';
import { yieldTurn } from '../pause';
import type { FeedBar, FeedRequest, OnBars } from '../provider';

/** What is invented: bars with `start` ≤ open time < `end` (epoch ms, aligned). */
export interface Plan {
  readonly seed: number;
  readonly timeframe: Timeframe;
  readonly start: number;
  readonly end: number;
}

const BATCH = 1_000;

/**
 * As fast as the pipeline takes it: all symbols advance together, one time stamp after the other, final bars only.
 * A symbol continues behind its `after`; the whole ends when every symbol has reached the end of the plan.
 */
export async function generate(
  { seed, timeframe, start, end }: Plan,
  feeds: readonly FeedRequest[],
  onBars: OnBars,
  signal: AbortSignal,
): Promise<void> {
  const tracks = feeds.map(({ symbol, after }) => ({
    symbol,
    from: after === null || after < start ? start : after + timeframeMs(timeframe),
  }));
  const bars = new FinalBars(seed, timeframe, tracks, end);
  let batch: FeedBar[] = [];
  for (let bar = bars.next(); bar && !signal.aborted; bar = bars.next()) {
    if (batch.push(bar) < BATCH) continue;
    await onBars(batch);
    await yieldTurn();
    batch = [];
  }
  if (batch.length > 0 && !signal.aborted) await onBars(batch);
}
