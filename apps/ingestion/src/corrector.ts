import type { BarEvent, CorrectionEntry } from '@wagehood/contracts';
import { seriesKey, type SeriesKey } from '@wagehood/market';
import { messageOf, rateLimited, type Logger } from '@wagehood/service';
import type { CorrectionOutcome, Producer } from '@wagehood/streams';
import { setTimeout as delay } from 'node:timers/promises';
import type { IngestionMetrics } from './ingestion-metrics';
import type { Reports } from './reports';

/**
 * Brings corrections of bars that have been accepted into the log: each with its series around it, fetched from the history of its
 * provider. Each log remembers its corrections; what a failover takes back is found missing and sent again.
 */
export interface Corrector {
  /** Takes final bars with a revision; resolves when there is room for more. */
  take(bars: readonly BarEvent[]): Promise<void>;
  /** Looks whether the logs still know the corrections of the last minute; resolves when all that could be done is done. */
  look(): Promise<void>;
  /** Gives those that are on their way a moment. */
  stop(): Promise<void>;
}

export interface CorrectorDeps {
  readonly producer: Pick<Producer, 'appendCorrection' | 'unknownCorrections'>;
  /** Bars of each timeframe that warm everything up. */
  readonly need: () => number;
  /** The series as its provider has it now, from well before this bar on to its last bar; null: not ours any more. */
  readonly past: (bar: BarEvent) => Promise<readonly BarEvent[] | null>;
  readonly metrics: Pick<IngestionMetrics, 'corrections'>;
  readonly reports: Pick<Reports, 'correctionRefused'>;
  readonly log: Logger;
  /** ms of a clock that does not jump. */
  readonly now: () => number;
}

/** Corrections of one series that wait for their turn: by time, the highest revision of each. */
interface Waiting {
  readonly bars: Map<number, BarEvent>;
  readonly attempts: number;
  readonly until: number;
}

const PARALLEL = 4;
/** Corrections that wait before their provider has to. */
const MOST_WAITING = 2_000;
const TICK_MS = 500;
const LOOK_EVERY_MS = 5_000;
/** A failover is over, and what it took has been missed, within this time. */
const REMEMBER_MS = 60_000;
const MOST_REMEMBERED = 10_000;
const RETRY = { firstMs: 1_000, attempts: 7 };
const STOP_PATIENCE_MS = 500;

export function createCorrector(deps: CorrectorDeps): Corrector {
  return new SeriesCorrector(deps);
}

class SeriesCorrector implements Corrector {
  readonly #waiting = new Map<SeriesKey, Waiting>();
  readonly #busy = new Map<SeriesKey, Promise<void>>();
  /** Corrections that are in the log, by series and time, oldest first. */
  readonly #settled = new Map<string, { readonly bar: BarEvent; readonly at: number }>();
  readonly #quiet;
  #timer: NodeJS.Timeout | undefined;
  #lookedAt = 0;
  #stopped = false;

  constructor(private readonly deps: CorrectorDeps) {
    this.#quiet = rateLimited(deps.log);
  }

  async take(bars: readonly BarEvent[]): Promise<void> {
    for (const bar of bars) {
      const known = this.#settled.get(placeOf(bar))?.bar.revision ?? 0;
      if (known >= (bar.revision ?? 0)) this.deps.metrics.corrections.inc({ outcome: 'known' });
      else this.#add(bar);
    }
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    this.#pump();
    while (!this.#stopped && this.#count() > MOST_WAITING) await Promise.race([...this.#busy.values(), delay(TICK_MS)]);
  }

  async look(): Promise<void> {
    this.#lookedAt = this.deps.now();
    for (const [place, { at }] of this.#settled) {
      if (at >= this.#lookedAt - REMEMBER_MS && this.#settled.size <= MOST_REMEMBERED) break;
      this.#settled.delete(place);
    }
    const bars = [...this.#settled.values()].map(({ bar }) => bar);
    for (const bar of bars.length > 0 ? await this.deps.producer.unknownCorrections(bars) : []) {
      this.#settled.delete(placeOf(bar));
      this.#add(bar);
    }
    this.#pump();
    await this.#idle();
  }

  async stop(): Promise<void> {
    await Promise.race([this.#idle(), delay(STOP_PATIENCE_MS, undefined, { ref: false })]);
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  async #idle(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all(this.#busy.values());
  }

  #tick(): void {
    this.#pump();
    if (this.deps.now() - this.#lookedAt < LOOK_EVERY_MS) return;
    void this.look().catch((error: unknown) => this.deps.log.debug('corrections: could not look', { error }));
  }

  #count(): number {
    let count = 0;
    for (const { bars } of this.#waiting.values()) count += bars.size;
    return count;
  }

  #add(bar: BarEvent, attempts = 0, until = 0): void {
    const key = seriesKey(bar.symbol, bar.timeframe);
    const { bars } = this.#waiting.get(key) ?? { bars: new Map<number, BarEvent>() };
    const known = bars.get(bar.timestamp);
    if ((known?.revision ?? 0) < (bar.revision ?? 0)) bars.set(bar.timestamp, bar);
    this.#waiting.set(key, { bars, attempts, until });
  }

  /** All that waits of one series goes together, and one after the other. */
  #pump(): void {
    for (const [key, { bars, attempts, until }] of this.#waiting) {
      if (this.#stopped || this.#busy.size >= PARALLEL) return;
      if (this.#busy.has(key) || until > this.deps.now()) continue;
      this.#waiting.delete(key);
      const revised = [...bars.values()].sort((a, b) => a.timestamp - b.timestamp);
      const done = this.#correct(revised, attempts).finally(() => {
        this.#busy.delete(key);
        this.#pump();
      });
      this.#busy.set(key, done);
    }
  }

  async #correct(revised: readonly BarEvent[], attempts: number): Promise<void> {
    const [oldest] = revised as [BarEvent];
    try {
      const past = await this.deps.past(oldest);
      if (past === null) return; // whoever feeds it by now hears of it from the provider
      const begins = past[0]?.timestamp ?? Number.POSITIVE_INFINITY;
      if (begins > oldest.timestamp) return this.#refuse(revised, 'the history of its provider does not reach it');
      const outcome = await this.deps.producer.appendCorrection(this.#entryOf(revised, past));
      this.#settle(revised, outcome, attempts);
    } catch (error) {
      this.#tryAgain(revised, attempts, messageOf(error));
    }
  }

  #settle(revised: readonly BarEvent[], outcome: CorrectionOutcome, attempts: number): void {
    if (outcome === 'forgotten') return this.#refuse(revised, 'too many later bars have been corrected before it');
    if (outcome === 'apart') return this.#tryAgain(revised, attempts, 'history does not reach the last bar of the log');
    this.deps.metrics.corrections.inc({ outcome }, revised.length);
    for (const bar of revised) {
      this.#settled.delete(placeOf(bar));
      this.#settled.set(placeOf(bar), { bar, at: this.deps.now() });
    }
  }

  /** The past with everything that is known to be corrected in it, whether or not the history of the provider says so. */
  #entryOf(revised: readonly BarEvent[], past: readonly BarEvent[]): CorrectionEntry {
    const [{ symbol, timeframe }] = revised as [BarEvent];
    const bars = new Map(past.map((bar) => [bar.timestamp, bar]));
    const settled = [...this.#settled.values()].map(({ bar }) => bar);
    const ours = settled.filter(
      (bar) => bar.symbol === symbol && bar.timeframe === timeframe && bars.has(bar.timestamp),
    );
    for (const bar of [...ours, ...revised])
      if ((bars.get(bar.timestamp)?.revision ?? 0) <= (bar.revision ?? 0)) bars.set(bar.timestamp, bar);
    return {
      ...{ symbol, timeframe, need: this.deps.need() },
      revisions: revised.map(({ timestamp, revision = 1 }) => ({ timestamp, revision })),
      bars: [...bars.values()].sort((a, b) => a.timestamp - b.timestamp),
    };
  }

  /** The oldest one cannot be had any more; the others are tried without it. */
  #refuse([oldest, ...others]: readonly BarEvent[], why: string): void {
    if (!oldest) return;
    const { symbol, timeframe, timestamp, revision } = oldest;
    this.deps.metrics.corrections.inc({ outcome: 'refused' });
    this.#quiet.warn('refused', `correction refused: ${why}`, { symbol, timeframe, timestamp, revision });
    this.deps.reports.correctionRefused(oldest, why);
    for (const bar of others) this.#add(bar);
  }

  #tryAgain(revised: readonly BarEvent[], attempts: number, why: string): void {
    if (this.#stopped) return;
    if (attempts >= RETRY.attempts) return this.#refuse(revised, why);
    const waitMs = RETRY.firstMs * 2 ** attempts;
    const { symbol, timeframe } = revised[0] as BarEvent;
    this.#quiet.warn('again', 'correction failed; trying again', { symbol, timeframe, reason: why, waitMs });
    for (const bar of revised) this.#add(bar, attempts + 1, this.deps.now() + waitMs);
  }
}

const placeOf = ({ symbol, timeframe, timestamp }: BarEvent): string => `${symbol}|${timeframe} ${timestamp}`;
