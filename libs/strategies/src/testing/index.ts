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
export { testStrategyContract, type StrategyContractOptions } from './strategy-contract';
export { mirrorPrices, roundPrices, scalePrices } from './transform-bars';
