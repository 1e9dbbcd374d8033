import { indicatorPlanOf, strategyPlanOf, type Settings } from '@wagehood/config';
import type { BarEvent, CalculationEvent, Signal } from '@wagehood/contracts';
import { createCatalog, createEngine, toValues, type IndicatorEngine } from '@wagehood/indicators';
import { timeframeMs, type Bar, type Timeframe } from '@wagehood/market';
import {
  createStrategyCatalog,
  createStrategyEngine,
  signalId,
  type StrategyEngine,
  type StrategyInstance,
} from '@wagehood/strategies';

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

interface LargerBar {
  openTime: number;
  bars: Bar[];
}

/**
 * The arithmetic of the pipeline in this process: the engines of the core and nothing of the workers. Bars of a series go in
 * in order; out comes what the pipeline must say of them.
 */
export class Engines {
  readonly #indicators: IndicatorEngine;
  readonly #strategies: StrategyEngine;
  readonly #reads: ReadonlyMap<StrategyInstance, readonly string[]>;
  readonly #handles = new Map<string, { readonly indicators: number; readonly strategies: number }>();
  readonly #larger = new Map<string, LargerBar>();
  readonly #timeframes: ReadonlyMap<string, readonly Timeframe[]>;

  constructor(settings: Settings) {
    const plan = indicatorPlanOf(settings, createCatalog());
    const strategies = strategyPlanOf(settings, createStrategyCatalog(), plan);
    this.#indicators = createEngine(plan);
    this.#strategies = createStrategyEngine(strategies);
    const names = (at: number) => plan.columns[at]?.indicator ?? '';
    this.#reads = new Map(
      strategies.placements.map(({ instance, columns }) => [instance, [...new Set(columns.map(names))]]),
    );
    this.#timeframes = new Map(settings.watchlist.map(({ symbol, timeframes }) => [symbol, timeframes]));
  }

  /** What one final bar of a feed means: to its own series first, then to the larger ones that it completes. */
  take(bar: BarEvent): Computed[] {
    const wanted = (this.#timeframes.get(bar.symbol) ?? []).filter((t) => timeframeMs(t) > timeframeMs(bar.timeframe));
    const sorted = [...wanted].sort((a, b) => timeframeMs(a) - timeframeMs(b));
    return [bar, ...sorted.flatMap((timeframe) => this.#grow(bar, timeframe))].map((event) => this.#compute(event));
  }

  /** The larger bar that `bar` completes. Feeds of these tests have no gaps inside a larger bar. */
  #grow(bar: BarEvent, timeframe: Timeframe): BarEvent[] {
    const key = `${bar.symbol}|${timeframe}`;
    const spanMs = timeframeMs(timeframe);
    const openTime = Math.floor(bar.timestamp / spanMs) * spanMs;
    const open = this.#larger.get(key) ?? { openTime, bars: [] };
    if (open.openTime !== openTime) throw new Error(`${key}: the feed has a gap at ${bar.timestamp}`);
    open.bars.push(barOf(bar));
    this.#larger.set(key, open);
    if (bar.timestamp + timeframeMs(bar.timeframe) < openTime + spanMs) return [];
    this.#larger.delete(key);
    return [{ ...bar, ...merge(open.bars), timeframe, timestamp: openTime, price: bar.close }];
  }

  #compute(bar: BarEvent): Computed {
    const { indicators, strategies } = this.#handlesOf(`${bar.symbol}|${bar.timeframe}`);
    const { plan } = this.#indicators;
    const values = new Float64Array(plan.columns.length);
    this.#indicators.step(indicators, barOf(bar), values);
    const event: ExpectedEvent = { ...bar, values: toValues(plan, values) };
    const signals: ExpectedSignal[] = [];
    this.#strategies.step(strategies, barOf(bar), values, (instance, { side, confidence, factors }) => {
      const { symbol, timeframe, timestamp, close, backfilled } = bar;
      const read = this.#reads.get(instance) ?? [];
      signals.push({
        id: signalId(instance.definition.id, instance.params, symbol, timeframe, timestamp, side),
        ...{ symbol, timeframe, strategy: instance.name, side, price: close, confidence, factors },
        indicators: Object.fromEntries(read.map((name) => [name, event.values[name] ?? null])),
        barOpenTime: timestamp,
        ...(backfilled ? { backfilled } : {}),
      });
    });
    const { timestamp, open, high, low, close, volume } = bar;
    return { event, row: Float64Array.of(timestamp, open, high, low, close, volume, ...values), signals };
  }

  #handlesOf(series: string): { readonly indicators: number; readonly strategies: number } {
    let handles = this.#handles.get(series);
    if (!handles) {
      handles = { indicators: this.#indicators.add(), strategies: this.#strategies.add() };
      this.#handles.set(series, handles);
    }
    return handles;
  }
}

function barOf({ timestamp: openTime, open, high, low, close, volume }: BarEvent): Bar {
  return { openTime, open, high, low, close, volume };
}

function merge(bars: readonly Bar[]): Pick<Bar, 'open' | 'high' | 'low' | 'close' | 'volume'> {
  const [first] = bars;
  const last = bars.at(-1);
  if (!first || !last) throw new Error('no bars to merge');
  return {
    open: first.open,
    high: Math.max(...bars.map(({ high }) => high)),
    low: Math.min(...bars.map(({ low }) => low)),
    close: last.close,
    volume: bars.reduce((sum, { volume }) => sum + volume, 0),
  };
}
