import { indicatorPlanOf, type Settings } from '@wagehood/config';
import type { BarEvent, ControlDocument } from '@wagehood/contracts';
import { createEngine, type IndicatorCatalog, type IndicatorEngine } from '@wagehood/indicators';
import { isTimeframe, seriesKey, timeframeMs, validateBar, type Bar, type Timeframe } from '@wagehood/market';
import { CONTROL_CELL, ControlTimeline, type LogEntry, type Outbox, type PartitionProcessor } from '@wagehood/streams';
import { decodeCell, encodeCell } from './cell-codec';
import { compileEncoder, encodeForming, type EncodeEvent } from './encode-event';
import { growLarger, largerSeries, Series, type LargerSeries } from './series';

export type CalculationItem =
  | { readonly cell: string; readonly bar: BarEvent }
  | { readonly cell: typeof CONTROL_CELL; readonly document: ControlDocument };

/** Everything that a configuration means to the arithmetic of a partition. */
interface Regime {
  readonly engine: IndicatorEngine;
  readonly encode: EncodeEvent;
  readonly columns: readonly string[];
}

interface Feed {
  series: Series;
  larger: LargerSeries[];
  /** Version of the configuration that `larger` follows. */
  version: number;
}

/** What one incoming bar means to every series that it feeds. */
interface BarContext {
  readonly cell: string;
  readonly offset: number;
  readonly source: BarEvent;
  readonly receivedAt: number;
  readonly regime: Regime;
  readonly outbox: Outbox;
}

const BAR_COLUMNS = ['timestamp', 'open', 'high', 'low', 'close', 'volume'] as const;

/**
 * The calculation of one partition: bars and control documents in, bars with values out. A cell is one symbol's feed,
 * with the larger timeframes that are built from it.
 */
export class CalculationProcessor implements PartitionProcessor<CalculationItem> {
  readonly #timeline = new ControlTimeline();
  readonly #regimes = new Map<string, Regime>();
  readonly #regimeOfVersion = new Map<number, Regime>();
  readonly #feeds = new Map<string, Feed>();

  constructor(
    private readonly catalog: IndicatorCatalog,
    private readonly onSettings: (settings: Settings) => void,
  ) {}

  load(cell: string, bytes: Uint8Array): void {
    if (cell === CONTROL_CELL) {
      this.#timeline.load(bytes);
      for (const { document } of this.#timeline.points) this.#regime(document);
      if (this.#timeline.latest) this.onSettings(this.#timeline.latest.document.settings);
      return;
    }
    const stored = decodeCell(bytes);
    const regime = this.#regimes.get(stored.plan);
    if (!regime)
      throw new Error(`state of ${cell} follows plan ${stored.plan}, which no configuration of the log names`);
    const [symbol, timeframe] = cell.split('|') as [string, Timeframe];
    const larger = stored.larger.map((entry) => {
      const grown = largerSeries(symbol, entry.timeframe, regime.engine);
      regime.engine.load(grown.series.handle, entry.state);
      return { ...grown, state: entry.builder };
    });
    this.#feeds.set(cell, { series: new Series(symbol, timeframe, regime.engine, stored.feed), larger, version: 0 });
  }

  decode({ kind, data }: LogEntry): readonly CalculationItem[] {
    if (kind === 'control') return [{ cell: CONTROL_CELL, document: JSON.parse(data) as ControlDocument }];
    if (kind === 'gap') return [];
    if (kind !== 'bar' && kind !== 'forming')
      throw new Error(`entry has kind '${kind}', expected bar, forming, control or gap`);
    const bars = JSON.parse(data) as BarEvent[];
    if (!Array.isArray(bars)) throw new Error('data is no JSON array of bars');
    return bars.map((bar) => ({ cell: seriesKey(bar?.symbol, bar?.timeframe), bar }));
  }

  step(item: CalculationItem, entry: LogEntry, outbox: Outbox): void {
    if ('document' in item) return this.#control(item.document, entry, outbox);
    const { bar, cell } = item;
    const point =
      this.#timeline.latest && entry.offset >= this.#timeline.latest.offset
        ? this.#timeline.latest
        : this.#timeline.at(entry.offset);
    if (!point) throw new Error('a bar came before the first configuration');
    const receivedAt = Math.floor(Number(entry.token) / 1_000);
    const sane = check(bar);
    if (!bar.isFinal) return outbox.event(encodeForming(bar, receivedAt));
    const feed = this.#feedAt(cell, bar, point.document);
    const regime = this.#regime(point.document);
    const context: BarContext = { cell, offset: entry.offset, source: bar, receivedAt, regime, outbox };
    this.#emit(feed.series, sane, context);
    for (const larger of feed.larger) {
      for (const grown of growLarger(larger, sane, timeframeMs(feed.series.timeframe))) {
        this.#emit(larger.series, grown, context);
      }
    }
  }

  save(cell: string, snap: number): Uint8Array | null {
    if (cell === CONTROL_CELL) return this.#timeline.save(snap);
    const feed = this.#feeds.get(cell);
    if (!feed) return null;
    const { engine, handle } = feed.series;
    return encodeCell({
      plan: engine.plan.fingerprint,
      feed: engine.save(handle),
      larger: feed.larger.map(({ series, state }) => ({
        timeframe: series.timeframe,
        builder: state,
        state: engine.save(series.handle),
      })),
    });
  }

  describe(item: CalculationItem): { symbol: string | null; timeframe: string | null; payload: string } {
    if ('document' in item) return { symbol: null, timeframe: null, payload: JSON.stringify(item.document) };
    return {
      symbol: item.bar?.symbol ?? null,
      timeframe: item.bar?.timeframe ?? null,
      payload: JSON.stringify(item.bar),
    };
  }

  // ── configuration ────────────────────────────────────────────────────────────────────────────────────────────────

  #control(document: ControlDocument, entry: LogEntry, outbox: Outbox): void {
    const before = this.#timeline.latest?.document;
    this.#regime(document); // throws before anything has changed when the settings do not resolve
    this.#timeline.push(entry.offset, document);
    outbox.control(JSON.stringify(document));
    if (this.#timeline.latest?.document.version === document.version) this.onSettings(document.settings);
    for (const [cell, feed] of this.#feeds) {
      this.#follow(feed, document);
      outbox.touch(cell);
    }
    const watched = new Set(enabledSymbols(document.settings));
    const dropped = enabledSymbols(before?.settings).filter((symbol) => !watched.has(symbol));
    if (dropped.length > 0) outbox.hide(this.#seriesOf(new Set(dropped)));
  }

  #seriesOf(symbols: ReadonlySet<string>): string[] {
    return [...this.#feeds.values()]
      .filter(({ series }) => symbols.has(series.symbol))
      .flatMap(({ series, larger }) => [series, ...larger.map((entry) => entry.series)])
      .map(({ symbol, timeframe }) => seriesKey(symbol, timeframe));
  }

  #regime(document: ControlDocument): Regime {
    const known = this.#regimeOfVersion.get(document.version);
    if (known) return known;
    const plan = indicatorPlanOf(document.settings, this.catalog);
    let regime = this.#regimes.get(plan.fingerprint);
    if (!regime) {
      const columns = [
        ...BAR_COLUMNS,
        ...plan.columns.map(({ indicator, output }) => (output ? `${indicator}.${output}` : indicator)),
      ];
      regime = { engine: createEngine(plan), encode: compileEncoder(plan), columns };
      this.#regimes.set(plan.fingerprint, regime);
    }
    this.#regimeOfVersion.set(document.version, regime);
    return regime;
  }

  #feedAt(cell: string, bar: BarEvent, document: ControlDocument): Feed {
    let feed = this.#feeds.get(cell);
    if (!feed) {
      feed = { series: new Series(bar.symbol, bar.timeframe, this.#regime(document).engine), larger: [], version: 0 };
      this.#feeds.set(cell, feed);
    }
    if (feed.version !== document.version) this.#follow(feed, document);
    return feed;
  }

  /** Brings a feed to a configuration: its engine, and the larger timeframes that are wanted now. */
  #follow(feed: Feed, document: ControlDocument): void {
    if (feed.version === document.version) return;
    const { engine } = this.#regime(document);
    if (feed.series.engine !== engine) {
      feed.series = feed.series.moveTo(engine);
      feed.larger = feed.larger.map((entry) => ({ ...entry, series: entry.series.moveTo(engine) }));
    }
    const { symbol, timeframe } = feed.series;
    const entry = document.settings.watchlist.find((watched) => watched.symbol === symbol);
    const wanted = (entry?.timeframes ?? []).filter((larger) => timeframeMs(larger) > timeframeMs(timeframe));
    for (const { series } of feed.larger) if (!wanted.includes(series.timeframe)) engine.remove(series.handle);
    feed.larger = wanted.map(
      (larger) => feed.larger.find(({ series }) => series.timeframe === larger) ?? largerSeries(symbol, larger, engine),
    );
    feed.version = document.version;
  }

  // ── one bar ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #emit({ symbol, timeframe, engine, handle }: Series, bar: Bar, context: BarContext): void {
    const { cell, source, regime, outbox } = context;
    const row = new Float64Array(regime.columns.length);
    const values = row.subarray(BAR_COLUMNS.length);
    engine.step(handle, bar, values, (instance, error) => {
      outbox.deadLetter({
        offset: context.offset,
        symbol,
        timeframe,
        definition: instance.name,
        payload: JSON.stringify(bar),
        error: error instanceof Error ? error.message : String(error),
        attempts: 1,
      });
    });
    row[0] = bar.openTime;
    row[1] = bar.open;
    row[2] = bar.high;
    row[3] = bar.low;
    row[4] = bar.close;
    row[5] = bar.volume;
    const event = timeframe === source.timeframe ? source : asEvent(bar, timeframe, source);
    const json = regime.encode(event, context.receivedAt, values);
    const series = timeframe === source.timeframe ? cell : seriesKey(symbol, timeframe);
    outbox.event(json);
    outbox.latest(cell, series, json);
    outbox.row(cell, series, regime.columns, row);
  }
}

const enabledSymbols = (settings: Settings | undefined): string[] =>
  (settings?.watchlist ?? []).filter(({ enabled }) => enabled).map(({ symbol }) => symbol);

/** A bar that ingestion would not have let through was written by a stranger: refuse it before it touches any state. */
function check(event: BarEvent): Bar {
  if (typeof event?.symbol !== 'string' || !isTimeframe(event.timeframe))
    throw new Error('not a bar: symbol or timeframe is missing');
  const { timestamp: openTime, open, high, low, close, volume } = event;
  const bar: Bar = { openTime, open, high, low, close, volume };
  const fault = validateBar(bar, event.timeframe);
  if (fault) throw new Error(`not a valid bar: ${fault.message}`);
  return bar;
}

function asEvent(bar: Bar, timeframe: Timeframe, { symbol, source, backfilled }: BarEvent): BarEvent {
  const { openTime: timestamp, ...prices } = bar;
  return {
    symbol,
    timeframe,
    timestamp,
    ...prices,
    price: bar.close,
    source,
    isFinal: true,
    ...(backfilled ? { backfilled } : {}),
  };
}
