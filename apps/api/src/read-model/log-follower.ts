import { setTimeout as delay } from 'node:timers/promises';
import { logKey, parseLogKey, type LogKey, type LogName } from '../stream/cursor';
import type { TailEntry } from '../stream/expand-entry';
import { leaveInTime } from './leave-in-time';
import type { LogBatch, LogReader } from '../stream/log-reader';

/** How old an entry is at most before it is seen, while it can be read. */
const TICK_MS = 20;
const READ_ENTRIES = 64;
/** A follower that has heard nothing for this long cannot say that nothing has changed. */
const SILENT_AFTER_MS = 500;
const LAPSE_MS = 10_000;
/** How often the ends of the logs are compared with ours: after a loss they lie behind. */
const CHECK_ENDS_MS = 2_000;
/** What may be read at once, and in the long run: beyond it, reading values when they are asked for costs less. */
const BURST_CHARS = 1_000_000;
const CHARS_PER_MS = 4_000;
const REST_MS = 1_000;
const LOGS: readonly LogName[] = ['c', 's'];

export interface LogFollowerOptions {
  readonly reader: LogReader;
  /** Every entry of the followed partitions, in the order of each log. */
  readonly onEntry: (partition: number, entry: TailEntry) => void;
  /** Something of this partition may have been missed. */
  readonly onBreak: (partition: number) => void;
}

/** A partition that somebody asks for; times are monotonic ms. */
interface Followed {
  askedAtMs: number;
  /** Since when every entry is seen; null = not yet. */
  sinceMs: number | null;
}

/**
 *   wanted ──► followed ──► (nobody asked for 10 s) forgotten
 *     ▲           │
 *     └───────────┘ break: an error, a hole, a lost log, or more than is worth reading (then it rests first)
 *
 * Follows the values and signals of the partitions that are asked for, all of them with one read every 20 ms.
 */
export class LogFollower {
  readonly #followed = new Map<number, Followed>();
  readonly #at = new Map<LogKey, number>();
  #running: Promise<void> | null = null;
  readonly #stopping = new AbortController();
  #readAtMs = 0;
  #checkedAtMs = 0;
  #debtChars = 0;

  constructor(private readonly options: LogFollowerOptions) {}

  /** Asks for a partition. @returns since when nothing of it was missed; null while that cannot be said */
  want(partition: number): number | null {
    const nowMs = performance.now();
    const followed = this.#followed.get(partition);
    if (followed) {
      followed.askedAtMs = nowMs;
      return nowMs - this.#readAtMs < SILENT_AFTER_MS ? followed.sinceMs : null;
    }
    this.#followed.set(partition, { askedAtMs: nowMs, sinceMs: null });
    this.#running ??= this.#run().finally(() => (this.#running = null));
    return null;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await leaveInTime(this.#running);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#followed.size > 0 && !signal.aborted) {
      const restMs = await this.#tick().catch(() => {
        this.#break(); // whoever asks meanwhile reads for himself, and hears what is wrong
        return REST_MS / 4;
      });
      await delay(restMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns how long to wait before the next one, ms */
  async #tick(): Promise<number> {
    this.#lapse();
    await this.#checkEnds();
    await this.#begin();
    const batches = await this.options.reader.read(this.#at, READ_ENTRIES);
    const sinceLastMs = performance.now() - this.#readAtMs;
    this.#readAtMs += sinceLastMs;
    if (this.#isTooMuch(batches, sinceLastMs)) {
      this.#break();
      return REST_MS;
    }
    for (const batch of batches) this.#deliver(batch);
    return TICK_MS;
  }

  #isTooMuch(batches: readonly LogBatch[], sinceLastMs: number): boolean {
    let chars = 0;
    for (const { entries } of batches) for (const { data } of entries) chars += data.length;
    this.#debtChars = Math.max(0, this.#debtChars - sinceLastMs * CHARS_PER_MS) + chars;
    return this.#debtChars > BURST_CHARS || batches.some(({ entries }) => entries.length >= READ_ENTRIES);
  }

  #deliver({ key, entries }: LogBatch): void {
    const { partition } = parseLogKey(key);
    for (const entry of entries) {
      if (entry.offset !== (this.#at.get(key) ?? 0) + 1) this.options.onBreak(partition);
      this.#at.set(key, entry.offset);
      this.options.onEntry(partition, entry);
    }
  }

  /** Finds the present ends of partitions that are new; what comes behind them is seen from now on. */
  async #begin(): Promise<void> {
    const fresh = [...this.#followed].filter(([, { sinceMs }]) => sinceMs === null);
    if (fresh.length === 0) return;
    const ends = await this.options.reader.ends(fresh.flatMap(([partition]) => keysOf(partition)));
    for (const [key, end] of ends) this.#at.set(key, end);
    for (const [, followed] of fresh) followed.sinceMs = performance.now();
  }

  async #checkEnds(): Promise<void> {
    if (performance.now() - this.#checkedAtMs < CHECK_ENDS_MS) return;
    const ends = await this.options.reader.ends([...this.#at.keys()]);
    for (const [key, end] of ends) {
      if (end < (this.#at.get(key) ?? 0)) this.#breakOne(parseLogKey(key).partition);
    }
    this.#checkedAtMs = performance.now();
  }

  #lapse(): void {
    const before = performance.now() - LAPSE_MS;
    for (const [partition, { askedAtMs }] of this.#followed) {
      if (askedAtMs >= before) continue;
      this.#breakOne(partition);
      this.#followed.delete(partition);
      for (const key of keysOf(partition)) this.#at.delete(key);
    }
  }

  #break(): void {
    for (const partition of this.#followed.keys()) this.#breakOne(partition);
  }

  #breakOne(partition: number): void {
    const followed = this.#followed.get(partition);
    if (followed) followed.sinceMs = null;
    this.options.onBreak(partition);
  }
}

const keysOf = (partition: number): readonly LogKey[] => LOGS.map((log) => logKey(log, partition));
