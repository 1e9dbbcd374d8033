import { barEventSlot, type BarEvent } from '@wagehood/contracts';
import type { Timeframe } from '@wagehood/market';
import { rateLimited, type Logger } from '@wagehood/service';
import type { Producer } from '@wagehood/streams';
import { admitBar, isRejection, latestOpenTime } from './admit-bar';
import type { Corrector } from './corrector';
import type { IngestionMetrics } from './ingestion-metrics';
import type { FeedBar, Provider } from './providers/provider';

/** Where bars of one symbol come from and how far they have come. Owned by a feed group. */
export interface Feed {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Open time (epoch ms) of the last final bar that was offered or is stored, −Infinity before the first: null would make objects of the others. */
  last: number;
  /** True from history until the first live bar: what overlaps is dropped quietly, what lacks in between is asked for. */
  joining: boolean;
  /** When its provider last said something, ms of the monotonic clock. */
  heardAt: number;
}

/** Feeds by symbol. */
export type FeedsBySymbol = Pick<ReadonlyMap<string, Feed>, 'get'>;

/** The one way that every bar takes: validate → normalise → sequence → offer. Corrections leave it for the corrector. */
export interface Pipeline {
  /** Resolves when there is room for more. */
  take(provider: Provider, feeds: FeedsBySymbol, bars: readonly FeedBar[], past: boolean): Promise<void>;
}

export interface PipelineDeps {
  readonly producer: Pick<Producer, 'offer'>;
  readonly corrector: Pick<Corrector, 'take'>;
  readonly metrics: Pick<IngestionMetrics, 'bars' | 'rejected'>;
  readonly log: Logger;
  /** Epoch ms. */
  readonly now: () => number;
}

export function createPipeline({ producer, corrector, metrics, log, now }: PipelineDeps): Pipeline {
  const quietly = rateLimited(log);
  const place = barEventSlot();
  /** The bars that go into the log, each in the same place: it is good until the next one is asked for. */
  function* admitted(
    provider: Provider,
    feeds: FeedsBySymbol,
    bars: readonly FeedBar[],
    past: boolean,
    corrections: BarEvent[],
  ): Generator<BarEvent, void> {
    const time = now();
    const heardAt = performance.now();
    for (const bar of bars) {
      const feed = feeds.get(bar.symbol);
      if (!feed) continue; // no longer wanted
      feed.heardAt = heardAt;
      const latest = provider.resumes ? Infinity : latestOpenTime(time, feed.timeframe);
      const event = admitBar(bar, feed.timeframe, provider.name, past, latest, place);
      if (isRejection(event)) {
        metrics.rejected.inc({ reason: event.reason });
        quietly.warn(event.reason, `bar rejected: ${event.message}`, { symbol: bar.symbol, provider: provider.name });
      } else if (follows(feed, event)) yield event;
      else if (event.revision !== undefined && event.isFinal && !past) corrections.push({ ...event });
    }
  }
  return {
    async take(provider, feeds, bars, past) {
      const corrections: BarEvent[] = [];
      const kind = past ? 'history' : 'live';
      const offered = await producer.offer(admitted(provider, feeds, bars, past, corrections));
      metrics.bars.inc({ provider: provider.name, kind }, offered);
      if (corrections.length > 0) await corrector.take(corrections);
    },
  };
}

/**
 * Sequences: false for what history has already brought, for a correction and for a forming bar that is out of date. A bar that
 * goes back in time for no such reason passes: the producer refuses and counts it.
 */
function follows(feed: Feed, { timestamp, isFinal, revision }: BarEvent): boolean {
  if (timestamp <= feed.last) return isFinal && !feed.joining && revision === undefined;
  if (isFinal) feed.last = timestamp;
  return true;
}
