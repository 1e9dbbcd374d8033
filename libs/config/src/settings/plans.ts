import {
  createPlan,
  resolveIndicator,
  type IndicatorCatalog,
  type IndicatorInstance,
  type IndicatorPlan,
} from '@wagehood/indicators';
import { createStrategyPlan, resolveStrategy, type StrategyCatalog, type StrategyPlan } from '@wagehood/strategies';
import type { Settings } from './settings';

/** The enabled indicators of checked settings, resolved. Throws when one does not resolve: settings are checked before. */
export function indicatorInstancesOf(
  settings: Pick<Settings, 'indicators'>,
  catalog: IndicatorCatalog,
): IndicatorInstance[] {
  return settings.indicators
    .filter(({ enabled }) => enabled)
    .map(({ name, parameters }) => {
      const resolved = resolveIndicator(catalog, name, parameters);
      if (!resolved.ok) throw new Error(`indicator '${name}': ${resolved.faults.join('; ')}`);
      return resolved.instance;
    });
}

/** What is computed for every series under these settings. */
export function indicatorPlanOf(settings: Pick<Settings, 'indicators'>, catalog: IndicatorCatalog): IndicatorPlan {
  return createPlan(indicatorInstancesOf(settings, catalog));
}

/** Which strategies run on these indicators. Throws when one does not resolve or needs an indicator that is not enabled. */
export function strategyPlanOf(
  settings: Pick<Settings, 'strategies'>,
  catalog: StrategyCatalog,
  indicators: IndicatorPlan,
): StrategyPlan {
  const instances = settings.strategies
    .filter(({ enabled }) => enabled)
    .map(({ name, parameters }) => {
      const resolved = resolveStrategy(catalog, name, parameters);
      if (!resolved.ok) throw new Error(`strategy '${name}': ${resolved.faults.join('; ')}`);
      return resolved.instance;
    });
  return createStrategyPlan(instances, indicators.columns, indicators.instances);
}
