import { seriesKey, timeframeMs, type SeriesKey } from '@wagehood/market';
import { createBreaker, rateLimited, type Breaker, type BreakerState, type Logger } from '@wagehood/service';
import type { Feed, Pipeline } from './pipeline';
import type { FeedBar, HistoryRange, Provider } from './providers/provider';

/** Brings the past of feeds into the log before their present. */
export interface Backfill {
  /** Warm-up for a series that is new, the stretch since its last bar for one that is known. Several feeds at once. */
  join(feeds: ReadonlyMap<string, Feed>, signal: AbortSignal): Promise<void>;
  /** What lies between the last bar of a feed and its first live one. */
  fill(feed: Feed, feeds: ReadonlyMap<string, Feed>, before: number): Promise<void>;
  /** Past bars of one symbol through the breaker. */
  fetch(symbol: string, timeframe: Feed['timeframe'], range: HistoryRange): Promise<readonly FeedBar[]>;
  close(): void;
}

export interface BackfillDeps {
  readonly provider: Provider;
  readonly pipeline: Pipeline;
  /** Bars that warm a feed up. */
  readonly warmUpBars: (feed: Feed) => number;
  /** Longest stretch of bars that is asked for at once; what is longer leaves a gap. */
  readonly mostBars: number;
  readonly lastTimes: (series: readonly SeriesKey[]) => Promise<ReadonlyMap<SeriesKey, number>>;
  readonly onGap: (feed: Feed, from: number, to: number) => void;
  readonly onBreaker: (state: BreakerState) => void;
  readonly now: () => number;
  readonly log: Logger;
}

/** Requests for history under way at once. */
const PARALLEL = 8;
const ATTEMPTS = 3;
const HISTORY_TIMEOUT_MS = 30_000;

export function createBackfill(deps: BackfillDeps): Backfill {
  const { provider, pipeline, log } = deps;
  const breaker = historyBreaker(deps);
  const quiet = rateLimited(log); // a provider without history is without it for every symbol

  const bring = async (feed: Feed, feeds: ReadonlyMap<string, Feed>, range: HistoryRange): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        const bars = await breaker.fire(feed.symbol, feed.timeframe, range);
        for (let i = 0; i < bars.length; i += 500) await pipeline.take(provider, feeds, bars.slice(i, i + 500), true);
        return;
      } catch (error) {
        if (attempt < ATTEMPTS) continue;
        quiet.warn('history', 'no history: indicators warm up on live bars', {
          symbol: feed.symbol,
          provider: provider.name,
          error,
        });
        if ('from' in range) deps.onGap(feed, range.from, range.to);
        return;
      }
    }
  };
  const joinOne = async (feed: Feed, feeds: ReadonlyMap<string, Feed>): Promise<void> => {
    if (feed.last === -Infinity) return bring(feed, feeds, { bars: deps.warmUpBars(feed) });
    if (provider.resumes) return;
    const spanMs = timeframeMs(feed.timeframe);
    const from = feed.last + spanMs;
    const to = deps.now();
    if ((to - from) / spanMs <= deps.mostBars) return bring(feed, feeds, { from, to });
    deps.onGap(feed, from, to);
    return bring(feed, feeds, { bars: deps.mostBars });
  };

  return {
    async join(feeds, signal) {
      const all = [...feeds.values()];
      const times = await deps.lastTimes(all.map(({ symbol, timeframe }) => seriesKey(symbol, timeframe)));
      for (const feed of all) {
        feed.last = times.get(seriesKey(feed.symbol, feed.timeframe)) ?? feed.last;
        feed.joining = true;
      }
      const queue = [...all];
      const worker = async () => {
        for (let feed = queue.shift(); feed && !signal.aborted; feed = queue.shift()) await joinOne(feed, feeds);
      };
      await Promise.all(Array.from({ length: PARALLEL }, worker));
    },
    async fill(feed, feeds, before) {
      const spanMs = timeframeMs(feed.timeframe);
      if (provider.resumes || feed.last === -Infinity || before <= feed.last + spanMs) return;
      await bring(feed, feeds, { from: feed.last + spanMs, to: before });
    },
    fetch: (symbol, timeframe, range) => breaker.fire(symbol, timeframe, range),
    close: () => breaker.shutdown(),
  };
}

function historyBreaker({
  provider,
  log,
  onBreaker,
}: BackfillDeps): Breaker<[string, Feed['timeframe'], HistoryRange], FeedBar[]> {
  const collect = async (symbol: string, timeframe: Feed['timeframe'], range: HistoryRange): Promise<FeedBar[]> => {
    const bars: FeedBar[] = [];
    for await (const chunk of provider.history(symbol, timeframe, range)) bars.push(...chunk);
    return bars;
  };
  return createBreaker(collect, {
    name: `${provider.name} history`,
    log,
    timeoutMs: HISTORY_TIMEOUT_MS,
    onState: onBreaker,
  });
}
