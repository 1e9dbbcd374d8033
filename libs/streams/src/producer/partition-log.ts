import { setTimeout as delay } from 'node:timers/promises';
import type { BarEvent, ControlDocument, CorrectionEntry, GapEntry, WarmupEntry } from '@wagehood/contracts';
import type { SeriesKey } from '@wagehood/market';
import type { StreamsLog } from '../log';
import { append, type Refusal } from '../protocol/scripts';
import type { RedisLink } from '../redis/connect';
import { BarBatch } from './bar-batch';
import { LogAudit } from './log-audit';
import { LogWriter } from './log-writer';
import type { ProducerHooks, ProducerOptions, ProducerTuning, Report } from './producer';
import { Repair } from './repair';
import { ResendRing } from './resend-ring';
import { Runs } from './runs';
import { SeriesBook } from './series-book';
import { revisedIn, type CorrectionOutcome, type WarmupOutcome } from './past-entry';
import { PastLog } from './past-log';

export interface PartitionLogHooks extends ProducerHooks {
  readonly refetch?: ProducerOptions['refetch'];
  readonly configuration?: ProducerOptions['configuration'];
  readonly isFull: () => boolean;
}

type BarKind = 'bar' | 'forming';

/** What waits for its append: bars of one kind, or something else that takes its place among them. */
type Waiting =
  | { readonly kind: BarKind; readonly batch: BarBatch }
  | { readonly kind: 'aside'; readonly append: () => Promise<void> };

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

/** A batch of so many bars tells of a busy market: the next one waits longer, so that it becomes larger and each bar cheaper. */
const BUSY_BARS = 4;
/** A timer may fire a little early. */
const TIMER_SLACK_MS = 1;
const NONE = Number.NEGATIVE_INFINITY;
const NO_RUNS = new Runs();

/**
 * When a batch that is opened now is due: after `lingerMs` in the mean, on the next line of a clock that all partitions share.
 * What they send together the stages read together, write together, and wake up for once.
 */
const dueAt = (nowMs: number, lingerMs: number, leastMs: number): number => {
  const every = 2 * leastMs;
  return every === 0 ? nowMs + lingerMs : Math.ceil((nowMs + lingerMs - leastMs) / every) * every;
};

/** The queue before one partition's log. Order is kept by having one append in flight; batches grow while it is under way. */
export class PartitionLog {
  appendedBars = 0;
  queuedBars = 0;
  readonly #queue: Waiting[] = [];
  readonly #series = new SeriesBook();
  readonly #ring: ResendRing;
  #waiters: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #pumping = false;
  #lingerMs: number;
  #flushes = 0;
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
  ) {
    this.#ring = new ResendRing(tuning.ringMs, tuning.ringBars);
    this.#lingerMs = tuning.lingerMs;
    this.#audit = new LogAudit(tag);
    this.#redis = new LogWriter(link, partition, tag, tuning, log, hooks);
    this.#repair = new Repair(partition, this.#series, this.#ring, hooks, (gap) => this.#appendGap(gap));
    this.#pasts = new PastLog(partition, this.#redis, this.#ring, tuning, hooks);
  }

  /** Why nothing can be appended at the moment, null when all is well. */
  get blocked(): string | null {
    return this.#redis.blocked;
  }

  get isCrowded(): boolean {
    return this.queuedBars >= this.tuning.queueBars;
  }

  noteLast(series: string, time: number): void {
    this.#series.noteLast(series, time);
  }

  add(bar: BarEvent): void {
    const series = this.#series.of(bar.symbol, bar.timeframe);
    const { timestamp: time, isFinal } = bar;
    if (time <= series.last) {
      this.hooks.onRefused?.(bar, time === series.last ? 'duplicate' : 'late');
      return;
    }
    const batch = this.#openBatch(isFinal ? 'bar' : 'forming');
    batch.add(series, bar, series.last);
    this.queuedBars++;
    if (isFinal) series.last = time;
    if (batch.count >= this.tuning.maxBatchBars) this.#pump();
    else this.#pumpWhenDue();
  }

  addControl(document: ControlDocument): Promise<void> {
    return this.#aside(() => this.#appendControl(document));
  }

  addReport({ kind, data }: Report): Promise<void> {
    const json = JSON.stringify(kind === 'gap' ? data : [data]);
    return this.#aside(() => this.#appendAside({ kind, data: json, runs: NO_RUNS, bars: 0 }));
  }

  /** Appends the past of a series, brought up to where the log stands when its turn has come. */
  addWarmup(entry: WarmupEntry): Promise<WarmupOutcome> {
    return this.#aside(async () => {
      const outcome = await this.#pasts.append(entry, entry.version, []);
      return outcome === 'forgotten' ? 'apart' : outcome;
    });
  }

  /** Appends a corrected series, brought up to where the log stands when its turn has come. */
  addCorrection(entry: CorrectionEntry): Promise<CorrectionOutcome> {
    return this.#aside(async () => {
      const outcome = await this.#pasts.append(entry, '', revisedIn(entry));
      if (outcome === 'appended' || outcome === 'known')
        this.#ring.correct(entry.bars.filter(({ revision }) => revision));
      return outcome === 'outdated' ? 'apart' : outcome;
    });
  }

  /** Notes that nothing of these series has to see their past under this version. False: another one is in force. */
  markWarm(series: readonly SeriesKey[], version: number): Promise<boolean> {
    return this.#aside(async () => {
      const reply = await this.#pasts.send(version, '', 0, series.map((key) => [key, -1] as const).flat(), []);
      return reply?.status === 'OK';
    });
  }

  /** Sends again what Redis has lost at the end of a series; to be called every few seconds. */
  audit(): Promise<void> {
    this.#auditing ??= this.#aside(() => this.#sendLostEnds().catch(() => undefined)).finally(
      () => (this.#auditing = null),
    );
    return this.#auditing;
  }

  /** Resolves when the queue is short enough to take more. */
  async room(): Promise<void> {
    while (this.isCrowded && !this.#redis.closed) await this.#progress();
  }

  async drained(): Promise<void> {
    this.#flushes++;
    this.#pump();
    while ((this.#queue.length > 0 || this.#pumping) && !this.#redis.closed) await this.#progress();
    this.#flushes--;
  }

  async close(graceMs: number): Promise<void> {
    await Promise.race([this.drained(), delay(graceMs, undefined, { ref: false })]);
    this.#redis.closed = true;
    clearTimeout(this.#timer);
    this.#wake();
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  #aside<T>(append: () => Promise<T>): Promise<T> {
    return new Promise((done) => {
      this.#queue.push({ kind: 'aside', append: async () => done(await append()) });
      this.#pump();
    });
  }

  /** The batch that the next bar of this kind goes into. */
  #openBatch(kind: BarKind): BarBatch {
    const open = this.#queue.at(-1);
    if (open?.kind === kind && open.batch.count < this.tuning.maxBatchBars && !open.batch.isClosed) return open.batch;
    const batch = new BarBatch(dueAt(performance.now(), this.#lingerMs, this.tuning.lingerMs));
    this.#queue.push({ kind, batch });
    return batch;
  }

  #pump(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pumping || !this.#due()) return this.#pumpWhenDue();
    this.#pumping = true;
    void this.#drain().finally(() => {
      this.#pumping = false;
      this.#wake();
      if (!this.#redis.closed) this.#pump();
    });
  }

  #pumpWhenDue(): void {
    const next = this.#queue[0];
    if (this.#pumping || this.#timer || next?.kind === undefined || next.kind === 'aside') return;
    this.#timer = setTimeout(() => this.#pump(), next.batch.dueAt - performance.now());
  }

  /** What is to be sent now: bars wait for company for a moment, unless others wait behind them or somebody waits for all. */
  #due(): Waiting | undefined {
    const [next, behind] = this.#queue;
    if (!next || next.kind === 'aside' || behind || this.#flushes > 0) return next;
    const { count, dueAt } = next.batch;
    return count >= this.tuning.maxBatchBars || performance.now() >= dueAt - TIMER_SLACK_MS ? next : undefined;
  }

  async #drain(): Promise<void> {
    for (let next = this.#due(); next && !this.#redis.closed; next = this.#due()) {
      await (next.kind === 'aside' ? next.append() : this.#appendBars(next.kind, next.batch));
      this.#redis.blocked = null; // in the log, or found there: a batch of duplicates is done as well
      this.#queue.shift();
      if (next.kind !== 'aside') this.queuedBars -= next.batch.count;
      this.#wake();
    }
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
    const lost = await this.#audit.lostEnds(this.link.commands, () => this.#series.all());
    if (lost.length === 0) return;
    const batches = this.#queue.flatMap((next) => (next.kind === 'bar' ? next.batch : []));
    const queued = new Set(batches.flatMap(({ runs }) => runs.seriesKeys()));
    const silent = lost.filter(({ series }) => !queued.has(series.key));
    for await (const batch of this.#repair.recallEnds(silent, this.tuning.maxBatchBars))
      await this.#appendBars('bar', batch);
  }

  /** Sends bars until they are in the log; what Redis refuses is taken out, what Redis has lost goes in before. */
  async #appendBars(kind: BarKind, batch: BarBatch): Promise<void> {
    for (let left = batch; left.count > 0 && !this.#redis.closed;) {
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

  #accepted(kind: BarKind, batch: BarBatch, token: string, tookMs: number): void {
    if (kind === 'bar') this.#ring.add(batch, performance.now());
    this.appendedBars += batch.count;
    const { lingerMs, maxLingerMs } = this.tuning;
    this.#lingerMs = batch.count < BUSY_BARS ? lingerMs : Math.min(maxLingerMs, 2 * this.#lingerMs);
    this.hooks.onAppended?.(this.partition, batch.count, token, tookMs);
  }
}
