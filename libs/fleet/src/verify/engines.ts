import { indicatorInstancesOf, indicatorPlanOf, strategyPlanOf, type Settings } from '@wagehood/config';
import type { BarEvent, CalculationEvent, Signal } from '@wagehood/contracts';
import {
  createCatalog,
  createEngine,
  createPlan,
  toValues,
  type IndicatorInstance,
  type IndicatorPlan,
} from '@wagehood/indicators';
import { timeframeMs, type Bar, type Timeframe } from '@wagehood/market';
import {
  createStrategyCatalog,
  createStrategyEngine,
  signalId,
  type StrategyEngine,
  type StrategyInstance,
} from '@wagehood/strategies';
import { barOf, LargerBars } from './larger-bars';

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

/** One indicator by itself: it lives from the configuration that brings it. */
interface Solo {
  readonly instance: IndicatorInstance;
  readonly plan: IndicatorPlan;
  step(series: string, bar: Bar): Float64Array;
}

/**
 * The arithmetic of the pipeline in this process: the engines of the core and nothing of the workers. Every indicator has an engine
 * of its own, so that a change of the configuration is the coming or going of an engine, and no state is ever moved. Strategies
 * are those of the first configuration; a later one may switch them off.
 */
export class Engines {
  readonly #solos = new Map<string, Solo>();
  readonly #larger = new LargerBars();
  readonly #strategies: StrategyEngine;
  readonly #columns: readonly string[];
  readonly #reads: ReadonlyMap<StrategyInstance, readonly string[]>;
  readonly #handles = new Map<string, number>();
  #enabled: readonly Solo[] = [];
  #decides: ReadonlySet<string> = new Set();
  #timeframes: ReadonlyMap<string, readonly Timeframe[]> = new Map();

  constructor(settings: Settings) {
    const indicators = indicatorPlanOf(settings, createCatalog());
    const plan = strategyPlanOf(settings, createStrategyCatalog(), indicators);
    const name = (at: number) => indicators.columns[at]?.indicator ?? '';
    this.#strategies = createStrategyEngine(plan);
    this.#columns = [...new Set(indicators.columns.map(({ indicator }) => indicator))];
    this.#reads = new Map(plan.placements.map(({ instance, columns }) => [instance, [...new Set(columns.map(name))]]));
    this.configure(settings);
  }

  configure(settings: Settings): void {
    this.#enabled = indicatorInstancesOf(settings, createCatalog()).map((instance) => this.#soloOf(instance));
    this.#decides = new Set(settings.strategies.filter(({ enabled }) => enabled).map(({ name }) => name));
    this.#timeframes = new Map(settings.watchlist.map(({ symbol, timeframes }) => [symbol, timeframes]));
  }

  /** What one final bar of a feed means: to its own series first, then to the larger ones that it completes. */
  take(bar: BarEvent): Computed[] {
    const wanted = (this.#timeframes.get(bar.symbol) ?? []).filter((t) => timeframeMs(t) > timeframeMs(bar.timeframe));
    return [bar, ...wanted.flatMap((timeframe) => this.#larger.take(bar, timeframe))].map((one) => this.#compute(one));
  }

  #compute(bar: BarEvent): Computed {
    const series = `${bar.symbol}|${bar.timeframe}`;
    const columns = new Map(this.#enabled.map((solo) => [solo.instance.name, solo.step(series, barOf(bar))]));
    const values = Object.assign(
      {},
      ...this.#enabled.map(({ instance, plan }) => toValues(plan, columns.get(instance.name) ?? noValues)),
    ) as ExpectedEvent['values'];
    const event: ExpectedEvent = { ...bar, values };
    const forStrategies = Float64Array.from(this.#columns.flatMap((name) => [...(columns.get(name) ?? noValues)]));
    const signals = this.#decide(series, event, forStrategies);
    const { timestamp, open, high, low, close, volume } = bar;
    const numbers = [...columns.values()].flatMap((column) => [...column]);
    return { event, row: Float64Array.of(timestamp, open, high, low, close, volume, ...numbers), signals };
  }

  #decide(series: string, event: ExpectedEvent, values: Float64Array): ExpectedSignal[] {
    const signals: ExpectedSignal[] = [];
    const handle = this.#handles.get(series) ?? this.#strategies.add();
    this.#handles.set(series, handle);
    this.#strategies.step(handle, barOf(event), values, (instance, { side, confidence, factors }) => {
      if (!this.#decides.has(instance.name)) return;
      const { symbol, timeframe, timestamp, close, backfilled } = event;
      const read = this.#reads.get(instance) ?? [];
      signals.push({
        id: signalId(instance.definition.id, instance.params, symbol, timeframe, timestamp, side),
        ...{ symbol, timeframe, strategy: instance.name, side, price: close, confidence, factors },
        indicators: Object.fromEntries(read.map((name) => [name, event.values[name] ?? null])),
        barOpenTime: timestamp,
        ...(backfilled ? { backfilled } : {}),
      });
    });
    return signals;
  }

  #soloOf(instance: IndicatorInstance): Solo {
    const key = JSON.stringify([instance.name, instance.params]);
    let solo = this.#solos.get(key);
    if (!solo) this.#solos.set(key, (solo = createSolo(instance)));
    return solo;
  }
}

const noValues = new Float64Array(0);

function createSolo(instance: IndicatorInstance): Solo {
  const engine = createEngine(createPlan([instance]));
  const handles = new Map<string, number>();
  return {
    instance,
    plan: engine.plan,
    step(series, bar) {
      const handle = handles.get(series) ?? engine.add();
      handles.set(series, handle);
      const values = new Float64Array(engine.plan.columns.length);
      engine.step(handle, bar, values);
      return values;
    },
  };
}
