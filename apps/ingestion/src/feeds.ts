import { setTimeout as delay } from 'node:timers/promises';
import type { Catalogs } from '@wagehood/config';
import type { BarEvent, ControlDocument } from '@wagehood/contracts';
import { timeframeMs, type SeriesKey, type Timeframe } from '@wagehood/market';
import { backoffMs, messageOf, rateLimited, type Logger, type PartState } from '@wagehood/service';
import type { Producer } from '@wagehood/streams';
import { admitBar, isRejection } from './admit-bar';
import { createBackfill, type Backfill } from './backfill';
import { patienceMs, startFeedGroup, type FeedGroup } from './feed-group';
import type { IngestionMetrics } from './ingestion-metrics';
import { groupBy, partition } from './lists';
import type { Feed, Pipeline } from './pipeline';
import type { ProviderPool } from './provider-pool';
import type { Provider } from './providers/provider';
import { reachBack } from './reach-back';
import type { Reports } from './reports';
import { barsBeforeCorrection, barsToWarmUp, feedBarsToWarmUp, longestOf } from './warmup';
import { feedChanges, wantedFeeds, type WantedFeed } from './wanted-feeds';

export interface FeedsDeps {
  readonly producer: Pick<Producer, 'owns' | 'lastTimes'>;
  readonly pool: ProviderPool;
  readonly pipeline: Pipeline;
  readonly metrics: IngestionMetrics;
  readonly reports: Pick<Reports, 'gap' | 'historyBroken'>;
  readonly catalogs: Catalogs;
  /** Bars of history per symbol; null = what the indicators and strategies of the settings need. */
  readonly historyBars: number | null;
  /** Bars of history per symbol at most. */
  readonly mostHistoryBars: number;
  readonly now: () => number;
  readonly log: Logger;
}

/** Keeps exactly the wanted symbols subscribed while settings and ownership change. */
export interface Feeds {
  /** Adopts settings; resolves when the subscriptions have changed accordingly. */
  apply(document: ControlDocument): Promise<void>;
  /** Looks again which symbols are ours; resolves when the subscriptions have changed accordingly. */
  reassign(): Promise<void>;
  /** Bars of a series with `from` ≤ open time < `to` from its provider's history, for a producer that has to repair its log. */
  refetch(symbol: string, timeframe: Timeframe, from: number, to: number): Promise<readonly BarEvent[]>;
  /** What its provider's history has of a series up to the bar that opens at `last`, to warm everything up; null: not ours. */
  past(symbol: string, timeframe: Timeframe, last: number): Promise<readonly BarEvent[] | null>;
  /** What it has of a series from well before a corrected bar on, up to the last bar that was offered; null: not ours. */
  pastOfCorrection(symbol: string, timeframe: Timeframe, from: number): Promise<readonly BarEvent[] | null>;
  /** Bars of each timeframe that warm everything up: in a past as many as are wanted, before a correction as the settings need. */
  readonly need: { readonly warmup: number; readonly correction: number };
  state(): PartState;
  groups(): readonly FeedGroup[];
  /** How long the feed may be silent, ms. */
  patienceMs(feed: Feed): number;
  stop(): Promise<void>;
}

export function createFeeds(deps: FeedsDeps): Feeds {
  return new FeedTable(deps);
}

const STOP_PATIENCE_MS = 1_000;
const RETRY = { minMs: 500, maxMs: 30_000 };

class FeedTable implements Feeds {
  #document: ControlDocument | null = null;
  #groups: FeedGroup[] = [];
  readonly #names = new Map<Provider, string>();
  readonly #backfills = new Map<Provider, Backfill>();
  readonly #timeframes = new Map<string, readonly Timeframe[]>();
  #problems = new Map<string, string>();
  #settling: Promise<void> = Promise.resolve();
  #retryTimer: NodeJS.Timeout | undefined;
  /** Failed attempts in a row to ask a provider about its symbols. */
  #failures = 0;
  readonly #reportedUnknown = new Set<string>();
  #warmUp = 0;
  #settingsNeed = 0;
  #stopped = false;

  constructor(private readonly deps: FeedsDeps) {}

  apply(document: ControlDocument): Promise<void> {
    this.#document = document;
    this.#settingsNeed = barsToWarmUp(document.settings, this.deps.catalogs);
    this.#warmUp = this.deps.historyBars ?? this.#settingsNeed;
    return this.#reconcile();
  }

  reassign(): Promise<void> {
    return this.#reconcile();
  }

  get need(): Feeds['need'] {
    return { warmup: this.#warmUp, correction: this.#settingsNeed };
  }

  async refetch(symbol: string, timeframe: Timeframe, from: number, to: number): Promise<readonly BarEvent[]> {
    const group = this.#groups.find(({ feeds }) => feeds.has(symbol));
    if (!group) return [];
    const earliest = to - this.deps.mostHistoryBars * timeframeMs(timeframe);
    const range = { from: Math.max(from, earliest), to };
    const bars = await this.#backfillOf(group.provider).fetch(symbol, timeframe, range);
    const events = bars.map((bar) => admitBar(bar, timeframe, group.provider.name, true, Infinity));
    return events.filter((event): event is BarEvent => !isRejection(event));
  }

  past(symbol: string, timeframe: Timeframe, last: number): Promise<readonly BarEvent[] | null> {
    return this.#past(symbol, timeframe, last, last, this.#feedBarsToWarmUp({ symbol, timeframe }));
  }

  async pastOfCorrection(symbol: string, timeframe: Timeframe, from: number): Promise<readonly BarEvent[] | null> {
    const last = Math.max(from, this.#groups.find(({ feeds }) => feeds.has(symbol))?.feeds.get(symbol)?.last ?? 0);
    const timeframes = this.#timeframes.get(symbol) ?? [];
    const count = barsBeforeCorrection(from, last, this.#settingsNeed, timeframe, timeframes);
    return this.#past(symbol, timeframe, last, from, count);
  }

  /** Up to the bar that opens at `last`, with `count` bars before `since`. Null: not ours (any longer). */
  async #past(symbol: string, timeframe: Timeframe, last: number, since: number, count: number) {
    const longest = longestOf(timeframe, this.#timeframes.get(symbol) ?? []);
    const to = last + timeframeMs(timeframe);
    const bars = await reachBack({ timeframe, since, count, longest }, (from) =>
      this.refetch(symbol, timeframe, from, to),
    );
    return this.#groups.some(({ feeds }) => feeds.has(symbol)) ? bars : null;
  }

  groups(): readonly FeedGroup[] {
    return this.#groups;
  }

  patienceMs(feed: Feed): number {
    return patienceMs(feed, this.#updateIntervalMs());
  }

  state(): PartState {
    if (!this.#document)
      return { ok: false, detail: 'waiting for the configuration (the api writes it when it starts)' };
    const lost = this.#groups.flatMap(({ provider, problem }) => (problem ? [`${provider.name}: ${problem}`] : []));
    const problems = [...new Set([...this.#problems.values(), ...lost])];
    if (problems.length > 0) return { ok: false, detail: problems.slice(0, 5).join('; ') };
    const count = (state: string) =>
      this.#groups.filter((group) => group.state === state).reduce((sum, { feeds }) => sum + feeds.size, 0);
    return {
      ok: true,
      detail: `${count('live')} symbols live, ${count('joining')} joining, ${count('ended')} at their end`,
    };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retryTimer);
    const stopped = this.#settling.then(() => Promise.all(this.#groups.map((group) => group.stop())));
    // A group that waits for room in the log is let go by the producer, which stops after us.
    await Promise.race([stopped, delay(STOP_PATIENCE_MS, undefined, { ref: false })]);
    for (const backfill of this.#backfills.values()) backfill.close();
    await this.deps.pool.close();
  }

  /** One change at a time; a change asked for in the meantime finds the newest settings. */
  #reconcile(): Promise<void> {
    const settle = async (): Promise<void> => {
      if (this.#stopped || !this.#document) return;
      const wanted = wantedFeeds(this.#document.settings, this.deps.producer.owns);
      const { leave, begin } = feedChanges(this.#fed(), wanted);
      for (const { symbol, timeframes } of wanted) this.#timeframes.set(symbol, timeframes);
      await this.#leave(new Set(leave));
      await this.#begin(begin);
      this.deps.metrics.symbols.set(this.#groups.reduce((sum, { feeds }) => sum + feeds.size, 0));
    };
    this.#settling = this.#settling.then(settle).catch((error: unknown) => {
      this.deps.log.error('symbols could not be changed', { error });
    });
    return this.#settling;
  }

  /** Symbols with their provider; one that was made for another update interval matches no wanted feed. */
  #fed() {
    return this.#groups.flatMap(({ provider, feeds }) => {
      const name = this.#names.get(provider) ?? provider.name;
      const isCurrent = this.deps.pool.get(name, this.#updateIntervalMs()) === provider;
      return [...feeds.keys()].map((symbol) => ({ symbol, providerName: isCurrent ? name : '' }));
    });
  }

  /** A group that loses a symbol ends; what remains of it goes on in a new one, joined as after any interruption. */
  async #leave(symbols: ReadonlySet<string>): Promise<void> {
    if (symbols.size === 0) return;
    const [broken, whole] = partition(this.#groups, ({ feeds }) =>
      [...feeds.keys()].some((symbol) => symbols.has(symbol)),
    );
    this.#groups = whole;
    for (const group of broken) {
      await group.stop();
      const rest = new Map([...group.feeds].filter(([symbol]) => !symbols.has(symbol)));
      if (rest.size > 0) this.#start(group.provider, rest);
    }
    this.deps.log.info('symbols left', { symbols: [...symbols].slice(0, 20), symbolCount: symbols.size });
  }

  async #begin(wanted: readonly WantedFeed[]): Promise<void> {
    this.#problems = new Map();
    for (const [name, feeds] of groupBy(wanted, ({ providerName }) => providerName)) {
      const provider = this.deps.pool.get(name, this.#updateIntervalMs());
      if (provider) {
        this.#names.set(provider, name);
        await this.#subscribe(provider, feeds);
      } else this.#problem(name, `provider '${name}' is not known; there are ${this.deps.pool.names.join(', ')}`);
    }
  }

  async #subscribe(provider: Provider, wanted: readonly WantedFeed[]): Promise<void> {
    const feeds = new Map<string, Feed>();
    const unknown: string[] = [];
    try {
      for (const { symbol } of wanted) {
        const timeframe = await provider.feedTimeframe(symbol);
        if (timeframe === null) unknown.push(symbol);
        else feeds.set(symbol, { symbol, timeframe, last: -Infinity, joining: true, heardAt: performance.now() });
      }
      this.#failures = 0;
    } catch (error) {
      this.#problem(provider.name, messageOf(error));
      this.#retrySoon();
      return;
    }
    this.#reportUnknown(provider, unknown);
    if (feeds.size > 0) this.#start(provider, feeds);
  }

  #reportUnknown({ name }: Provider, symbols: readonly string[]): void {
    const fresh = symbols.filter((symbol) => !this.#reportedUnknown.has(`${name} ${symbol}`));
    if (fresh.length === 0) return;
    for (const symbol of fresh) this.#reportedUnknown.add(`${name} ${symbol}`);
    const shown = fresh.slice(0, 20);
    this.deps.log.warn(`provider ${name} does not know ${shown.join(', ')}: no bars of it will come`, {
      symbols: shown,
      symbolCount: fresh.length,
    });
  }

  #start(provider: Provider, feeds: ReadonlyMap<string, Feed>): void {
    const { pipeline, metrics, log } = this.deps;
    const backfill = this.#backfillOf(provider);
    const onReconnect = (name: string) => metrics.reconnects.inc({ provider: name });
    this.#groups.push(startFeedGroup(feeds, { provider, pipeline, backfill, onReconnect, log }));
  }

  #backfillOf(provider: Provider): Backfill {
    const known = this.#backfills.get(provider);
    if (known) return known;
    const { pipeline, producer, mostHistoryBars: mostBars, now, log, metrics, reports } = this.deps;
    const quiet = rateLimited(log);
    let broken = false;
    const backfill = createBackfill({
      provider,
      pipeline,
      warmUpBars: (feed) => this.#feedBarsToWarmUp(feed),
      mostBars,
      lastTimes: (series: readonly SeriesKey[]) => producer.lastTimes(series),
      onGap: ({ symbol, timeframe }, from, to) => {
        metrics.gaps.inc();
        quiet.warn('gap', 'gap: bars are missing that cannot be had', { symbol, timeframe, from, to });
        reports.gap({ symbol, timeframe, from, to, reason: `${provider.name} has no history of them` });
      },
      onBreaker: (state) => {
        metrics.historyBreakerOpen.set({ provider: provider.name }, state === 'open' ? 1 : 0);
        // Between two attempts it is half open: that is no news.
        if (state === 'open' && !broken) reports.historyBroken(provider.name);
        if (state !== 'half-open') broken = state === 'open';
      },
      now,
      log,
    });
    this.#backfills.set(provider, backfill);
    return backfill;
  }

  #feedBarsToWarmUp({ symbol, timeframe }: Pick<Feed, 'symbol' | 'timeframe'>): number {
    const timeframes = this.#timeframes.get(symbol) ?? [];
    return feedBarsToWarmUp(this.#warmUp, timeframe, timeframes, this.deps.mostHistoryBars);
  }

  #problem(key: string, text: string): void {
    this.#problems.set(key, text);
    this.deps.log.error(text);
  }

  #retrySoon(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => void this.reassign(), backoffMs(this.#failures++, RETRY));
  }

  #updateIntervalMs(): number {
    return (this.#document?.settings.system.data_update_interval_seconds ?? 1) * 1000;
  }
}
