import type { BarEvent, ControlDocument } from '@wagehood/contracts';
import { seriesKey, type Timeframe } from '@wagehood/market';
import { rateLimited, type Logger } from '@wagehood/service';
import type { Producer, SeriesStanding } from '@wagehood/streams';
import { addsTo } from './additions';
import type { IngestionMetrics } from './ingestion-metrics';

/** A feed of ours. */
export interface FedSeries {
  readonly symbol: string;
  readonly timeframe: Timeframe;
}

/**
 * Gives what is added to the configuration in mid-stream (an indicator, a strategy, a timeframe) its past. Each log notes under
 * which version a series has been seen to; whatever dies or is rolled back, the next look finds what is not noted.
 */
export interface Warmer {
  /** A configuration is in the logs. */
  follow(document: ControlDocument): void;
  /** Looks for series that lack their past; resolves when all that could be done is done. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export interface WarmerDeps {
  readonly producer: Pick<Producer, 'standings' | 'appendWarmup' | 'markWarm' | 'appendControl' | 'untilRead'>;
  readonly fed: () => readonly FedSeries[];
  /** Bars of each timeframe that warm everything up. */
  readonly need: () => number;
  /** Final bars of a series up to the one that opens at `last`, oldest first, from its provider's history; null: not ours. */
  readonly past: (series: FedSeries, last: number) => Promise<readonly BarEvent[] | null>;
  readonly metrics: Pick<IngestionMetrics, 'warmups'>;
  readonly log: Logger;
  /** ms of a clock that does not jump. */
  readonly now: () => number;
}

/** Warm-ups under way at once, until they have been read: live bars wait behind each. */
const PARALLEL = 8;
const LOOK_EVERY_MS = 15_000;
const RETRY = { firstMs: 5_000, mostMs: 600_000 };

/** It stands under this configuration and has not been seen to. */
const isUnseen = (standing: SeriesStanding | undefined, { version }: ControlDocument): standing is SeriesStanding =>
  standing?.control === version && standing.warm !== version;

export function createWarmer(deps: WarmerDeps): Warmer {
  return new SeriesWarmer(deps);
}

class SeriesWarmer implements Warmer {
  #document: ControlDocument | null = null;
  #previous: ControlDocument | null = null;
  readonly #failed = new Map<string, { readonly version: number; readonly waitMs: number; readonly until: number }>();
  #looking: Promise<void> = Promise.resolve();
  #waiting = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #quiet;

  constructor(private readonly deps: WarmerDeps) {
    this.#quiet = rateLimited(deps.log, { now: deps.now });
  }

  follow(document: ControlDocument): void {
    if (document.version !== this.#document?.version) this.#previous = this.#document;
    this.#document = document;
    this.#timer ??= setInterval(() => void this.look(), LOOK_EVERY_MS);
    void this.look();
  }

  /** One look at a time; those who ask meanwhile share the next one. */
  look(): Promise<void> {
    if (this.#waiting) return this.#looking;
    this.#waiting = true;
    this.#looking = this.#looking.then(async () => {
      this.#waiting = false;
      await this.#look().catch((error: unknown) => this.deps.log.debug('warm-up: could not look', { error }));
    });
    return this.#looking;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const document = this.#document;
    if (!document || this.#stopped) return;
    const fed = this.deps.fed();
    const standings = await this.#standings(fed, document);
    const [cold, warm] = [[] as FedSeries[], [] as string[]];
    for (const series of fed) {
      const key = seriesKey(series.symbol, series.timeframe);
      const standing = standings.get(key);
      if (!isUnseen(standing, document)) continue;
      if (standing.last === null || this.deps.need() === 0 || this.#lacksNothing(series, standing, document))
        warm.push(key);
      else if (!this.#isPutOff(key, document)) cold.push(series);
    }
    if (warm.length > 0) await this.deps.producer.markWarm(warm, document.version);
    const worker = async (): Promise<void> => {
      for (let next = cold.shift(); next && this.#isCurrent(document); next = cold.shift())
        await this.#warm(next, document);
    };
    await Promise.all(Array.from({ length: PARALLEL }, worker));
  }

  /** A log that has lost the configuration in a failover gets it again. */
  async #standings(fed: readonly FedSeries[], document: ControlDocument): Promise<Map<string, SeriesStanding>> {
    const keys = fed.map(({ symbol, timeframe }) => seriesKey(symbol, timeframe));
    const standings = await this.deps.producer.standings(keys);
    if (![...standings.values()].some(({ control }) => control < document.version)) return standings;
    await this.deps.producer.appendControl(document);
    return this.deps.producer.standings(keys);
  }

  /** It has been seen to under the version before this one, and this one adds nothing. */
  #lacksNothing({ symbol }: FedSeries, { warm }: SeriesStanding, { version, settings }: ControlDocument): boolean {
    const before = this.#previous;
    return before?.version === version - 1 && warm === before.version && !addsTo(symbol, before.settings, settings);
  }

  /** Asks where the series stands now: when its turn has come, thousands may have been before it. Resolves when its past has been read. */
  async #warm(series: FedSeries, document: ControlDocument): Promise<void> {
    const { producer, past, need, metrics } = this.deps;
    const { version } = document;
    const { symbol, timeframe } = series;
    const key = seriesKey(symbol, timeframe);
    try {
      const standing = (await producer.standings([key])).get(key);
      if (!isUnseen(standing, document) || standing.last === null) return;
      const bars = await past(series, standing.last);
      if (bars === null || !this.#isCurrent(document)) return;
      if (bars.length === 0) {
        this.#quiet.info('none', 'no past to be had: what was added warms up on live bars', { symbol, timeframe });
        return await producer.markWarm([key], version);
      }
      const outcome = await producer.appendWarmup({ symbol, timeframe, version, need: need(), bars: [...bars] });
      metrics.warmups.inc({ outcome });
      if (outcome === 'apart') throw new Error('history does not reach the last bar of the log');
      this.#failed.delete(key);
      await producer.untilRead(symbol, () => this.#isCurrent(document));
    } catch (error) {
      if (this.#stopped) return;
      const waitMs = this.#putOff(key, version);
      this.#quiet.warn('failed', 'warm-up failed; trying again', { symbol, timeframe, error, waitMs });
    }
  }

  #isCurrent({ version }: ControlDocument): boolean {
    return !this.#stopped && this.#document?.version === version;
  }

  #isPutOff(key: string, { version }: ControlDocument): boolean {
    const failed = this.#failed.get(key);
    return failed?.version === version && this.deps.now() < failed.until;
  }

  #putOff(key: string, version: number): number {
    const before = this.#failed.get(key);
    const waitMs = before?.version === version ? Math.min(RETRY.mostMs, 2 * before.waitMs) : RETRY.firstMs;
    this.#failed.set(key, { version, waitMs, until: this.deps.now() + waitMs });
    return waitMs;
  }
}
