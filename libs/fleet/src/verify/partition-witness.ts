import type { BarEvent, CalculationEvent, CorrectionEvents, Signal, WarmupEvents } from '@wagehood/contracts';
import { logEntry, type LogEntry, type RedisLink, type StreamName } from '@wagehood/streams';
import { differenceOf } from './first-difference';
import { Fold, type Due, type DueCorrection } from './fold';
import { InputCheck } from './input-check';
import {
  correctionEventsOf,
  correctionOf,
  eventsOf,
  plausibleBars,
  readStream,
  signalsOf,
  timeOf,
  warmupEventsOf,
  warmupOf,
} from './read-streams';
import { SIGNALS_KEPT, type StoredDue } from './verify-stored';

export interface WitnessOptions {
  /** Series of the input that a test has damaged itself. */
  readonly scarred?: readonly string[];
  /** Bars that a test has made impossible to compute: dead letters are due for them. */
  readonly refuses?: (bar: BarEvent) => boolean;
  /** Series whose rows of history are to be kept for comparison; default all. */
  readonly keepsRows?: (series: string) => boolean;
  /** Keeps the input, so that witnesses of another number of partitions can go on from here; see `Witness.goesOnIn`. */
  readonly remembers?: boolean;
  /** How streams are read; default `readStream`, which insists on dense numbers. */
  readonly read?: typeof readStream;
  /** Entries that were found to be right, as they come. */
  readonly onEntry?: (stream: StreamName, partition: number, entry: LogEntry) => void;
}

/**
 * Follows the three streams of one partition and holds every event and every signal against what the engines make of the same
 * input. Whatever is lost, doubled, swapped or changed is found at the next entry, or at the latest when all has come to rest.
 */
export class PartitionWitness implements StoredDue {
  readonly latest = new Map<string, CalculationEvent>();
  readonly rows = new Map<string, Float64Array[]>();
  readonly signals = new Map<string, Signal[]>();
  readonly input: InputCheck;
  events = 0;
  signalCount = 0;
  readonly #fold: Fold;
  readonly #at = new Map<StreamName, number>();
  /** What has been read and not been looked at yet. */
  #taken: Taken = nothing();
  #due: Due[] = [];
  #dueSignals: Signal[] = [];
  /** With the number of events that come before each. */
  #dueCorrections: (DueCorrection & { readonly behind: number })[] = [];
  /** By series and time: not every one is needed, but those that come must be these. */
  readonly #duePasts = new Map<string, WarmupEvents>();
  readonly #ids = new Set<string>();
  readonly #remembered: LogEntry[] = [];
  /** The configuration that was inherited last. */
  #configured = '';

  constructor(
    private readonly partition: number,
    private readonly tag: string,
    private readonly options: WitnessOptions,
  ) {
    this.input = new InputCheck(partition, options.scarred ?? []);
    this.#fold = new Fold(options.refuses);
  }

  get refused(): number {
    return this.#fold.refused;
  }

  /**
   * Reads what is new, before it is trimmed. The end of the way is read first, so that everything has its cause in what is read after
   * it.
   */
  async take(link: RedisLink): Promise<void> {
    for (const stream of FROM_THE_END) {
      for (const entry of await this.#read(link, stream)) this.#taken[stream].push(entry);
    }
  }

  /** Looks at everything that was taken. */
  check(): void {
    const taken = this.#taken;
    this.#taken = nothing();
    for (const entry of taken.market_data_stream) {
      this.input.take(entry);
      for (const due of this.#fold.take(entry)) this.#due.push(due);
      for (const past of this.#fold.takePast(entry)) this.#duePasts.set(nameOf(past), past);
      for (const correction of this.#fold.takeCorrection(entry))
        this.#dueCorrections.push({ ...correction, behind: this.events + this.#due.length });
      if (this.options.remembers) this.#remembered.push(entry);
      this.options.onEntry?.('market_data_stream', this.partition, entry);
    }
    this.#matchEvents(taken.calculation_events_stream);
    this.#matchSignals(taken.signal_stream);
  }

  /**
   * Goes on after entry `base` of every stream with what another partition's witness has found of these symbols: its input is
   * folded again, and what is stored must be what was stored before, and more.
   */
  inherit(from: PartitionWitness, isOurs: (symbol: string) => boolean, base: number): void {
    for (const stream of FROM_THE_END) this.#at.set(stream, base);
    const concerns = [...from.latest.values()].some(({ symbol }) => isOurs(symbol));
    for (const entry of from.#remembered) {
      const isKnown = entry.kind === 'control' && entry.data === this.#configured; // they are in every partition
      if (isKnown || (entry.kind !== 'control' && !concerns)) continue;
      if (entry.kind === 'control') this.#configured = entry.data;
      const ours = entry.kind === 'control' ? entry : onlyOursOf(entry, isOurs);
      this.#fold.take(ours);
      this.#fold.takePast(ours);
      this.#fold.takeCorrection(ours);
      this.#remembered.push(ours);
    }
    for (const [series, event] of from.latest) {
      if (!isOurs(event.symbol)) continue;
      this.latest.set(series, event);
      this.rows.set(series, [...(from.rows.get(series) ?? [])]);
      this.input.inherit(from.input, series);
    }
    for (const [symbol, signals] of from.signals) if (isOurs(symbol)) this.signals.set(symbol, [...signals]);
  }

  /** @throws Error when something that should have been written has not been */
  expectNothingDue(): void {
    const [event] = this.#due;
    if (event) throw new Error(this.#lost('events', this.#due.length, event.event));
    const [correction] = this.#dueCorrections;
    if (correction) throw new Error(this.#lost('corrections', this.#dueCorrections.length, correction.said));
    const [signal] = this.#dueSignals;
    if (signal) throw new Error(this.#lost('signals', this.#dueSignals.length, signal));
  }

  async #read(link: RedisLink, stream: StreamName): Promise<LogEntry[]> {
    const read = this.options.read ?? readStream;
    const entries = await read(link, stream, this.tag, this.#at.get(stream));
    const last = entries.at(-1);
    if (last) this.#at.set(stream, last.offset);
    return entries;
  }

  #matchEvents(entries: readonly LogEntry[]): void {
    let next = 0;
    for (const entry of entries) {
      if (entry.kind === 'bar') {
        for (const written of eventsOf(entry)) {
          const due = this.#due[next++];
          const difference = differenceOf(`event ${this.events++}`, written, due?.event);
          if (difference || !due) throw new Error(`partition ${this.partition}: ${difference}`);
          this.#accept(due, timeOf(entry));
        }
      }
      if (entry.kind === 'warmup') this.#matchPast(warmupEventsOf(entry));
      if (entry.kind === 'correction') this.#matchCorrection(correctionEventsOf(entry));
      this.options.onEntry?.('calculation_events_stream', this.partition, entry);
    }
    this.#due = this.#due.slice(next);
  }

  #matchPast(written: WarmupEvents): void {
    const name = nameOf(written);
    const difference = differenceOf(`the past of ${name}`, written, this.#duePasts.get(name));
    if (difference) throw new Error(`partition ${this.partition}: ${difference}`);
    this.#duePasts.delete(name);
  }

  #matchCorrection(written: CorrectionEvents): void {
    const due = this.#dueCorrections.shift();
    const difference = differenceOf('a correction', written, due?.said);
    if (difference || !due) throw new Error(`partition ${this.partition}: ${difference}`);
    if (due.behind !== this.events)
      throw new Error(
        `partition ${this.partition}: a correction behind ${this.events} events, due behind ${due.behind}`,
      );
    const { symbol, timeframe, from, events } = written;
    const series = `${symbol}|${timeframe}`;
    const newest = events.at(-1);
    if (newest) this.latest.set(series, newest);
    if (!(this.options.keepsRows?.(series) ?? true)) return;
    const earlier = listIn(this.rows, series).filter(([time = 0]) => time < from);
    this.rows.set(series, [...earlier, ...due.rows]);
  }

  #accept({ event, row, signals }: Due, emittedAt: number): void {
    const series = `${event.symbol}|${event.timeframe}`;
    if (event.isFinal) this.latest.set(series, event);
    if (row && (this.options.keepsRows?.(series) ?? true)) listIn(this.rows, series).push(row);
    for (const signal of signals) {
      const emitted = { ...signal, emittedAt };
      this.#dueSignals.push(emitted);
      const kept = listIn(this.signals, signal.symbol);
      kept.push(emitted);
      if (kept.length > 2 * SIGNALS_KEPT) kept.splice(0, SIGNALS_KEPT);
    }
  }

  #matchSignals(entries: readonly LogEntry[]): void {
    let next = 0;
    for (const entry of entries) {
      if (entry.kind === 'signal') {
        for (const written of signalsOf(entry)) {
          const difference = differenceOf(`signal ${this.signalCount++}`, written, this.#dueSignals[next++]);
          if (difference) throw new Error(`partition ${this.partition}: ${difference}`);
          if (this.#ids.has(written.id)) throw new Error(`partition ${this.partition}: ${written.id} came twice`);
          this.#ids.add(written.id);
        }
      }
      this.options.onEntry?.('signal_stream', this.partition, entry);
    }
    this.#dueSignals = this.#dueSignals.slice(next);
  }

  #lost(what: string, count: number, first: unknown): string {
    return `partition ${this.partition}: ${count} ${what} are missing, the first is ${JSON.stringify(first)}`;
  }
}

const FROM_THE_END = ['signal_stream', 'calculation_events_stream', 'market_data_stream'] as const;

type Taken = Readonly<Record<(typeof FROM_THE_END)[number], LogEntry[]>>;

const nothing = (): Taken => ({ signal_stream: [], calculation_events_stream: [], market_data_stream: [] });

/** A past is that of one series, however many of its bars have come. */
const nameOf = ({ symbol, timeframe, events }: WarmupEvents): string =>
  `${symbol}|${timeframe} at ${events[0]?.receivedAt}`;

function onlyOursOf(entry: LogEntry, isOurs: (symbol: string) => boolean): LogEntry {
  if (entry.kind === 'warmup' && isOurs(warmupOf(entry).symbol)) return entry;
  if (entry.kind === 'correction' && isOurs(correctionOf(entry).symbol)) return entry;
  const { offset, kind, token, bars } = entry;
  const ours = plausibleBars(entry).filter(({ symbol }) => isOurs(symbol));
  return logEntry({
    offset,
    kind: kind === 'warmup' || kind === 'correction' ? 'bar' : kind,
    data: JSON.stringify(ours),
    token,
    bars,
  });
}

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  let list = lists.get(key);
  if (!list) lists.set(key, (list = []));
  return list;
}
