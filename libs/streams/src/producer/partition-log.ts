import { setTimeout as delay } from 'node:timers/promises';
import type { BarEvent, ControlDocument, GapEntry } from '@wagehood/contracts';
import { parseSeriesKey, type SeriesKey } from '@wagehood/market';
import { lastKey, stageKey, streamKey, tokensKey } from '../layout/keys';
import type { StreamsLog } from '../log';
import { append, type AppendReply, type Refusal } from '../protocol/scripts';
import type { RedisLink } from '../redis/connect';
import { redisFault } from '../redis/errors';
import { BarBatch } from './bar-batch';
import type { PendingBar } from './pending-bar';
import type { ProducerHooks, ProducerOptions, ProducerTuning, Report } from './producer';
import { ResendRing } from './resend-ring';
import { encodeRuns, type Run } from './runs';
import { SeriesBook } from './series-book';

export interface PartitionLogHooks extends ProducerHooks {
  readonly refetch?: ProducerOptions['refetch'];
  readonly configuration?: ProducerOptions['configuration'];
  readonly isFull: () => boolean;
}

type BarKind = 'bar' | 'forming';

/** What waits for its append: bars of one kind, or something aside of them. */
type Waiting =
  | { readonly kind: BarKind; readonly batch: BarBatch }
  | { readonly kind: 'aside'; readonly append: () => Promise<void>; readonly done: () => void };

/** What one append carries. */
interface Parcel {
  readonly kind: BarKind | 'control' | 'gap' | 'system';
  readonly data: string | Buffer;
  /** What the script checks and counts. */
  readonly runs: readonly Run[];
  readonly bars: number;
}

interface AppendOutcome {
  readonly refusals: readonly Refusal[];
  /** An earlier try was never answered. */
  readonly unsure: boolean;
  /** Token of the entry, '' when there is none. */
  readonly token: string;
}

/** What an append may have to wait for. */
const WAITS = {
  full: 'Redis is full',
  unknown: 'Redis does not answer',
  behind: 'calculation is behind',
  unconfigured: 'Redis has lost the configuration',
};
const RETRY_MS = 25;
/** A batch of so many bars tells of a busy market: the next one waits longer, so that it becomes larger and each bar cheaper. */
const BUSY_BARS = 4;
/** A timer may fire a little early. */
const TIMER_SLACK_MS = 1;
const NONE = Number.NEGATIVE_INFINITY;

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
  blocked: string | null = null;
  readonly #queue: Waiting[] = [];
  readonly #series = new SeriesBook();
  readonly #ring: ResendRing;
  #waiters: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #pumping = false;
  #lingerMs: number;
  #flushes = 0;
  #closed = false;
  #complaint = '';
  /** Version of the configuration that is in the log. */
  #configured = 0;

  constructor(
    private readonly link: RedisLink,
    private readonly partition: number,
    private readonly tag: string,
    private readonly tuning: ProducerTuning,
    private readonly log: StreamsLog,
    private readonly hooks: PartitionLogHooks,
  ) {
    this.#ring = new ResendRing(tuning.ringMs, tuning.ringBars);
    this.#lingerMs = tuning.lingerMs;
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
    return this.#addAside(() => this.#appendControl(document));
  }

  addReport({ kind, data }: Report): Promise<void> {
    const json = JSON.stringify(kind === 'gap' ? data : [data]);
    return this.#addAside(() => this.#appendAside({ kind, data: json, runs: [], bars: 0 }));
  }

  #addAside(append: () => Promise<void>): Promise<void> {
    return new Promise((done) => {
      this.#queue.push({ kind: 'aside', append, done });
      this.#pump();
    });
  }

  /** Resolves when the queue is short enough to take more. */
  async room(): Promise<void> {
    while (this.isCrowded && !this.#closed) await this.#progress();
  }

  async drained(): Promise<void> {
    this.#flushes++;
    this.#pump();
    while ((this.#queue.length > 0 || this.#pumping) && !this.#closed) await this.#progress();
    this.#flushes--;
  }

  async close(graceMs: number): Promise<void> {
    await Promise.race([this.drained(), delay(graceMs, undefined, { ref: false })]);
    this.#closed = true;
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
      if (!this.#closed) this.#pump();
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
    for (let next = this.#due(); next && !this.#closed; next = this.#due()) {
      await (next.kind === 'aside' ? next.append() : this.#appendBars(next.kind, next.batch));
      this.blocked = null; // in the log, or found there: a batch of duplicates is done as well
      this.#queue.shift();
      if (next.kind === 'aside') next.done();
      else this.queuedBars -= next.batch.count;
      this.#wake();
    }
  }

  /** A version that is refused is in the log already. */
  async #appendControl(document: ControlDocument): Promise<void> {
    const { version } = document;
    const run: Run = { series: '#control', previous: NONE, first: version, last: version };
    await this.#appendAside({ kind: 'control', data: JSON.stringify(document), runs: [run], bars: 0 });
    if (this.hooks.configuration) this.#configured = version;
  }

  /** Redis has lost what stood before the bars. The configuration may have got another version since, a lower one too. */
  async #configureAgain(): Promise<void> {
    const document = await this.hooks.configuration?.().catch(() => null);
    await (document ? this.#appendControl(document) : this.#wait('unconfigured'));
  }

  async #appendGap(gap: GapEntry): Promise<void> {
    await this.#appendAside({ kind: 'gap', data: JSON.stringify(gap), runs: [], bars: 0 });
  }

  /** What is no bar, and is not asked for again when Redis refuses it. */
  async #appendAside(parcel: Parcel): Promise<void> {
    const startedAt = performance.now();
    const { token } = await this.#append(parcel);
    if (token) this.hooks.onAppended?.(this.partition, 0, token, performance.now() - startedAt);
  }

  /** Sends bars until they are in the log; what Redis refuses is taken out, what Redis has lost goes in before. */
  async #appendBars(kind: BarKind, batch: BarBatch): Promise<void> {
    for (let left = batch; left.count > 0 && !this.#closed;) {
      const { text: data, count } = left;
      // A forming bar leaves `last` alone: it may come as often as it likes.
      const parcel = { kind, data, ...(kind === 'bar' ? { runs: left.runs, bars: count } : { runs: [], bars: 0 }) };
      const startedAt = performance.now();
      const { refusals, unsure, token } = await this.#append(parcel);
      if (refusals.length > 0) left = await this.#settle(left, refusals, unsure);
      else if (!this.#closed) return this.#accepted(kind, left, token, performance.now() - startedAt);
    }
  }

  /** Sends a parcel until Redis has taken it or has refused some of it. */
  async #append(parcel: Parcel): Promise<AppendOutcome> {
    let unsure = false;
    while (!this.#closed) {
      const reply = this.hooks.isFull() ? 'full' : await this.#send(parcel);
      if (reply === 'unknown') unsure = true;
      if (reply === 'full' || reply === 'unknown') await this.#wait(reply);
      else if (reply.status === 'BACKPRESSURE') await this.#wait('behind');
      else if (reply.status === 'UNCONFIGURED') await this.#configureAgain();
      else if (reply.status === 'OK') return { refusals: [], unsure, token: reply.token };
      else return { refusals: reply.refusals, unsure, token: '' };
    }
    return { refusals: [], unsure, token: '' };
  }

  async #send({ kind, data, runs, bars }: Parcel): Promise<AppendReply | 'full' | 'unknown'> {
    const needed = kind === 'control' ? 0 : this.#configured;
    const args = [this.tuning.limitBars, kind, data, bars, encodeRuns(runs), needed];
    const { tag } = this;
    const log = 'market_data_stream';
    const keys = [streamKey(log, tag), lastKey(tag), tokensKey(log, tag), stageKey('calculation', tag)];
    try {
      return await append.run(this.link.commands, keys, args);
    } catch (error) {
      const fault = redisFault(error);
      if (fault === 'other') this.#complain(String(error));
      return fault === 'full' ? 'full' : 'unknown';
    }
  }

  /** Once per reason: it is tried again many times a second. */
  #complain(error: string): void {
    if (error === this.#complaint) return;
    this.#complaint = error;
    this.log.error('the log refuses an append; trying again', { partition: this.partition, error });
  }

  #accepted(kind: BarKind, batch: BarBatch, token: string, tookMs: number): void {
    if (kind === 'bar') this.#ring.add(batch, performance.now());
    this.appendedBars += batch.count;
    const { lingerMs, maxLingerMs } = this.tuning;
    this.#lingerMs = batch.count < BUSY_BARS ? lingerMs : Math.min(maxLingerMs, 2 * this.#lingerMs);
    this.hooks.onAppended?.(this.partition, batch.count, token, tookMs);
  }

  async #wait(why: keyof typeof WAITS): Promise<void> {
    this.blocked = `partition ${this.partition}: ${WAITS[why]}`;
    if (why === 'full' || why === 'behind') this.hooks.onBackPressure?.(this.partition, why);
    if (why !== 'behind') return delay(4 * RETRY_MS);
    // The batch may be large: it is sent again when there is room for it, and not before.
    do await delay(RETRY_MS);
    while (!this.#closed && (await this.#isBehind()));
  }

  async #isBehind(): Promise<boolean> {
    const { commands } = this.link;
    try {
      const [bars, snapBars] = await Promise.all([
        commands.hget(lastKey(this.tag), '#bars'),
        commands.hget(stageKey('calculation', this.tag), 'snapBars'),
      ]);
      return Number(bars ?? 0) - Number(snapBars ?? 0) > this.tuning.limitBars;
    } catch {
      return false; // the append itself will say what is wrong
    }
  }

  /**
   * What is left of a batch: old bars leave it (after an unknown outcome they are our own success), and in front of a hole
   * goes what fills it.
   */
  async #settle(batch: BarBatch, refusals: readonly Refusal[], unsure: boolean): Promise<BarBatch> {
    const bars = batch.bars();
    const gone = new Set<PendingBar>();
    const holes = new Map<string, { readonly before: PendingBar; readonly last: number }>();
    for (const { index, verdict, last } of refusals) {
      const run = batch.runs[index] as Run;
      const ofRun = bars.filter(({ series, time }) => series === run.series && time >= run.first && time <= run.last);
      if (verdict === 'HOLE') {
        if (!holes.has(run.series)) holes.set(run.series, { before: ofRun[0] as PendingBar, last });
        continue;
      }
      for (const bar of ofRun.filter(({ time }) => time <= last)) {
        gone.add(bar);
        if (!unsure) this.hooks.onRefused?.(bar.bar, bar.time === last ? 'duplicate' : 'late');
      }
    }
    // They are in the log, so they can be lost: an answer that never came must not leave a hole in our memory.
    if (gone.size > 0) this.#ring.add(this.#batchOf([...gone]), performance.now());
    let left = bars.filter((bar) => !gone.has(bar));
    for (const { before, last } of holes.values()) left = await this.#fill(left, before, last);
    return this.#batchOf(left);
  }

  #batchOf(bars: readonly PendingBar[]): BarBatch {
    const batch = new BarBatch(0);
    for (const { bar, previous } of bars) batch.add(this.#series.of(bar.symbol, bar.timeframe), bar, previous);
    return batch;
  }

  /** Puts in front of `before` what Redis has lost after `lost`: from memory, else from history; the rest is a reported gap. */
  async #fill(left: readonly PendingBar[], before: PendingBar, lost: number): Promise<PendingBar[]> {
    const { series } = before;
    const last = lost < 0 ? NONE : lost;
    const { bars, gap } = await this.#recall(series, last, before);
    let previous = last;
    for (const bar of [...bars, before]) {
      bar.previous = previous;
      previous = bar.time;
    }
    if (gap) await this.#appendGap(gap);
    this.hooks.onRepaired?.(this.partition, series, bars.length, gap);
    const at = left.indexOf(before);
    return [...left.slice(0, at), ...bars, ...left.slice(at)];
  }

  async #recall(
    series: SeriesKey,
    last: number,
    before: PendingBar,
  ): Promise<{ bars: PendingBar[]; gap: GapEntry | null }> {
    const gapOf = (from: number, to: number): GapEntry => ({
      ...parseSeriesKey(series),
      from: Math.max(0, from),
      to,
      reason: 'lost by Redis and no longer to be had',
    });
    const remembered = this.#ring.between(series, last, before.time);
    const breakAt = remembered.findLastIndex((bar, i) => bar.previous !== (remembered[i - 1]?.time ?? last));
    if (breakAt < 0 && remembered.length > 0) return { bars: remembered, gap: null };
    const history = (await this.hooks.refetch?.(series, last, before.time).catch(() => undefined)) ?? [];
    const newest = history.at(-1)?.timestamp;
    if (newest === undefined) return { bars: remembered, gap: gapOf(last, remembered[breakAt]?.time ?? before.time) };
    const bars = history.map((bar) => ({ series, previous: NONE, time: bar.timestamp, bar }));
    return { bars, gap: newest === before.previous ? null : gapOf(newest, before.time) };
  }
}
