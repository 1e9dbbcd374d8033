import { indicatorPlanOf, settingsSchema, strategyPlanOf } from '@wagehood/config';
import { barOf, type BarEvent, type CalculationEvent, type IndicatorValues } from '@wagehood/contracts';
import { createCatalog, createEngine, toValues, type IndicatorEngine } from '@wagehood/indicators';
import { createStrategyCatalog, createStrategyEngine, signalId, type StrategyEngine } from '@wagehood/strategies';
import { START_MS, WARM_UP_BARS } from '../symbols';
import { createMarket, type Market } from './market';

/** The seven indicators of all symbols: the same engine as in our worker, so that only the way of the data differs. */
export interface Indicators {
  step(bar: BarEvent): IndicatorValues;
}

/** The five strategies of all symbols. */
export interface Strategies {
  /** Signals of an event as JSON texts. */
  step(event: CalculationEvent): readonly string[];
}

const settings = () => settingsSchema.parse({});

/** The market behind the warm-up. */
export function warmMarket(symbols: readonly string[]): Market {
  return warmedUp(symbols, () => undefined);
}

/** Indicators that have seen the warm-up. */
export function warmIndicators(symbols: readonly string[]): Indicators {
  const indicators = createIndicators(symbols);
  warmedUp(symbols, (bar) => indicators.step(bar));
  return indicators;
}

/** Strategies that have seen the warm-up. */
export function warmStrategies(symbols: readonly string[]): Strategies {
  const indicators = createIndicators(symbols);
  const strategies = createStrategies(symbols);
  warmedUp(symbols, (bar) => strategies.step({ ...bar, receivedAt: 0, values: indicators.step(bar) }));
  return strategies;
}

function warmedUp(symbols: readonly string[], show: (bar: BarEvent) => unknown): Market {
  const market = createMarket(symbols, START_MS);
  for (let i = 0; i < WARM_UP_BARS * symbols.length; i++) show(market.next());
  return market;
}

function createIndicators(symbols: readonly string[]): Indicators {
  const plan = indicatorPlanOf(settings(), createCatalog());
  const engine: IndicatorEngine = createEngine(plan, symbols.length);
  const handles = new Map(symbols.map((symbol) => [symbol, engine.add()]));
  const out = new Float64Array(plan.columns.length);
  return {
    step(bar) {
      engine.step(handles.get(bar.symbol) as number, barOf(bar), out);
      return toValues(plan, out);
    },
  };
}

function createStrategies(symbols: readonly string[]): Strategies {
  const indicators = indicatorPlanOf(settings(), createCatalog());
  const plan = strategyPlanOf(settings(), createStrategyCatalog(), indicators);
  const engine: StrategyEngine = createStrategyEngine(plan, symbols.length);
  const handles = new Map(symbols.map((symbol) => [symbol, engine.add()]));
  const values = new Float64Array(indicators.columns.length);
  return {
    step(event) {
      indicators.columns.forEach(({ indicator, output }, i) => {
        const value = event.values[indicator];
        values[i] = numberOf(output !== null && value !== null && typeof value === 'object' ? value[output] : value);
      });
      const signals: string[] = [];
      engine.step(handles.get(event.symbol) as number, barOf(event), values, ({ name, params }, decision) => {
        const { symbol, timeframe, timestamp, close } = event;
        const id = signalId(name, params, symbol, timeframe, timestamp, decision.side);
        signals.push(JSON.stringify({ id, symbol, timeframe, strategy: name, ...decision, price: close, timestamp }));
      });
      return signals;
    },
  };
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : NaN);
