import type { IndicatorDefinition } from '@wagehood/indicators';
import type { StrategyDefinition } from '@wagehood/strategies';

/** Indicators of your own; each is one small file beside this one. */
export const extensionIndicators: readonly IndicatorDefinition[] = [];

/** Strategies of your own. */
export const extensionStrategies: readonly StrategyDefinition[] = [];
