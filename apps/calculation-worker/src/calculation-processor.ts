import type { Settings } from '@wagehood/config';
import {
  barSlot,
  parseCorrectionEntry,
  parseWarmupEntry,
  type BarEvent,
  type ControlDocument,
  type CorrectionEntry,
  type Parsed,
  type WarmupEntry,
} from '@wagehood/contracts';
import type { IndicatorCatalog, OnIndicatorThrow } from '@wagehood/indicators';
import { seriesKey, timeframeMs, type Bar } from '@wagehood/market';
import {
  BAR_NUMBERS,
  CONTROL_CELL,
  ControlTimeline,
  BatchReader,
  barFormat,
  eventFormat,
  type BarText,
  type ControlPoint,
  type LogEntry,
  type Outbox,
  type PartitionProcessor,
  readControlDocument,
} from '@wagehood/streams';
import { asEvent } from './as-event';
import { checkBar, checkSymbol } from './check-bar';
import { correctFeed } from './correct-feed';
import { createFeed, decodeFeed, encodeFeed, follow, followOn, seriesOf, type Feed } from './feed';
import { fillRow, Regimes, type Regime } from './regimes';
import { growLarger, type Series } from './series';
import { pastEvents } from './past-events';
import { publishCorrection } from './publish-correction';
import { warmFeed } from './warm-feed';

export type CalculationItem =
  | BarText
  | { readonly cell: string; readonly past: WarmupEntry | CorrectionEntry }
  | { readonly cell: typeof CONTROL_CELL; readonly document: ControlDocument; readonly json: string }
  | { readonly cell: '#report'; readonly report: 'gap' | 'system'; readonly json: string };

/** An indicator that threw on a bar. */
interface Fault {
  readonly definition: string;
  readonly error: unknown;
}

/**
 * The calculation of one partition: bars and control documents in, bars with values out. A cell is one symbol's feed,
 * with the larger timeframes that are built from it.
 */
export class CalculationProcessor implements PartitionProcessor<CalculationItem> {
  readonly #timeline = new ControlTimeline();
  readonly #feeds = new Map<string, Feed>();
  readonly #regimes: Regimes;
  readonly #format = barFormat();
  readonly #forming = eventFormat([]);
  /** The bar that is being stepped, its numbers, and what threw on it. */
  readonly #bar = barSlot();
  readonly #row = new Float64Array(BAR_NUMBERS.length);
  readonly #faults: Fault[] = [];
  readonly #onThrow: OnIndicatorThrow = ({ name }, error) => void this.#faults.push({ definition: name, error });

  constructor(
    catalog: IndicatorCatalog,
    private readonly onSettings: (settings: Settings) => void,
  ) {
    this.#regimes = new Regimes(catalog);
  }

  load(cell: string, bytes: Uint8Array, offset: number): void {
    if (cell === CONTROL_CELL) {
      this.#timeline.load(bytes);
      for (const { document } of this.#timeline.points) this.#regimes.of(document);
      if (this.#timeline.latest) this.onSettings(this.#timeline.latest.document.settings);
      return;
    }
    const feed = decodeFeed(cell, bytes, (plan) => {
      const regime = this.#regimes.ofPlan(plan);
      if (!regime) throw new Error(`state of ${cell} follows plan ${plan}, which no configuration of the log names`);
      return regime.engine;
    });
    feed.follows = this.#timeline.at(offset)?.offset ?? -1;
    this.#feeds.set(cell, feed);
  }

  decode(entry: LogEntry): Iterable<CalculationItem> {
    const { kind } = entry;
    if (kind === 'control') {
      const { data } = entry;
      return [{ cell: CONTROL_CELL, document: readControlDocument(data), json: data }];
    }
    if (kind === 'gap' || kind === 'system') return [{ cell: '#report', report: kind, json: entry.data }];
    if (kind === 'warmup') return [decodePast('warm-up', parseWarmupEntry, entry)];
    if (kind === 'correction') return [decodePast('correction', parseCorrectionEntry, entry)];
    if (kind !== 'bar' && kind !== 'forming')
      throw new Error(`entry has kind '${kind}', expected bar, forming, control, gap, system, warmup or correction`);
    return new BatchReader(entry.bytes, this.#format);
  }

  step(item: CalculationItem, entry: LogEntry, outbox: Outbox): void {
    if ('document' in item) return this.#control(item, entry, outbox);
    if ('report' in item) return outbox.forward(item.report, item.json);
    if ('past' in item) {
      const { cell, past } = item;
      return 'revisions' in past ? this.#correct(cell, past, entry, outbox) : this.#warm(cell, past, entry, outbox);
    }
    const { bar, cell } = item;
    const point =
      this.#timeline.latest && entry.offset >= this.#timeline.latest.offset
        ? this.#timeline.latest
        : this.#timeline.at(entry.offset);
    if (!point) throw new Error('a bar came before the first configuration');
    const sane = checkBar(bar, this.#bar);
    const feed = this.#feeds.get(cell);
    if (!feed) checkSymbol(bar);
    const regime = this.#regimes.of(point.document);
    if (!bar.isFinal) {
      fillRow(this.#row, sane); // shown, never computed on: it has no values
      return outbox.tableRow(this.#forming, bar, entry.appendedAt, this.#row);
    }
    const { series, larger: all } = feed ?? this.#newFeed(cell, bar, point, regime);
    this.#emit(series, sane, item, entry, regime, outbox);
    for (const larger of all) {
      for (const grown of growLarger(larger, sane, timeframeMs(series.timeframe))) {
        this.#emit(larger.series, grown, item, entry, regime, outbox);
      }
    }
  }

  save(cell: string, snap: number): Uint8Array | null {
    if (cell === CONTROL_CELL) {
      const bytes = this.#timeline.save(snap);
      this.#regimes.keep(this.#timeline.points.map(({ document }) => document));
      return bytes;
    }
    const feed = this.#feeds.get(cell);
    return feed ? encodeFeed(feed) : null;
  }

  describe(item: CalculationItem): { symbol: string | null; timeframe: string | null; payload: string } {
    if ('json' in item) return { symbol: null, timeframe: null, payload: item.json };
    if ('past' in item) {
      const { symbol, timeframe, bars } = item.past;
      const what =
        'revisions' in item.past
          ? { revisions: item.past.revisions, of: 'correction' }
          : { version: item.past.version, bars: bars.length, of: 'warmup' };
      return { symbol, timeframe, payload: JSON.stringify(what) };
    }
    return {
      symbol: item.bar?.symbol ?? null,
      timeframe: item.bar?.timeframe ?? null,
      payload: JSON.stringify(item.bar),
    };
  }

  // ── configuration ────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * A replay shows a control entry again to feeds that were saved on either side of it: those that know of it already stay as
   * they are, or they would be led back through configurations that they have left behind.
   */
  #control(
    { document, json }: Extract<CalculationItem, { document: unknown }>,
    { offset }: LogEntry,
    outbox: Outbox,
  ): void {
    const { engine } = this.#regimes.of(document); // throws before anything has changed when the settings do not resolve
    this.#timeline.push(offset, document);
    outbox.control(json);
    if (this.#timeline.latest?.document.version === document.version) this.onSettings(document.settings);
    const watched = new Set(enabledSymbols(document.settings));
    for (const [cell, feed] of this.#feeds) {
      if (feed.follows >= offset) continue;
      const before = seriesOf(feed);
      followOn(feed, this.#timeline.at(feed.follows)?.document.settings ?? null, document.settings, engine, offset);
      outbox.touch(cell);
      const shown = watched.has(feed.series.symbol) ? seriesOf(feed) : [];
      outbox.hide(before.filter((series) => !shown.includes(series)));
    }
  }

  /** Nothing of the past is news: it changes no latest value, no history, and nothing is given out but what strategies need. */
  #warm(cell: string, past: WarmupEntry, entry: LogEntry, outbox: Outbox): void {
    const feed = this.#feeds.get(cell);
    if (!feed?.cold) return;
    const { strategies } = feed.cold;
    const bars = past.bars.map((bar) => checkBar(bar));
    for (const one of warmFeed(feed, bars)) {
      if (!one.whole && !strategies) continue;
      const events = pastEvents(one, past, entry.appendedAt);
      outbox.warmup(JSON.stringify(events), events.events.length);
    }
  }

  /** The series from the first corrected bar on is news; how the bars before it came is not. */
  #correct(cell: string, correction: CorrectionEntry, entry: LogEntry, outbox: Outbox): void {
    const feed = this.#feeds.get(cell);
    if (!feed) throw new Error('correction of a series that has not begun');
    const { need, revisions, bars } = correction;
    const from = revisions[0]?.timestamp ?? 0;
    const { corrected, refused } = correctFeed(feed, { bars: bars.map((bar) => checkBar(bar)), from, need });
    const { columns } = this.#regimes.of((this.#timeline.at(entry.offset) as ControlPoint).document);
    for (const one of corrected) publishCorrection(cell, one, correction, entry, columns, outbox);
    for (const timeframe of refused)
      outbox.deadLetter({
        ...this.describe({ cell, past: correction }),
        ...{ offset: entry.offset, timeframe, definition: null, attempts: 1 },
        error: `correction of ${from}: its past is too short for ${timeframe}, which stays as it is`,
      });
  }

  #newFeed(
    cell: string,
    { symbol, timeframe, timestamp }: BarEvent,
    { document, offset }: ControlPoint,
    regime: Regime,
  ): Feed {
    const feed = createFeed(symbol, timeframe, regime.engine, timestamp);
    follow(feed, document.settings, regime.engine, offset);
    this.#feeds.set(cell, feed);
    return feed;
  }

  // ── one bar ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Gives out a bar of a series with its values; `source` is the bar that came in, of this series or of the one that it is built from. */
  #emit(series: Series, bar: Bar, source: BarText, entry: LogEntry, regime: Regime, outbox: Outbox): void {
    const { symbol, timeframe } = series;
    const { row, values } = regime;
    series.engine.step(series.handle, bar, values, this.#onThrow);
    if (this.#faults.length > 0) this.#reportFaults(series, bar, entry, outbox);
    fillRow(row, bar);
    const isOwn = timeframe === source.bar.timeframe;
    const key = isOwn ? source.cell : seriesKey(symbol, timeframe);
    const event = isOwn ? source.bar : asEvent(bar, timeframe, source.bar);
    outbox.tableRow(regime.format, event, entry.appendedAt, row, source.cell, key);
    outbox.row(source.cell, key, regime.columns, row);
  }

  #reportFaults({ symbol, timeframe }: Series, bar: Bar, { offset }: LogEntry, outbox: Outbox): void {
    for (const { definition, error } of this.#faults.splice(0)) {
      const message = error instanceof Error ? error.message : String(error);
      const payload = JSON.stringify(bar);
      outbox.deadLetter({ offset, symbol, timeframe, definition, payload, error: message, attempts: 1 });
    }
  }
}

function decodePast<Past extends WarmupEntry | CorrectionEntry>(
  what: string,
  parse: (json: string) => Parsed<Past>,
  { data }: LogEntry,
): CalculationItem {
  const parsed = parse(data);
  if (!parsed.ok) throw new Error(`${what}: ${parsed.error}`);
  const { symbol, timeframe } = parsed.value;
  return { cell: seriesKey(symbol, timeframe), past: parsed.value };
}

const enabledSymbols = ({ watchlist }: Settings): string[] =>
  watchlist.filter(({ enabled }) => enabled).map(({ symbol }) => symbol);
