export { builtinStrategies } from './builtin/builtin-strategies';
export { createStrategyCatalog, type StrategyCatalog } from './catalog';
export {
  type Candidate,
  type Decision,
  type Factor,
  type IndicatorNeed,
  type Side,
  type StrategyDefinition,
  type StrategyInstance,
  type StrategyStep,
} from './definition';
export { defineStrategy, type StrategySource } from './define-strategy';
export { createStrategyEngine, type OnDecision, type OnStrategyThrow, type StrategyEngine } from './engine';
export { ratio, signOf, volumeFactor } from './kernel/compare';
export { averageTrueRange } from './measures/average-true-range';
export { type Measure } from './measures/measure';
export { pivots } from './measures/pivots';
export { relativeStrength } from './measures/relative-strength';
export { volumeMean } from './measures/volume-mean';
export { graftStrategyState, migrateStrategyState, strategyNewcomers, strategyParts } from './migrate';
export { missingNeeds } from './needs';
export { createStrategyPlan, type MeasurePlacement, type StrategyPlacement, type StrategyPlan } from './plan';
export { resolveStrategy, type ResolvedStrategy } from './resolve';
export { savedStrategySize } from './saved-state';
export { seriesText, signalId, SignalIds } from './signal-id/signal-id';
