import type { Settings } from '@wagehood/config';
import {
  barOf,
  barSlot,
  parseCorrectionEvents,
  parseWarmupEvents,
  type CalculationEvent,
  type ControlDocument,
  type WarmupEvents,
} from '@wagehood/contracts';
import { seriesKey } from '@wagehood/market';
import {
  migrateStrategyState,
  strategyNewcomers,
  strategyParts,
  type Decision,
  type OnDecision,
  type OnStrategyThrow,
  type StrategyInstance,
} from '@wagehood/strategies';
import {
  CONTROL_CELL,
  ControlTimeline,
  signalsKept,
  signalsKey,
  type ControlPoint,
  type EventText,
  type LogEntry,
  type Outbox,
  type PartitionProcessor,
  readControlDocument,
} from '@wagehood/streams';
import { EventReader, type Refused } from './event-reader';
import { Regimes, type Catalogs, type Regime } from './regime';
import { decodeSeries, encodeSeries, type Series } from './series';
import type { SignalText } from './signal-text';
import { warmSeries } from './warm-series';

export type StrategyItem =
  | EventText
  | Refused
  | { readonly cell: string; readonly past: WarmupEvents }
  | { readonly cell: typeof CONTROL_CELL; readonly document: ControlDocument; readonly json: string }
  | { readonly cell: '#report'; readonly report: 'gap' | 'system'; readonly json: string };

interface Decided {
  readonly instance: StrategyInstance;
  readonly decision: Decision;
}

interface Thrown {
  readonly instance: StrategyInstance;
  readonly error: unknown;
}

/** The decisions of one partition: bars with values and control documents in, signals out. A cell is one series. */
export class StrategyProcessor implements PartitionProcessor<StrategyItem> {
  readonly #timeline = new ControlTimeline();
  readonly #regimes: Regimes;
  readonly #events = new EventReader();
  readonly #series = new Map<string, Series>();
  /** The list that the signals of each series go into. */
  readonly #lists = new Map<string, string>();
  /** The bar that is being stepped, and what came of it. */
  readonly #bar = barSlot();
  readonly #outcomes: (Decided | Thrown)[] = [];
  readonly #onDecision: OnDecision = (instance, decision) => void this.#outcomes.push({ instance, decision });
  readonly #onThrow: OnStrategyThrow = (instance, error) => void this.#outcomes.push({ instance, error });

  constructor(
    catalogs: Catalogs,
    private readonly tag: string,
    private readonly onSettings: (settings: Settings) => void,
  ) {
    this.#regimes = new Regimes(catalogs);
  }

  load(cell: string, bytes: Uint8Array, offset: number): void {
    if (cell === CONTROL_CELL) {
      this.#timeline.load(bytes);
      if (this.#timeline.latest) this.onSettings(this.#timeline.latest.document.settings);
      return;
    }
    const point = this.#timeline.at(offset);
    const regime = point && this.#regimes.of(point.document);
    const series = decodeSeries(cell, bytes, regime ?? null, point?.offset ?? -1);
    this.#series.set(cell, series);
  }

  decode(entry: LogEntry): Iterable<StrategyItem> {
    const { kind } = entry;
    if (kind === 'control') {
      const { data } = entry;
      return [{ cell: CONTROL_CELL, document: readControlDocument(data), json: data }];
    }
    if (kind === 'gap' || kind === 'system') return [{ cell: '#report', report: kind, json: entry.data }];
    if (kind === 'warmup') return [decodeWarmup(entry)];
    if (kind === 'correction') return [decodeCorrection(entry)];
    if (kind !== 'bar')
      throw new Error(`entry has kind '${kind}', expected bar, control, gap, system, warmup or correction`);
    const { latest } = this.#timeline;
    const point = latest && entry.offset >= latest.offset ? latest : this.#timeline.at(entry.offset);
    return this.#events.read(entry.bytes, point ? this.#regimes.of(point.document) : null);
  }

  step(item: StrategyItem, entry: LogEntry, outbox: Outbox): void {
    if ('document' in item) return this.#control(item, entry, outbox);
    if ('report' in item) return outbox.forward(item.report, item.json);
    if ('past' in item) {
      const { cell, past } = item;
      return warmSeries(this.#series.get(cell) ?? this.#newSeries(cell, entry.offset), past);
    }
    if ('refused' in item) throw new Error(item.reason);
    const { cell, bar } = item;
    if (!bar.isFinal) return;
    const { regime, handle } = this.#series.get(cell) ?? this.#newSeries(cell, entry.offset);
    regime.engine.step(handle, barOf(bar, this.#bar), this.#events.values, this.#onDecision, this.#onThrow);
    if (this.#outcomes.length === 0) return;
    for (const outcome of this.#outcomes.splice(0)) {
      if ('decision' in outcome) this.#emit(outcome, item, regime, entry, outbox);
      else this.#reportFault(outcome, item, entry, outbox);
    }
  }

  #emit({ instance, decision }: Decided, item: EventText, { signals }: Regime, entry: LogEntry, outbox: Outbox): void {
    const writer = outbox.open();
    const from = writer.length;
    (signals.get(instance) as SignalText).write(writer, item, decision, this.#events.values, entry.appendedAt);
    const json = writer.since(from);
    outbox.close();
    outbox.list(this.#lists.get(item.cell) ?? this.#newList(item), json, signalsKept(this.#series.size));
  }

  #reportFault({ instance, error }: Thrown, item: EventText, { offset }: LogEntry, outbox: Outbox): void {
    const message = error instanceof Error ? error.message : String(error);
    outbox.deadLetter({ ...this.describe(item), offset, definition: instance.name, error: message, attempts: 1 });
  }

  save(cell: string, snap: number): Uint8Array | null {
    if (cell === CONTROL_CELL) {
      const bytes = this.#timeline.save(snap);
      this.#regimes.keep(this.#timeline.points.map(({ document }) => document));
      return bytes;
    }
    const series = this.#series.get(cell);
    return series ? encodeSeries(series) : null;
  }

  describe(item: StrategyItem): { symbol: string | null; timeframe: string | null; payload: string } {
    if ('json' in item) return { symbol: null, timeframe: null, payload: item.json };
    if ('past' in item) {
      const { symbol, timeframe, events } = item.past;
      return { symbol, timeframe, payload: JSON.stringify({ events: events.length, of: 'warmup' }) };
    }
    const event = 'refused' in item ? (item.refused as CalculationEvent | null) : this.#events.whole(item);
    return { symbol: event?.symbol ?? null, timeframe: event?.timeframe ?? null, payload: JSON.stringify(event) };
  }

  /**
   * A replay shows a control entry again to series that were saved on either side of it: those that know of it already stay as
   * they are, or they would be led back through configurations that they have left behind.
   */
  #control(
    { document, json }: Extract<StrategyItem, { document: unknown }>,
    { offset }: LogEntry,
    outbox: Outbox,
  ): void {
    const regime = this.#regimes.of(document); // throws before anything has changed when the settings do not resolve
    this.#timeline.push(offset, document);
    outbox.control(json);
    if (this.#timeline.latest?.document.version === document.version) this.onSettings(document.settings);
    for (const [cell, series] of this.#series) {
      if (series.follows >= offset) continue;
      moveTo(series, regime);
      series.follows = offset;
      outbox.touch(cell);
    }
  }

  #newList({ cell, bar: { symbol } }: EventText): string {
    const key = signalsKey(this.tag, symbol);
    this.#lists.set(cell, key);
    return key;
  }

  #newSeries(cell: string, at: number): Series {
    const { document, offset } = this.#timeline.at(at) as ControlPoint; // there was one when the entry was decoded
    const regime = this.#regimes.of(document);
    const series: Series = { regime, handle: regime.engine.add(), follows: offset, cold: [] };
    this.#series.set(cell, series);
    return series;
  }
}

function decodeWarmup({ data }: LogEntry): StrategyItem {
  const parsed = parseWarmupEvents(data);
  if (!parsed.ok) throw new Error(`warm-up: ${parsed.error}`);
  const { symbol, timeframe } = parsed.value;
  return { cell: seriesKey(symbol, timeframe), past: parsed.value };
}

/** What was decided stays decided; the series goes on as if it had always been what it is now. */
function decodeCorrection({ data }: LogEntry): StrategyItem {
  const parsed = parseCorrectionEvents(data);
  if (!parsed.ok) throw new Error(`correction: ${parsed.error}`);
  const { symbol, timeframe, events } = parsed.value;
  return { cell: seriesKey(symbol, timeframe), past: { symbol, timeframe, whole: true, events } };
}

/** Puts a series into another regime, with the state that both plans share. */
function moveTo(series: Series, regime: Regime): void {
  const { engine } = series.regime;
  if (engine !== regime.engine) {
    const [from, to] = [engine.plan, regime.engine.plan];
    const parts = strategyParts(to);
    series.cold = [...series.cold.filter((part) => parts.includes(part)), ...strategyNewcomers(from, to)];
    const moved = migrateStrategyState(engine.plan, engine.save(series.handle), regime.engine.plan);
    engine.remove(series.handle);
    series.handle = regime.engine.add();
    regime.engine.load(series.handle, moved);
  }
  series.regime = regime;
}
