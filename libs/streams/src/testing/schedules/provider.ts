import type { BarEvent, ControlDocument } from '@wagehood/contracts';
import { silentLog } from '../../log';
import { PartitionLog } from '../../producer/partition-log';
import { defaultProducerTuning } from '../../producer/producer-tuning';
import { SeriesBook } from '../../producer/series-book';
import type { RedisClient } from '../../redis/connect';
import { numberedBar, revisedBar } from '../bars';
import { FaultyLink } from './faulty-link';

/** The one partition of a schedule. */
export const TAG = 'p0';
const TUNING = { ...defaultProducerTuning, limitBars: 1e9, lingerMs: 0, maxLingerMs: 0, bulkLingerMs: 0 };

/** Where the bars of a schedule come from, with the producer that brings them into the log, and what both know of them. */
export class Provider {
  /** Bars per symbol that the producer was told are in the log. */
  readonly accepted = new Map<string, number>();
  /** The newest revision of every bar that was corrected, by symbol and number. */
  readonly corrected = new Map<string, Map<number, number>>();
  #version = 1;
  readonly #link: FaultyLink;
  readonly #producer: PartitionLog;

  /** @param onLogged something has entered the log */
  constructor(
    client: RedisClient,
    private readonly onLogged: () => Promise<void>,
  ) {
    this.#link = new FaultyLink(client);
    const hooks = { isFull: () => false };
    this.#producer = new PartitionLog(this.#link.link, 0, TAG, TUNING, silentLog, hooks, new SeriesBook(1));
  }

  async append(symbols: readonly string[], sentTwice: boolean): Promise<void> {
    this.#link.fault = sentTwice ? 'twice' : 'none';
    for (const symbol of symbols) {
      const n = (this.accepted.get(symbol) ?? 0) + 1;
      this.accepted.set(symbol, n);
      this.#producer.add(numberedBar(symbol, n));
    }
    await this.#producer.drained();
    await this.onLogged();
  }

  /** Another configuration enters the log. */
  async configure(): Promise<void> {
    this.#version++;
    await this.#appendControl();
    await this.onLogged();
  }

  /**
   * The provider's past of a symbol is on its way into the log, while `meanwhile` bars of it go before. It may end `ahead` bars
   * after what has been offered so far, or before it.
   */
  async warm(symbol: string, meanwhile: number, ahead: number, sentTwice: boolean): Promise<void> {
    const offered = this.accepted.get(symbol) ?? 0;
    const bars = this.#history(symbol, Math.max(1, offered + ahead));
    await this.#appendControl(); // a failover may have taken it
    const last = offered + meanwhile;
    for (let n = offered + 1; n <= last; n++) this.#producer.add(numberedBar(symbol, n));
    this.accepted.set(symbol, last);
    this.#link.fault = sentTwice ? 'twice' : 'none';
    await this.#producer.addWarmup({ symbol, timeframe: '1s', version: this.#version, need: 1, bars });
    await this.#producer.drained();
    await this.onLogged();
  }

  /**
   * The provider corrects the bar that lies `back` bars behind the newest, or says again what it has said of it before (`again`);
   * the correction is on its way into the log while `meanwhile` bars go before.
   */
  async correct(symbol: string, back: number, meanwhile: number, again: boolean, sentTwice: boolean): Promise<void> {
    const offered = this.accepted.get(symbol) ?? 0;
    if (offered === 0) return;
    const n = Math.max(1, offered - back);
    const known = this.corrected.get(symbol)?.get(n) ?? 0;
    const revision = again ? Math.max(1, known - 1) : known + 1;
    const bars = this.#history(symbol, offered).with(n - 1, revisedBar(symbol, n, revision));
    const last = offered + meanwhile;
    for (let next = offered + 1; next <= last; next++) this.#producer.add(numberedBar(symbol, next));
    this.accepted.set(symbol, last);
    this.#note(symbol, n, Math.max(known, revision));
    await this.#correct(symbol, n, revision, bars, sentTwice);
  }

  /** What a failover took is said again. */
  async correctAgain(): Promise<void> {
    for (const [symbol, revisions] of this.corrected)
      for (const [n, revision] of revisions)
        await this.#correct(symbol, n, revision, this.#history(symbol, this.accepted.get(symbol) ?? 0), false);
  }

  async #correct(symbol: string, n: number, revision: number, bars: BarEvent[], sentTwice: boolean): Promise<void> {
    const revisions = [{ timestamp: n * 1_000, revision }];
    this.#link.fault = sentTwice ? 'twice' : 'none';
    await this.#producer.addCorrection({ symbol, timeframe: '1s', need: 0, revisions, bars });
    await this.#producer.drained();
    await this.onLogged();
  }

  #note(symbol: string, n: number, revision: number): void {
    this.corrected.set(symbol, (this.corrected.get(symbol) ?? new Map<number, number>()).set(n, revision));
  }

  /** What the provider has of the past, as it knows it now. */
  #history(symbol: string, last: number): BarEvent[] {
    return Array.from({ length: last }, (_, i) => {
      const revision = this.corrected.get(symbol)?.get(i + 1);
      return revision === undefined ? numberedBar(symbol, i + 1) : revisedBar(symbol, i + 1, revision);
    });
  }

  async #appendControl(): Promise<void> {
    const document = { version: this.#version, settings: {}, updatedAt: 1, updatedBy: 'schedule' };
    await this.#producer.addControl(document as unknown as ControlDocument);
  }

  async close(): Promise<void> {
    await this.#producer.close(0);
  }
}
