import { createCatalog, createPlan, resolveIndicator, type IndicatorPlan } from '@wagehood/indicators';
import { builtinStrategies } from '../builtin/builtin-strategies';
import type { StrategyInstance } from '../definition';
import { createStrategyPlan, type StrategyPlan } from '../plan';
import { instantiate } from './run-strategies';

/** The indicators of the default settings. */
export function defaultIndicators(): IndicatorPlan {
  const catalog = createCatalog();
  const names = ['sma_50', 'sma_200', 'ema_12', 'ema_26', 'rsi_14', 'macd', 'bollinger_bands'];
  return createPlan(
    names.map((name) => {
      const resolved = resolveIndicator(catalog, name, {});
      if (!resolved.ok) throw new Error(resolved.faults.join('; '));
      return resolved.instance;
    }),
  );
}

/** The plan of these strategies, the five built-in ones by default, over the default indicators. */
export function defaultStrategies(
  instances: readonly StrategyInstance[] = builtinStrategies.map((definition) => instantiate(definition)),
): StrategyPlan {
  const { columns, instances: indicators } = defaultIndicators();
  return createStrategyPlan(instances, columns, indicators);
}
