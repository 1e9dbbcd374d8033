export { createRandom, exponential, type Random } from './random';
export { generateMarket, MARKETS, type Market, type MarketOptions } from './markets';
export {
  createStrategyRun,
  instantiate,
  runStrategies,
  type Fired,
  type Named,
  type StrategyRun,
} from './run-strategies';
export { type Law, type StrategyContractOptions } from './laws';
export { strategyLaws, testStrategyContract } from './strategy-contract';
export { mirrorPrices, roundPrices, scalePrices } from './transform-bars';
export { BANDS, calibrate, leastConfidence, medianConfidence, type Calibration } from './calibration';
export { calibrationAsMarkdown, definitionsAsMarkdown } from './strategy-docs';
