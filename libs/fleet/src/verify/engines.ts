import { indicatorInstancesOf, type Settings } from '@wagehood/config';
import {
  barOf,
  type BarEvent,
  type CalculationEvent,
  type CorrectionEntry,
  type Signal,
  type WarmupEntry,
} from '@wagehood/contracts';
import { createCatalog, toValues, type IndicatorInstance } from '@wagehood/indicators';
import { openTimeOf, timeframeMs, type Timeframe } from '@wagehood/market';
import { signalId } from '@wagehood/strategies';
import { Decider } from './decider';
import { LargerBars } from './larger-bars';
import { Solo } from './solo';

/** A signal without the times that depend on when it was computed. */
export type ExpectedSignal = Omit<Signal, 'emittedAt' | 'receivedAt'>;
/** An event without the time at which its bar was received. */
export type ExpectedEvent = Omit<CalculationEvent, 'receivedAt'>;

export interface Computed {
  readonly event: ExpectedEvent;
  /** Bar and indicator columns as numbers, NaN where there is no value: a row of history. */
  readonly row: Float64Array;
  readonly signals: readonly ExpectedSignal[];
}

/** The past of a series as strategies are shown it. */
export interface ExpectedPast {
  readonly timeframe: Timeframe;
  readonly whole: boolean;
  readonly events: readonly ExpectedEvent[];
}

/** What a correction means to a series: what strategies are shown of it, and a row of history for each bar from the first changed one on. */
export interface ExpectedCorrection {
  readonly timeframe: Timeframe;
  readonly from: number;
  readonly events: readonly ExpectedEvent[];
  readonly rows: readonly Float64Array[];
}

/** What waits for the past of one feed. */
interface Cold {
  readonly solos: ReadonlySet<Solo>;
  readonly timeframes: ReadonlySet<Timeframe>;
}

/**
 * The arithmetic of the pipeline in this process: the engines of the core and nothing of the workers. Every indicator has an engine
 * of its own, so that a change of the configuration is the coming or going of an engine, and no state is ever moved.
 */
export class Engines {
  readonly #solos = new Map<string, Solo>();
  readonly #larger = new LargerBars();
  readonly #decider: Decider;
  /** Feeds that have begun: symbol → timeframe. */
  readonly #feeds = new Map<string, Timeframe>();
  /** Open time of the first bar of each feed. */
  readonly #since = new Map<string, number>();
  readonly #cold = new Map<string, Cold>();
  #enabled: readonly Solo[] = [];
  #timeframes: ReadonlyMap<string, readonly Timeframe[]> = new Map();

  constructor(settings: Settings) {
    this.#decider = new Decider(settings);
    this.#adopt(settings);
  }

  configure(settings: Settings): void {
    const [enabled, before] = [
      this.#enabled,
      new Map([...this.#feeds].map((feed) => [feed[0], this.#largerOf(...feed)])),
    ];
    this.#adopt(settings);
    this.#decider.configure(settings);
    const added = this.#enabled.filter((solo) => !enabled.includes(solo));
    for (const solo of added) solo.forgetAll();
    for (const [symbol, timeframe] of this.#feeds) {
      const wanted = this.#largerOf(symbol, timeframe);
      const fresh = wanted.filter((larger) => !before.get(symbol)?.includes(larger));
      for (const larger of fresh) this.#begin(symbol, larger);
      const was = this.#cold.get(symbol);
      const solos = [...(was?.solos ?? []), ...added].filter((solo) => this.#enabled.includes(solo));
      const timeframes = [...(was?.timeframes ?? []), ...fresh].filter((larger) => wanted.includes(larger));
      this.#cold.set(symbol, { solos: new Set(solos), timeframes: new Set(timeframes) });
    }
  }

  /** What one final bar of a feed means: to its own series first, then to the larger ones that it completes. */
  take(bar: BarEvent): Computed[] {
    this.#feeds.set(bar.symbol, bar.timeframe);
    if (!this.#since.has(bar.symbol)) this.#since.set(bar.symbol, bar.timestamp);
    const wanted = this.#largerOf(bar.symbol, bar.timeframe);
    return [bar, ...wanted.flatMap((timeframe) => this.#larger.take(bar, timeframe))].map((one) => this.#compute(one));
  }

  /** Shows a feed its past: what was added is from now on as if it had been there since the first of these bars. */
  warm({ symbol, timeframe, need, bars }: WarmupEntry): ExpectedPast[] {
    const cold = this.#cold.get(symbol);
    if (!cold) return [];
    this.#cold.delete(symbol);
    const pasts = [this.#warmSeries(bars, cold.solos, false, need)];
    for (const larger of this.#largerOf(symbol, timeframe)) {
      const whole = cold.timeframes.has(larger);
      const scratch = new LargerBars();
      const first = bars.findIndex(({ timestamp }) => timestamp % timeframeMs(larger) === 0);
      if (first < 0) continue;
      const grown = bars.slice(first).flatMap((bar) => scratch.take(bar, larger));
      if (whole) this.#larger.begin(symbol, larger, scratch);
      pasts.push(
        this.#warmSeries(grown, whole ? new Set(this.#enabled) : cold.solos, whole, need, `${symbol}|${larger}`),
      );
    }
    return pasts;
  }

  /**
   * Shows a feed its corrected past: each series is from now on what these bars alone make of it, unless they are fewer than it needs
   * before the first changed one; a larger bar that is open takes the change in.
   */
  correct({ symbol, timeframe, need, revisions, bars }: CorrectionEntry): ExpectedCorrection[] {
    const from = revisions[0]?.timestamp ?? 0;
    const begins = bars[0]?.timestamp ?? 0;
    const isAsOld = begins <= (this.#since.get(symbol) ?? 0);
    const isEnough = (before: readonly BarEvent[]) => isAsOld || before.length >= need;
    if (!isEnough(bars.filter(({ timestamp }) => timestamp < from))) return [];
    const corrected = [this.#correctSeries(bars, from, need, bars)];
    const end = (bars.at(-1)?.timestamp ?? 0) + timeframeMs(timeframe);
    for (const larger of this.#largerOf(symbol, timeframe)) {
      const scratch = new LargerBars();
      const start = openTimeOf(from, larger);
      const first = isAsOld ? 0 : bars.findIndex(({ timestamp }) => timestamp % timeframeMs(larger) === 0);
      const grown = bars.slice(first).flatMap((bar) => scratch.take(bar, larger));
      const isOpen = end < start + timeframeMs(larger);
      if (isOpen ? !isAsOld && begins > start : !isEnough(grown.filter(({ timestamp }) => timestamp < start))) continue;
      this.#larger.begin(symbol, larger, scratch);
      if (!isOpen) corrected.push(this.#correctSeries(grown, start, need, bars));
    }
    return corrected;
  }

  #correctSeries(
    series: readonly BarEvent[],
    from: number,
    need: number,
    origin: readonly BarEvent[],
  ): ExpectedCorrection {
    const timeframe = (series[0] as BarEvent).timeframe;
    const revised = origin.filter(({ revision }) => revision !== undefined);
    const plain = series.map((bar) => {
      const inside = revised.filter(({ timestamp }) => openTimeOf(timestamp, timeframe) === bar.timestamp);
      const revision = Math.max(0, ...inside.map((one) => one.revision ?? 0));
      return { ...asNew(bar), source: origin[0]?.source ?? '', ...(revision > 0 ? { revision } : {}) };
    });
    const before = plain.filter(({ timestamp }) => timestamp < from).length;
    const shown = plain.length - Math.max(0, before - need);
    const { events, numbers } = this.#warmSeries(plain, new Set(this.#enabled), true, shown);
    const rows = events.flatMap(({ timestamp, open, high, low, close, volume }, i) =>
      timestamp < from ? [] : [Float64Array.of(timestamp, open, high, low, close, volume, ...(numbers[i] ?? []))],
    );
    return { timeframe, from, events: events.map(({ backfilled: _, ...event }) => event), rows };
  }

  #warmSeries(
    bars: readonly BarEvent[],
    cold: ReadonlySet<Solo>,
    whole: boolean,
    need: number,
    series = `${bars[0]?.symbol}|${bars[0]?.timeframe}`,
  ): ExpectedPast & { readonly numbers: readonly Float64Array[] } {
    const columns = this.#enabled.map((solo) => {
      const fresh = cold.has(solo) ? solo : new Solo(solo.instance);
      fresh.forget(series);
      return bars.map((bar) => fresh.step(series, barOf(bar)));
    });
    const first = Math.max(0, bars.length - need);
    const newest = bars.slice(first).map((bar, i) =>
      this.#eventOf(
        { ...bar, backfilled: true },
        columns.map((values) => values[first + i] ?? noValues),
      ),
    );
    this.#decider.warm(
      series,
      newest.map(({ event }) => barOf(event)),
      newest.map(({ numbers }) => numbers),
      whole,
    );
    return {
      ...{ timeframe: series.split('|')[1] as Timeframe, whole, events: newest.map(({ event }) => event) },
      numbers: newest.map(({ numbers }) => numbers),
    };
  }

  #compute(bar: BarEvent): Computed {
    const series = `${bar.symbol}|${bar.timeframe}`;
    const { event, numbers } = this.#eventOf(
      bar,
      this.#enabled.map((solo) => solo.step(series, barOf(bar))),
    );
    const { timestamp, open, high, low, close, volume } = bar;
    const row = Float64Array.of(timestamp, open, high, low, close, volume, ...numbers);
    return { event, row, signals: this.#decide(series, event, numbers) };
  }

  /** @param columns the values of each enabled indicator */
  #eventOf(bar: BarEvent, columns: readonly Float64Array[]): { event: ExpectedEvent; numbers: Float64Array } {
    const named = this.#enabled.map(({ plan }, i) => toValues(plan, columns[i] ?? noValues));
    const values = Object.assign({}, ...named) as ExpectedEvent['values'];
    return { event: { ...bar, values }, numbers: Float64Array.from(columns.flatMap((column) => [...column])) };
  }

  #decide(series: string, event: ExpectedEvent, values: Float64Array): ExpectedSignal[] {
    const signals: ExpectedSignal[] = [];
    this.#decider.step(series, barOf(event), values, (instance, { side, confidence, factors }, reads) => {
      const { symbol, timeframe, timestamp, close, backfilled } = event;
      signals.push({
        id: signalId(instance.definition.id, instance.params, symbol, timeframe, timestamp, side),
        ...{ symbol, timeframe, strategy: instance.name, side, price: close, confidence, factors },
        indicators: Object.fromEntries(reads.map((name) => [name, event.values[name] ?? null])),
        barOpenTime: timestamp,
        ...(backfilled ? { backfilled } : {}),
      });
    });
    return signals;
  }

  #adopt(settings: Settings): void {
    this.#enabled = indicatorInstancesOf(settings, createCatalog()).map((instance) => this.#soloOf(instance));
    this.#timeframes = new Map(settings.watchlist.map(({ symbol, timeframes }) => [symbol, timeframes]));
  }

  #largerOf(symbol: string, feed: Timeframe): Timeframe[] {
    const all = (this.#timeframes.get(symbol) ?? []).filter((timeframe) => timeframeMs(timeframe) > timeframeMs(feed));
    return [...new Set(all)];
  }

  #begin(symbol: string, timeframe: Timeframe): void {
    this.#larger.begin(symbol, timeframe);
    for (const solo of this.#solos.values()) solo.forget(`${symbol}|${timeframe}`);
  }

  #soloOf(instance: IndicatorInstance): Solo {
    const key = JSON.stringify([instance.name, instance.params]);
    let solo = this.#solos.get(key);
    if (!solo) this.#solos.set(key, (solo = new Solo(instance)));
    return solo;
  }
}

const noValues = new Float64Array(0);

/** A bar without what was said of another time: where it came from, and how often it was corrected. */
const asNew = ({ backfilled: _, revision: __, ...bar }: BarEvent): BarEvent => bar;
