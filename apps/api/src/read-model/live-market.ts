import { fromTable, parseJson, type CalculationEvent, type CorrectionEvents, type Signal } from '@wagehood/contracts';
import { timeframeMs } from '@wagehood/market';
import { LATEST_WITHIN_MS } from '@wagehood/streams';
import type { TailEntry } from '../stream/expand-entry';
import type { LogReader } from '../stream/log-reader';
import { LogFollower } from './log-follower';
import type { MarketReader } from './market-reader';

/** What cannot be followed, or was asked for the first time a moment ago, is read again after this long. */
const FRESH_MS = 100;
/** Stored values are written somewhat later than their events: what was read earlier than this may lack one that we did not see. */
const SETTLE_MS = LATEST_WITHIN_MS + 500;
/** Even what is followed is read again after this long. */
const BELIEVED_MS = 10_000;

/** The events of one symbol; times are monotonic ms. */
interface LiveSymbol {
  readonly partition: number;
  readonly heldSinceMs: number;
  /** Null until they have been read. Another array whenever one of them changes. */
  events: readonly CalculationEvent[] | null;
  readAtMs: number;
  believedUntilMs: number;
  /** Events that came by the log, by timeframe. */
  readonly told: Map<string, { readonly event: CalculationEvent; readonly atMs: number }>;
  reading: Promise<readonly CalculationEvent[]> | null;
}

/**
 * The latest events and the signals of the symbols that are asked for, held in memory: read once, then kept up by following the
 * logs. Stored values are written a little later than their events, so what was read is read again until it is settled.
 */
export class LiveMarket {
  readonly #symbols = new Map<string, LiveSymbol>();
  /** When a signal of a symbol, or a break of a partition, came last: numbers of one counter. */
  readonly #signalled = new Map<string, number>();
  readonly #broken = new Map<number, number>();
  #count = 0;
  readonly #follower: LogFollower;

  constructor(
    private readonly stored: MarketReader,
    private readonly logs: LogReader,
  ) {
    this.#follower = new LogFollower({
      reader: logs,
      onEntry: (partition, entry) => this.#take(partition, entry),
      onBreak: (partition) => this.#forget(partition),
    });
  }

  /** The latest event of each series, shortest timeframe first; the same array as long as nothing has changed. */
  latest(symbol: string): readonly CalculationEvent[] | Promise<readonly CalculationEvent[]> {
    const partition = this.logs.partitionOf(symbol);
    const sinceMs = this.#follower.want(partition);
    const held = this.#symbols.get(symbol) ?? this.#hold(symbol, partition);
    const untilMs = sinceMs === null ? held.readAtMs + FRESH_MS : held.believedUntilMs;
    if (held.events && performance.now() < untilMs) return held.events;
    return (held.reading ??= this.#read(symbol, held).finally(() => (held.reading = null)));
  }

  /** Newest first, as they are stored. */
  signals(symbol: string, limit: number): Promise<readonly Signal[]> {
    return this.stored.signals(symbol, limit);
  }

  /** A number that stays the same as long as the symbol has no new signal. */
  signalsMark(symbol: string): number {
    const partition = this.logs.partitionOf(symbol);
    const nowMs = performance.now();
    if (this.#follower.want(partition) === null) return -Math.ceil(nowMs / FRESH_MS);
    return Math.max(this.#signalled.get(symbol) ?? 0, this.#broken.get(partition) ?? 0);
  }

  stop(): Promise<void> {
    return this.#follower.stop();
  }

  #hold(symbol: string, partition: number): LiveSymbol {
    const held: LiveSymbol = {
      ...{ partition, heldSinceMs: performance.now(), events: null, readAtMs: 0, believedUntilMs: 0 },
      ...{ told: new Map(), reading: null },
    };
    this.#symbols.set(symbol, held);
    return held;
  }

  async #read(symbol: string, held: LiveSymbol): Promise<readonly CalculationEvent[]> {
    const startedAtMs = performance.now();
    const stored = await this.stored.latest(symbol);
    const sinceMs = this.#follower.want(held.partition);
    const settled = sinceMs !== null && startedAtMs - Math.max(sinceMs, held.heldSinceMs) >= SETTLE_MS;
    held.readAtMs = performance.now();
    held.believedUntilMs = held.readAtMs + (settled ? BELIEVED_MS : FRESH_MS);
    const merged = stored.slice();
    for (const { event, atMs } of held.told.values()) if (held.readAtMs - atMs < BELIEVED_MS) place(merged, event);
    return (held.events = merged);
  }

  #take(partition: number, { kind, data }: TailEntry): void {
    if (kind === 'signal') {
      for (const { symbol } of elements<Signal>(data)) this.#signalled.set(symbol, ++this.#count);
    } else if (kind === 'bar') {
      for (const event of elements<CalculationEvent>(data)) if (event.isFinal) this.#tell(event);
    } else if (kind === 'correction') {
      const newest = correctedIn(data).at(-1);
      if (newest) this.#tell(newest);
    } else if (kind === 'control') {
      this.#forget(partition); // series may have gone
    }
  }

  #tell(event: CalculationEvent): void {
    const held = this.#symbols.get(event.symbol);
    if (!held) return;
    held.told.set(event.timeframe, { event, atMs: performance.now() });
    if (!held.events) return;
    const events = held.events.slice();
    if (place(events, event)) held.events = events;
  }

  #forget(partition: number): void {
    this.#broken.set(partition, ++this.#count);
    for (const [symbol, held] of this.#symbols) if (held.partition === partition) this.#symbols.delete(symbol);
  }
}

/** The elements of an entry; written by our own stages in the commit that emitted them, so they are not checked field by field. */
function elements<T>(data: string): readonly T[] {
  const parsed = parseJson(data);
  return parsed.ok && Array.isArray(parsed.value) ? (fromTable(parsed.value) as T[]) : [];
}

/** What a correction says of a series, oldest first. */
function correctedIn(data: string): readonly CalculationEvent[] {
  const parsed = parseJson(data);
  return parsed.ok ? (parsed.value as CorrectionEvents).events : [];
}

/** Puts an event into its series unless that has a later one, or a later revision of the same bar. @returns whether it did */
function place(events: CalculationEvent[], event: CalculationEvent): boolean {
  const at = events.findIndex(({ timeframe }) => timeframe === event.timeframe);
  if (at < 0) {
    events.push(event);
    events.sort((a, b) => timeframeMs(a.timeframe) - timeframeMs(b.timeframe));
    return true;
  }
  const there = events[at] as CalculationEvent;
  if (event.timestamp < there.timestamp) return false;
  if (event.timestamp === there.timestamp && (event.revision ?? 0) < (there.revision ?? 0)) return false;
  events[at] = event;
  return true;
}
