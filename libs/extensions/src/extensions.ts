import type { IndicatorDefinition } from '@wagehood/indicators';
import type { StrategyDefinition } from '@wagehood/strategies';

/** Your own indicators; every service knows them beside the built-in ones. */
export const extensionIndicators: readonly IndicatorDefinition[] = [];

/** Your own strategies; every service knows them beside the built-in ones. */
export const extensionStrategies: readonly StrategyDefinition[] = [];
