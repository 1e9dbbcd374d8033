import {
  createCatalog,
  createEngine,
  createPlan,
  resolveIndicator,
  type IndicatorCatalog,
  type IndicatorInstance,
} from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import type { Decision, StrategyDefinition, StrategyInstance } from '../definition';
import { createStrategyEngine, type OnStrategyThrow } from '../engine';
import { createStrategyCatalog } from '../catalog';
import { createStrategyPlan, type StrategyPlan } from '../plan';
import { resolveStrategy } from '../resolve';

/** A decision with the name of its strategy. */
export interface Named extends Decision {
  readonly strategy: string;
}

/** A decision with the bar that it was made on. */
export interface Fired extends Named {
  /** Index of the bar, from 0. */
  readonly at: number;
}

/** Both engines of one series, put together as the product does: indicators first, their values to the strategies. */
export interface StrategyRun {
  readonly plan: StrategyPlan;
  step(bar: Bar, onThrow?: OnStrategyThrow): readonly Named[];
  save(): readonly Uint8Array[];
  load(saved: readonly Uint8Array[]): void;
}

/** An instance with these parameters; throws with the faults. */
export function instantiate(
  definition: StrategyDefinition,
  parameters: Readonly<Record<string, unknown>> = {},
): StrategyInstance {
  const resolved = resolveStrategy(createStrategyCatalog([definition]), definition.id, parameters);
  if (!resolved.ok) throw new Error(resolved.faults.join('; '));
  return resolved.instance;
}

/** Runs strategies over one series with just the indicators that they need. */
export function createStrategyRun(
  strategies: readonly StrategyInstance[],
  catalog: IndicatorCatalog = createCatalog(),
): StrategyRun {
  const indicators = createPlan(neededBy(strategies, catalog));
  const plan = createStrategyPlan(strategies, indicators.columns, indicators.instances);
  const [first, second] = [createEngine(indicators, 1), createStrategyEngine(plan, 1)];
  const [handle, decisions] = [first.add(), second.add()];
  const values = new Float64Array(indicators.columns.length);
  return {
    plan,
    step(bar, onThrow) {
      const decided: Named[] = [];
      first.step(handle, bar, values);
      second.step(
        decisions,
        bar,
        values,
        ({ name }, decision) => decided.push({ strategy: name, ...decision }),
        onThrow,
      );
      return decided;
    },
    save: () => [first.save(handle), second.save(decisions)],
    load([indicatorState, strategyState]) {
      first.load(handle, indicatorState as Uint8Array);
      second.load(decisions, strategyState as Uint8Array);
    },
  };
}

/** Every decision of these strategies over these bars. */
export function runStrategies(
  strategies: readonly StrategyInstance[],
  bars: readonly Bar[],
  catalog?: IndicatorCatalog,
): Fired[] {
  const run = createStrategyRun(strategies, catalog);
  return bars.flatMap((bar, at) => run.step(bar).map((decided) => ({ at, ...decided })));
}

/** The indicators that these strategies need, each once. */
function neededBy(strategies: readonly StrategyInstance[], catalog: IndicatorCatalog): IndicatorInstance[] {
  const instances = new Map<string, IndicatorInstance>();
  for (const { definition, params } of strategies) {
    for (const need of definition.needs(params)) {
      const resolved = resolveIndicator(catalog, need.indicator, need.params);
      if (!resolved.ok) throw new Error(resolved.faults.join('; '));
      const name = `${need.indicator}(${JSON.stringify(need.params)})`;
      instances.set(name, { ...resolved.instance, name });
    }
  }
  return [...instances.values()];
}
