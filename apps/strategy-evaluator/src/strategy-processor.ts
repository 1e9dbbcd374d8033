import type { Settings } from '@wagehood/config';
import type { CalculationEvent, ControlDocument } from '@wagehood/contracts';
import { isTimeframe, seriesKey, type Bar } from '@wagehood/market';
import { migrateStrategyState, type StrategyEngine } from '@wagehood/strategies';
import {
  CONTROL_CELL,
  ControlTimeline,
  signalsKey,
  type LogEntry,
  type Outbox,
  type PartitionProcessor,
} from '@wagehood/streams';
import { toSignal } from './encode-signal';
import { createRegime, readValues, type Catalogs, type Regime } from './regime';

export type StrategyItem =
  | { readonly cell: string; readonly event: CalculationEvent }
  | { readonly cell: typeof CONTROL_CELL; readonly document: ControlDocument };

interface Series {
  engine: StrategyEngine;
  handle: number;
}

/** Newest signals kept per symbol. */
const SIGNALS_KEPT = 1_000;
const FINGERPRINT_BYTES = 8;

/** The decisions of one partition: bars with values and control documents in, signals out. A cell is one series. */
export class StrategyProcessor implements PartitionProcessor<StrategyItem> {
  readonly #timeline = new ControlTimeline();
  readonly #regimes = new Map<number, Regime>();
  readonly #series = new Map<string, Series>();
  #values = new Float64Array(0);

  constructor(
    private readonly catalogs: Catalogs,
    private readonly tag: string,
    private readonly onSettings: (settings: Settings) => void,
  ) {}

  load(cell: string, bytes: Uint8Array): void {
    if (cell === CONTROL_CELL) {
      this.#timeline.load(bytes);
      if (this.#timeline.latest) this.onSettings(this.#timeline.latest.document.settings);
      return;
    }
    const engine = this.#engineOf(fingerprintOf(bytes), cell);
    const handle = engine.add();
    engine.load(handle, bytes);
    this.#series.set(cell, { engine, handle });
  }

  decode({ kind, data }: LogEntry): readonly StrategyItem[] {
    if (kind === 'control') return [{ cell: CONTROL_CELL, document: JSON.parse(data) as ControlDocument }];
    if (kind !== 'bar') throw new Error(`entry has kind '${kind}', expected bar or control`);
    const events = JSON.parse(data) as CalculationEvent[];
    if (!Array.isArray(events)) throw new Error('data is no JSON array of events');
    return events.map((event) => ({ cell: seriesKey(event?.symbol, event?.timeframe), event }));
  }

  step(item: StrategyItem, entry: LogEntry, outbox: Outbox): void {
    if ('document' in item) return this.#control(item.document, entry, outbox);
    const { event, cell } = item;
    if (!isEvent(event)) throw new Error('not a calculation event: symbol, timeframe, prices or values are missing');
    if (!event.isFinal) return;
    const { latest } = this.#timeline;
    const point = latest && entry.offset >= latest.offset ? latest : this.#timeline.at(entry.offset);
    if (!point) throw new Error('a bar came before the first configuration');
    const regime = this.#regime(point.document);
    const { engine, handle } = this.#seriesIn(regime.engine, cell);
    if (this.#values.length !== regime.columns.length) this.#values = new Float64Array(regime.columns.length);
    readValues(regime.columns, event.values, this.#values);
    engine.step(
      handle,
      barOf(event),
      this.#values,
      (instance, decision) => {
        const emittedAt = Math.floor(Number(entry.token) / 1_000);
        const json = JSON.stringify(toSignal(event, instance, decision, regime.reads.get(instance) ?? [], emittedAt));
        outbox.event(json);
        outbox.list(signalsKey(this.tag, event.symbol), json, SIGNALS_KEPT);
      },
      ({ name }, error) =>
        outbox.deadLetter({
          ...this.describe(item),
          offset: entry.offset,
          definition: name,
          error: error instanceof Error ? error.message : String(error),
          attempts: 1,
        }),
    );
  }

  save(cell: string, snap: number): Uint8Array | null {
    if (cell === CONTROL_CELL) return this.#timeline.save(snap);
    const series = this.#series.get(cell);
    return series ? series.engine.save(series.handle) : null;
  }

  describe(item: StrategyItem): { symbol: string | null; timeframe: string | null; payload: string } {
    if ('document' in item) return { symbol: null, timeframe: null, payload: JSON.stringify(item.document) };
    const { event } = item;
    return { symbol: event?.symbol ?? null, timeframe: event?.timeframe ?? null, payload: JSON.stringify(event) };
  }

  #control(document: ControlDocument, entry: LogEntry, outbox: Outbox): void {
    const { engine } = this.#regime(document); // throws before anything has changed when the settings do not resolve
    this.#timeline.push(entry.offset, document);
    outbox.control(JSON.stringify(document));
    if (this.#timeline.latest?.document.version !== document.version) return;
    this.onSettings(document.settings);
    for (const cell of this.#series.keys()) {
      this.#seriesIn(engine, cell);
      outbox.touch(cell);
    }
  }

  #regime(document: ControlDocument): Regime {
    let regime = this.#regimes.get(document.version);
    if (!regime) {
      regime = createRegime(document, this.catalogs);
      const same = [...this.#regimes.values()].find((known) => sameRegime(known, regime as Regime));
      regime = same ?? regime;
      this.#regimes.set(document.version, regime);
    }
    return regime;
  }

  /** The series in this engine; one that lives in another moves over with the state that both plans share. */
  #seriesIn(engine: StrategyEngine, cell: string): Series {
    let series = this.#series.get(cell);
    if (!series) this.#series.set(cell, (series = { engine, handle: engine.add() }));
    if (series.engine !== engine) {
      const moved = migrateStrategyState(series.engine.plan, series.engine.save(series.handle), engine.plan);
      series.engine.remove(series.handle);
      series.engine = engine;
      series.handle = engine.add();
      engine.load(series.handle, moved);
    }
    return series;
  }

  #engineOf(fingerprint: string, cell: string): StrategyEngine {
    for (const { document } of this.#timeline.points) {
      const { engine } = this.#regime(document);
      if (engine.plan.fingerprint === fingerprint) return engine;
    }
    throw new Error(`state of ${cell} follows plan ${fingerprint}, which no configuration of the log names`);
  }
}

function sameRegime(a: Regime, b: Regime): boolean {
  return (
    a.engine.plan.fingerprint === b.engine.plan.fingerprint && JSON.stringify(a.columns) === JSON.stringify(b.columns)
  );
}

function fingerprintOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, FINGERPRINT_BYTES)).toString('hex');
}

function isEvent(event: CalculationEvent): boolean {
  return (
    typeof event?.symbol === 'string' &&
    isTimeframe(event.timeframe) &&
    Number.isFinite(event.timestamp) &&
    Number.isFinite(event.close) &&
    typeof event.values === 'object'
  );
}

function barOf({ timestamp: openTime, open, high, low, close, volume }: CalculationEvent): Bar {
  return { openTime, open, high, low, close, volume };
}
