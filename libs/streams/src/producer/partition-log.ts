import { setTimeout as delay } from 'node:timers/promises';
import type { BarEvent, ControlDocument, CorrectionEntry, GapEntry, WarmupEntry } from '@wagehood/contracts';
import type { SeriesKey } from '@wagehood/market';
import type { StreamsLog } from '../log';
import { append, type Refusal } from '../protocol/scripts';
import type { RedisLink } from '../redis/connect';
import type { BarEntry } from './bar-entry';
import { LogAudit } from './log-audit';
import { LogWriter } from './log-writer';
import type { ProducerHooks, ProducerOptions, Report } from './producer';
import type { ProducerTuning } from './producer-tuning';
import { Repair } from './repair';
import { ResendRing } from './resend-ring';
import { Runs } from './runs';
import { SendQueue, type BarKind, type Waiting } from './send-queue';
import type { SeriesBook } from './series-book';
import { revisedIn, type CorrectionOutcome, type WarmupOutcome } from './past-entry';
import { PastLog } from './past-log';

export interface PartitionLogHooks extends ProducerHooks {
  readonly refetch?: ProducerOptions['refetch'];
  readonly configuration?: ProducerOptions['configuration'];
  readonly isFull: () => boolean;
}

/** What one append carries. */
interface Parcel {
  readonly kind: BarKind | 'control' | 'gap' | 'system';
  readonly data: string | Buffer;
  /** What the script checks and counts. */
  readonly runs: Runs;
  readonly bars: number;
}

interface AppendOutcome {
  readonly refusals: readonly Refusal[];
  /** An earlier try was never answered. */
  readonly unsure: boolean;
  /** Token of the entry, '' when there is none. */
  readonly token: string;
}

const NONE = Number.NEGATIVE_INFINITY;
const NO_RUNS = new Runs();

/** The way into one partition's log: bars wait in a queue, go in one append at a time, and what Redis refuses or has lost is looked after. */
export class PartitionLog {
  appendedBars = 0;
  readonly #ring: ResendRing;
  readonly #queue: SendQueue;
  readonly #redis: LogWriter;
  readonly #repair: Repair;
  readonly #pasts: PastLog;
  readonly #audit: LogAudit;
  #auditing: Promise<void> | null = null;
  /** Version of the configuration that is in the log. */
  #configured = 0;

  constructor(
    private readonly link: RedisLink,
    private readonly partition: number,
    tag: string,
    private readonly tuning: ProducerTuning,
    log: StreamsLog,
    private readonly hooks: PartitionLogHooks,
    private readonly series: SeriesBook,
  ) {
    this.#ring = new ResendRing(tuning.ringMs, tuning.ringBars);
    this.#queue = new SendQueue(
      tuning,
      (next) => this.#send(next),
      () => series.ofPartition(partition).length,
    );
    this.#audit = new LogAudit(tag);
    this.#redis = new LogWriter(link, partition, tag, tuning, log, hooks);
    this.#repair = new Repair(partition, series, this.#ring, hooks, (gap) => this.#appendGap(gap));
    this.#pasts = new PastLog(partition, this.#redis, this.#ring, tuning, hooks);
  }

  /** Why nothing can be appended at the moment, null when all is well. */
  get blocked(): string | null {
    return this.#redis.blocked;
  }

  get queuedBars(): number {
    return this.#queue.bars;
  }

  get isCrowded(): boolean {
    return this.#queue.isCrowded;
  }

  add(bar: BarEvent, series = this.series.of(bar.symbol, bar.timeframe)): void {
    const { timestamp: time, isFinal } = bar;
    if (time <= series.last) {
      this.hooks.onRefused?.(bar, time === series.last ? 'duplicate' : 'late');
      return;
    }
    this.#queue.addBar(isFinal ? 'bar' : 'forming', series, bar);
    if (isFinal) series.last = time;
  }

  addControl(document: ControlDocument): Promise<void> {
    return this.#queue.aside(() => this.#appendControl(document));
  }

  addReport({ kind, data }: Report): Promise<void> {
    const json = JSON.stringify(kind === 'gap' ? data : [data]);
    return this.#queue.aside(() => this.#appendAside({ kind, data: json, runs: NO_RUNS, bars: 0 }));
  }

  /** Appends the past of a series, brought up to where the log stands when its turn has come. */
  addWarmup(entry: WarmupEntry): Promise<WarmupOutcome> {
    return this.#queue.aside(async () => {
      const outcome = await this.#pasts.append(entry, entry.version, []);
      return outcome === 'forgotten' ? 'apart' : outcome;
    });
  }

  /** Appends a corrected series, brought up to where the log stands when its turn has come. */
  addCorrection(entry: CorrectionEntry): Promise<CorrectionOutcome> {
    return this.#queue.aside(async () => {
      const outcome = await this.#pasts.append(entry, '', revisedIn(entry));
      if (outcome === 'appended' || outcome === 'known')
        this.#ring.correct(entry.bars.filter(({ revision }) => revision));
      return outcome === 'outdated' ? 'apart' : outcome;
    });
  }

  /** Notes that nothing of these series has to see their past under this version. False: another one is in force. */
  markWarm(series: readonly SeriesKey[], version: number): Promise<boolean> {
    return this.#queue.aside(async () => {
      const reply = await this.#pasts.send(version, '', 0, series.map((key) => [key, -1] as const).flat(), []);
      return reply?.status === 'OK';
    });
  }

  /** Sends again what Redis has lost at the end of a series; to be called every few seconds. */
  audit(): Promise<void> {
    this.#auditing ??= this.#queue
      .aside(() => this.#sendLostEnds().catch(() => undefined))
      .finally(() => (this.#auditing = null));
    return this.#auditing;
  }

  /** Resolves when the queue is short enough to take more. */
  room(): Promise<void> {
    return this.#queue.room();
  }

  drained(): Promise<void> {
    return this.#queue.drained();
  }

  async close(graceMs: number): Promise<void> {
    await Promise.race([this.drained(), delay(graceMs, undefined, { ref: false })]);
    this.#redis.closed = true;
    this.#queue.close();
  }

  async #send(next: Waiting): Promise<void> {
    if (next.kind === 'aside') await next.append();
    else {
      for (const entry of next.batch.entries()) await this.#appendBars(next.kind, entry);
      if (next.kind === 'bar' && !this.#redis.closed)
        this.hooks.onSent?.(this.partition, performance.now() - next.openedAt);
    }
    this.#redis.blocked = null; // in the log, or found there: a batch of duplicates is done as well
  }

  /** A version that is refused is in the log already. */
  async #appendControl(document: ControlDocument): Promise<void> {
    const { version } = document;
    const runs = Runs.of('#control', { previous: NONE, first: version, last: version });
    await this.#appendAside({ kind: 'control', data: JSON.stringify(document), runs, bars: 0 });
    if (this.hooks.configuration) this.#configured = version;
  }

  /** Redis has lost what stood before the bars. The configuration may have got another version since, a lower one too. */
  async #configureAgain(): Promise<void> {
    const document = await this.hooks.configuration?.().catch(() => null);
    await (document ? this.#appendControl(document) : this.#redis.wait('unconfigured'));
  }

  async #appendGap(gap: GapEntry): Promise<void> {
    await this.#appendAside({ kind: 'gap', data: JSON.stringify(gap), runs: NO_RUNS, bars: 0 });
  }

  /** What is no bar, and is not asked for again when Redis refuses it. */
  async #appendAside(parcel: Parcel): Promise<void> {
    const startedAt = performance.now();
    const { token } = await this.#append(parcel);
    if (token) this.hooks.onAppended?.(this.partition, 0, token, performance.now() - startedAt);
  }

  async #sendLostEnds(): Promise<void> {
    const lost = await this.#audit.lostEnds(this.link.commands, () => this.series.ofPartition(this.partition));
    if (lost.length === 0) return;
    const queued = this.#queue.seriesKeys;
    const silent = lost.filter(({ series }) => !queued.has(series.key));
    for await (const entry of this.#repair.recallEnds(silent, this.tuning.maxEntryBars))
      await this.#appendBars('bar', entry);
  }

  /** Sends bars until they are in the log; what Redis refuses is taken out, what Redis has lost goes in before. */
  async #appendBars(kind: BarKind, entry: BarEntry): Promise<void> {
    for (let left = entry; left.count > 0 && !this.#redis.closed;) {
      const { text: data, count } = left;
      // A forming bar leaves `last` alone: it may come as often as it likes.
      const parcel = {
        kind,
        data,
        ...(kind === 'bar' ? { runs: left.runs, bars: count } : { runs: NO_RUNS, bars: 0 }),
      };
      const startedAt = performance.now();
      const { refusals, unsure, token } = await this.#append(parcel);
      if (refusals.length > 0) left = await this.#repair.settle(left, refusals, unsure);
      else if (!this.#redis.closed) return this.#accepted(kind, left, token, performance.now() - startedAt);
    }
  }

  /** Sends a parcel until Redis has taken it or has refused some of it. */
  async #append({ kind, data, runs, bars }: Parcel): Promise<AppendOutcome> {
    const { limitBars, limitBarsPerSeries } = this.tuning;
    for (let unsure = false; ;) {
      const needed = kind === 'control' ? 0 : this.#configured;
      const args = [limitBars, kind, data, bars, runs.encode(), needed, limitBarsPerSeries];
      const taken = await this.#redis.untilTaken((commands, keys) => append.run(commands, keys, args));
      const { reply } = taken;
      unsure ||= taken.unsure;
      if (reply?.status === 'REJECTED') return { refusals: reply.refusals, unsure, token: '' };
      if (reply?.status !== 'UNCONFIGURED') {
        if (reply) this.#audit.note(reply.offset, reply.token);
        return { refusals: [], unsure, token: reply?.token ?? '' };
      }
      await this.#configureAgain();
    }
  }

  #accepted(kind: BarKind, entry: BarEntry, token: string, tookMs: number): void {
    if (kind === 'bar') this.#ring.add(entry, performance.now());
    this.appendedBars += entry.count;
    this.hooks.onAppended?.(this.partition, entry.count, token, tookMs);
  }
}
