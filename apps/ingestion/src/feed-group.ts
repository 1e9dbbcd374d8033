import { timeframeMs } from '@wagehood/market';
import { createBackoff, messageOf, type Logger } from '@wagehood/service';
import { Succession } from '@wagehood/streams';
import type { Backfill } from './backfill';
import type { Feed, Pipeline } from './pipeline';
import type { FeedBar, Provider } from './providers/provider';

/**
 * The life of one subscription:
 *
 *   joining ──history is in──► live ──data ends──► ended
 *      ▲                        │
 *      └──backoff── lost ◄──────┘          stop() leads out of every state
 */
export type GroupState = 'joining' | 'live' | 'lost' | 'ended';

/** Symbols of one provider under one subscription. */
export interface FeedGroup {
  readonly provider: Provider;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly state: GroupState;
  /** Why the provider was lost, while it is. */
  readonly problem: string | null;
  /** True while a bar waits for room in the log: silence is then not the provider's fault. */
  readonly isHeldBack: boolean;
  /** Ends the subscription; resolves when no further bar can come. */
  stop(): Promise<void>;
}

export interface FeedGroupDeps {
  readonly provider: Provider;
  readonly pipeline: Pipeline;
  readonly backfill: Backfill;
  readonly onReconnect: (provider: string) => void;
  readonly log: Logger;
}

export function startFeedGroup(feeds: ReadonlyMap<string, Feed>, deps: FeedGroupDeps): FeedGroup {
  const { provider, log } = deps;
  const abort = new AbortController();
  const view: { state: GroupState; problem: string | null; isHeldBack: boolean } = {
    state: 'joining',
    problem: null,
    isHeldBack: false,
  };
  const connect = async (): Promise<void> => {
    view.state = 'joining';
    await deps.backfill.join(feeds, abort.signal);
    if (abort.signal.aborted) return;
    view.state = 'live';
    view.problem = null;
    const requests = [...feeds.values()].map(({ symbol, timeframe, last }) => ({
      ...{ symbol, timeframe, after: last === -Infinity ? null : last },
    }));
    log.info('live', {
      provider: provider.name,
      symbols: requests.slice(0, 10).map(({ symbol }) => symbol),
      symbolCount: requests.length,
    });
    const onBars = liveBars(feeds, deps, abort.signal, (held) => (view.isHeldBack = held));
    await provider.subscribe(requests, onBars, abort.signal);
    if (abort.signal.aborted) return;
    view.state = 'ended';
    log.info('end of data: the provider has no more bars; staying up', {
      provider: provider.name,
      symbolCount: feeds.size,
    });
  };
  const run = async (): Promise<void> => {
    const backoff = createBackoff({ minMs: 250, maxMs: 30_000 });
    while (!abort.signal.aborted && view.state !== 'ended') {
      const startedAt = performance.now();
      try {
        await connect();
      } catch (error) {
        if (performance.now() - startedAt > 60_000) backoff.reset();
        view.state = 'lost';
        view.problem = messageOf(error);
        log.warn('provider lost; connecting again', {
          provider: provider.name,
          reason: view.problem,
          attempt: backoff.attempts + 1,
        });
        deps.onReconnect(provider.name);
        await backoff.wait(abort.signal).catch(() => undefined);
      }
    }
  };
  const done = run();
  return {
    provider,
    feeds,
    get state() {
      return view.state;
    },
    get problem() {
      return view.problem;
    },
    get isHeldBack() {
      return view.isHeldBack;
    },
    async stop() {
      abort.abort();
      await done;
    },
  };
}

/** Live bars on their way into the pipeline; in front of the first one of a feed goes what history lacks up to it. */
function liveBars(
  feeds: ReadonlyMap<string, Feed>,
  { provider, pipeline, backfill }: FeedGroupDeps,
  signal: AbortSignal,
  held: (isHeld: boolean) => void,
) {
  const bySymbol = new Succession(feeds);
  let joining = true;
  const fillBefore = async (bars: readonly FeedBar[]): Promise<void> => {
    for (const { symbol, openTime, isFinal } of bars) {
      const feed = feeds.get(symbol);
      if (!feed?.joining || !isFinal || openTime <= feed.last) continue;
      await backfill.fill(feed, feeds, openTime);
      feed.joining = false;
    }
    joining = [...feeds.values()].some((feed) => feed.joining);
  };
  return async (bars: readonly FeedBar[]): Promise<void> => {
    if (signal.aborted) return;
    held(true);
    try {
      if (joining) await fillBefore(bars);
      await pipeline.take(provider, bySymbol, bars, false);
    } finally {
      held(false);
    }
  };
}

/** How long a feed may be silent before it counts as stale, ms. */
export function patienceMs({ timeframe }: Feed, updateIntervalMs: number): number {
  return 3 * Math.max(timeframeMs(timeframe), updateIntervalMs) + 5_000;
}
