import type { BarEvent } from '@wagehood/contracts';
import { BarBatch } from './bar-batch';
import type { ProducerTuning } from './producer-tuning';
import type { KnownSeries } from './series-book';

export type BarKind = 'bar' | 'forming';

/** Bars of one kind that wait for company. Times are ms of the monotonic clock. */
interface Gathering {
  readonly kind: BarKind;
  readonly batch: BarBatch;
  readonly openedAt: number;
  /** When it is to be sent at the latest. */
  readonly dueAt: number;
  /** Since when it has as many bars as it may have. */
  fullAt: number;
}

/** What waits to be sent: bars of one kind, or something else that takes its place among them. */
export type Waiting = Gathering | { readonly kind: 'aside'; readonly append: () => Promise<void> };

/** A batch of so many bars tells of a busy market: the next one waits longer, so that it becomes larger and each bar cheaper. */
const BUSY_BARS = 4;
/** Who has had nothing to send for so long has no load: what comes at once now, as the bars of a minute do, is not followed by more. */
const REST_MS = 500;
/**
 * Bars that a series may have brought live in so long: the shortest one lasts a second. Their number alone would not tell: what a large market
 * brings while a load waits is as much as a load, and its bars would go on waiting so long for ever.
 */
const mostLiveBars = (tookMs: number): number => 1 + tookMs / 1_000;
/** A timer may fire a little early. */
const TIMER_SLACK_MS = 1;

/**
 * When a batch that is opened now is due: after `lingerMs` in the mean, on the next line of a clock that all partitions share.
 * What they send together the stages read together, write together, and wake up for once.
 */
const dueAt = (nowMs: number, lingerMs: number, leastMs: number): number => {
  const every = 2 * leastMs;
  return every === 0 ? nowMs + lingerMs : Math.ceil((nowMs + lingerMs - leastMs) / every) * every;
};

/** The queue before one partition's log. Order is kept by sending one after the other; batches grow while one is under way. */
export class SendQueue {
  /** Bars in it. */
  bars = 0;
  #closed = false;
  readonly #queue: Waiting[] = [];
  #waiters: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #pumping = false;
  #lingerMs: number;
  #sentAtMs = -Infinity;
  /** Bars of a batch at most, as things stood when the last one was opened. */
  #mostBars: number;
  #flushes = 0;

  /**
   * @param send resolves when it is sent, whatever it takes
   * @param series how many there are
   */
  constructor(
    private readonly tuning: ProducerTuning,
    private readonly send: (next: Waiting) => Promise<void>,
    private readonly series: () => number,
  ) {
    this.#lingerMs = tuning.lingerMs;
    this.#mostBars = tuning.maxEntryBars;
  }

  get isCrowded(): boolean {
    return this.bars >= this.tuning.queueBatches * this.#mostBars;
  }

  addBar(kind: BarKind, series: KnownSeries, bar: BarEvent): void {
    const open = this.#openBatch(kind);
    open.batch.add(series, bar, series.last);
    this.bars++;
    if (open.batch.count < this.#mostBars) return this.#pumpWhenDue();
    open.fullAt = performance.now();
    this.#pump();
  }

  /** Resolves with what `append` says when its turn has come. */
  aside<T>(append: () => Promise<T>): Promise<T> {
    return new Promise((done) => {
      this.#queue.push({ kind: 'aside', append: async () => done(await append()) });
      this.#pump();
    });
  }

  /** Series with final bars in it. */
  get seriesKeys(): Set<string> {
    const batches = this.#queue.flatMap((next) => (next.kind === 'bar' ? next.batch : []));
    return new Set(batches.flatMap(({ runs }) => runs.seriesKeys()));
  }

  /** Resolves when it is short enough to take more. */
  async room(): Promise<void> {
    while (this.isCrowded && !this.#closed) await this.#progress();
  }

  /** Sends all that is in it, at once. */
  async drained(): Promise<void> {
    this.#flushes++;
    this.#pump();
    while ((this.#queue.length > 0 || this.#pumping) && !this.#closed) await this.#progress();
    this.#flushes--;
  }

  /** Nothing more is sent, and nobody waits for it any longer. */
  close(): void {
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
  #openBatch(kind: BarKind): Gathering {
    const open = this.#queue.at(-1);
    if (open?.kind === kind && open.batch.count < this.#mostBars && !open.batch.isClosed) return open;
    const { lingerMs, maxLingerMs, maxEntryBars, gatherBars, gatherBarsPerSeries } = this.tuning;
    const nowMs = performance.now();
    if (!open && nowMs - this.#sentAtMs > REST_MS) this.#lingerMs = Math.min(this.#lingerMs, maxLingerMs);
    this.#mostBars = Math.max(maxEntryBars, Math.min(gatherBars, gatherBarsPerSeries * this.series()));
    const due = dueAt(nowMs, this.#lingerMs, lingerMs);
    const opened = { kind, batch: new BarBatch(maxEntryBars), openedAt: nowMs, dueAt: due, fullAt: Infinity };
    this.#queue.push(opened);
    return opened;
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
    this.#timer = setTimeout(() => this.#pump(), Math.max(0, next.dueAt - performance.now()));
  }

  /** What is to be sent now: bars wait for company for a moment, unless others wait behind them or somebody waits for all. */
  #due(): Waiting | undefined {
    const [next, behind] = this.#queue;
    if (!next || next.kind === 'aside' || behind || this.#flushes > 0) return next;
    const isDue = next.batch.count >= this.#mostBars || performance.now() >= next.dueAt - TIMER_SLACK_MS;
    return isDue ? next : undefined;
  }

  /** @param endedAt when it took in its last bar */
  #noteSent({ kind, batch, openedAt }: Gathering, endedAt: number): void {
    const bars = batch.count;
    this.bars -= bars;
    const { lingerMs, maxLingerMs, bulkLingerMs, maxEntryBars } = this.tuning;
    const isLive = bars <= mostLiveBars(endedAt - openedAt) * this.series();
    const isLoad = kind === 'bar' && bars >= maxEntryBars && !isLive;
    const mostMs = isLoad ? bulkLingerMs : maxLingerMs;
    this.#lingerMs = bars < BUSY_BARS ? lingerMs : Math.min(mostMs, 2 * this.#lingerMs);
  }

  async #drain(): Promise<void> {
    for (let next = this.#due(); next && !this.#closed; next = this.#due()) {
      const beganAt = performance.now();
      await this.send(next);
      this.#queue.shift();
      this.#sentAtMs = performance.now();
      if (next.kind !== 'aside') this.#noteSent(next, Math.min(beganAt, next.fullAt));
      this.#wake();
    }
  }
}
