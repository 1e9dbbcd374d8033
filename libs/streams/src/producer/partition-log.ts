import { setTimeout as delay } from 'node:timers/promises';
import type { BarEvent, ControlDocument, GapEntry } from '@wagehood/contracts';
import { parseSeriesKey } from '@wagehood/market';
import { lastKey, stageKey, streamKey } from '../layout/keys';
import type { StreamsLog } from '../log';
import { append, type AppendReply, type Refusal } from '../protocol/scripts';
import type { RedisLink } from '../redis/connect';
import { redisFault } from '../redis/errors';
import { encodeBars } from './encode-bar';
import type { PendingBar } from './pending-bar';
import type { ProducerHooks, ProducerOptions, ProducerTuning } from './producer';
import { ResendRing } from './resend-ring';
import { runArguments, runsOf, type Run } from './runs';
import { SeriesBook } from './series-book';

export interface PartitionLogHooks extends ProducerHooks {
  readonly refetch?: ProducerOptions['refetch'];
  readonly isFull: () => boolean;
}

/** What one append carries: a run of bars of one kind, a control document or a report of a gap. */
type Batch =
  | { readonly kind: 'bar' | 'forming'; readonly bars: PendingBar[]; data?: undefined }
  | { readonly kind: 'control'; readonly bars: PendingBar[]; readonly data: string; readonly done: () => void }
  | { readonly kind: 'gap'; readonly bars: PendingBar[]; readonly data: string };

const RETRY_MS = 25;
const NONE = Number.NEGATIVE_INFINITY;

/** The queue before one partition's log. Order is kept by having one append in flight; batches grow while it is under way. */
export class PartitionLog {
  appendedBars = 0;
  queuedBars = 0;
  blocked: string | null = null;
  readonly #queue: Batch[] = [];
  readonly #series = new SeriesBook();
  readonly #ring: ResendRing;
  #waiters: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #pumping = false;
  #closed = false;

  constructor(
    private readonly link: RedisLink,
    private readonly partition: number,
    private readonly tag: string,
    private readonly tuning: ProducerTuning,
    private readonly log: StreamsLog,
    private readonly hooks: PartitionLogHooks,
  ) {
    this.#ring = new ResendRing(tuning.ringMs, tuning.ringBars);
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
    this.#enqueue({ series: series.key, previous: series.last, time, bar }, isFinal ? 'bar' : 'forming');
    if (isFinal) series.last = time;
    if (this.queuedBars >= this.tuning.maxBatchBars) this.#pump();
    else this.#timer ??= setTimeout(() => this.#pump(), this.tuning.lingerMs);
  }

  addControl(document: ControlDocument): Promise<void> {
    return new Promise((done) => {
      const version: PendingBar = { series: '#control', previous: NONE, time: document.version, bar: null };
      this.#queue.push({ kind: 'control', bars: [version], data: JSON.stringify(document), done });
      this.#pump();
    });
  }

  /** Resolves when the queue is short enough to take more. */
  async room(): Promise<void> {
    while (this.isCrowded && !this.#closed) await this.#progress();
  }

  async drained(): Promise<void> {
    this.#pump();
    while ((this.#queue.length > 0 || this.#pumping) && !this.#closed) await this.#progress();
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

  #enqueue(bar: PendingBar, kind: 'bar' | 'forming'): void {
    const open = this.#queue.at(-1);
    const fits =
      open?.kind === kind &&
      open.bars.length < this.tuning.maxBatchBars &&
      !(this.#pumping && this.#queue.length === 1);
    if (fits) open.bars.push(bar);
    else this.#queue.push({ kind, bars: [bar] });
    this.queuedBars++;
  }

  #pump(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pumping || this.#queue.length === 0) return;
    this.#pumping = true;
    void this.#drain().finally(() => {
      this.#pumping = false;
      this.#wake();
      if (this.#queue.length > 0 && !this.#closed) this.#pump();
    });
  }

  async #drain(): Promise<void> {
    for (let batch = this.#queue[0]; batch && !this.#closed; batch = this.#queue[0]) {
      const bars = batch.bars.length;
      await this.#appendWhole(batch);
      this.blocked = null; // in the log, or found there: a batch of duplicates is done as well
      this.#queue.splice(this.#queue.indexOf(batch), 1);
      if (batch.kind === 'control') batch.done();
      else this.queuedBars -= bars;
      this.#wake();
    }
  }

  /** Sends one batch until it is in the log; what Redis refuses is taken out, what Redis has lost goes in before. */
  async #appendWhole(batch: Batch): Promise<void> {
    for (let sentBefore = false; !this.#closed;) {
      if (batch.bars.length === 0 && batch.kind !== 'gap') return;
      const data = batch.data ?? textOf(batch.bars);
      // A forming bar leaves `last` alone: it may come as often as it likes.
      const runs = batch.kind === 'forming' ? [] : runsOf(batch.bars);
      const reply = this.hooks.isFull() ? 'full' : await this.#send(batch, data, runs);
      if (reply === 'unknown') sentBefore = true;
      if (reply === 'full' || reply === 'unknown') await this.#wait(reply);
      else if (reply.status === 'OK') return this.#accepted(batch, data);
      else if (reply.status === 'BACKPRESSURE') await this.#wait('behind');
      else await this.#settle(batch, runs, reply.refusals, sentBefore);
    }
  }

  async #send(batch: Batch, data: string, runs: readonly Run[]): Promise<AppendReply | 'full' | 'unknown'> {
    const weight = batch.kind === 'bar' ? batch.bars.length : 0;
    const args = [this.tuning.limitBars, batch.kind, data, weight, ...runArguments(runs)];
    const keys = [streamKey('market_data_stream', this.tag), lastKey(this.tag), stageKey('calculation', this.tag)];
    try {
      return await append.run(this.link.commands, keys, args);
    } catch (error) {
      const fault = redisFault(error);
      if (fault === 'other')
        this.log.error('the log refuses an append; trying again', { partition: this.partition, error: String(error) });
      return fault === 'full' ? 'full' : 'unknown';
    }
  }

  #accepted(batch: Batch, data: string): void {
    if (batch.kind === 'bar') this.#remember(batch.bars, data);
    if (batch.kind === 'bar' || batch.kind === 'forming') {
      this.appendedBars += batch.bars.length;
      this.hooks.onAppended?.(this.partition, batch.bars.length);
    }
  }

  #remember(bars: readonly PendingBar[], data = textOf(bars)): void {
    this.#ring.add(bars, data, performance.now());
  }

  async #wait(why: 'full' | 'unknown' | 'behind'): Promise<void> {
    const reasons = { full: 'Redis is full', unknown: 'Redis does not answer', behind: 'calculation is behind' };
    this.blocked = `partition ${this.partition}: ${reasons[why]}`;
    if (why !== 'unknown') this.hooks.onBackPressure?.(this.partition, why);
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

  /** Old bars leave the batch (after an unknown outcome they are our own success); holes are filled in front of it. */
  async #settle(batch: Batch, runs: readonly Run[], refusals: readonly Refusal[], sentBefore: boolean): Promise<void> {
    const gone = new Set<PendingBar>();
    const holes = new Map<string, { bar: PendingBar; last: number }>();
    for (const { index, verdict, last } of refusals) {
      const { series, bars } = runs[index] as Run;
      if (verdict === 'HOLE') {
        if (!holes.has(series)) holes.set(series, { bar: bars[0] as PendingBar, last });
        continue;
      }
      for (const bar of bars.filter(({ time }) => time <= last)) {
        gone.add(bar);
        if (sentBefore || batch.kind === 'control') continue;
        this.hooks.onRefused?.(
          { ...parseSeriesKey(series), timestamp: bar.time },
          bar.time === last ? 'duplicate' : 'late',
        );
      }
    }
    // They are in the log, so they can be lost: an answer that never came must not leave a hole in our memory.
    if (batch.kind === 'bar' && gone.size > 0) this.#remember([...gone]);
    batch.bars.splice(0, batch.bars.length, ...batch.bars.filter((bar) => !gone.has(bar)));
    for (const [series, { bar, last }] of holes) await this.#fill(batch, series, bar, last);
  }

  /** Puts in front of `before` what Redis has lost after `lost`: from memory, else from history; the rest is a reported gap. */
  async #fill(batch: Batch, series: string, before: PendingBar, lost: number): Promise<void> {
    const last = lost < 0 ? NONE : lost;
    const { bars, gap } = await this.#recall(series, last, before);
    let previous = last;
    for (const bar of [...bars, before]) {
      bar.previous = previous;
      previous = bar.time;
    }
    batch.bars.splice(batch.bars.indexOf(before), 0, ...bars);
    if (gap) await this.#appendWhole({ kind: 'gap', bars: [], data: JSON.stringify(gap) });
    this.hooks.onRepaired?.(this.partition, series, bars.length, gap);
  }

  async #recall(
    series: string,
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

function textOf(bars: readonly PendingBar[]): string {
  const events: BarEvent[] = []; // by hand: flatMap is a tenth of the work of a whole batch
  for (const { bar } of bars) if (bar) events.push(bar);
  return encodeBars(events);
}
