import { timeframeMs, type Timeframe } from '@wagehood/market';
import { createBarMaker } from '@wagehood/mock-market';
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
  const spanMs = timeframeMs(timeframe);
  const tracks = feeds.map(({ symbol, after }) => ({
    maker: createBarMaker(seed, symbol, timeframe),
    from: after === null || after < start ? start : after + spanMs,
  }));
  const first = Math.min(...tracks.map(({ from }) => from));
  let batch: FeedBar[] = [];
  for (let time = first; time < end && !signal.aborted; time += spanMs) {
    for (const { maker, from } of tracks) {
      if (time < from) continue;
      if (batch.push(maker.final(time)) < BATCH) continue;
      await onBars(batch);
      await yieldTurn();
      if (signal.aborted) return;
      batch = [];
    }
  }
  if (batch.length > 0 && !signal.aborted) await onBars(batch);
}
