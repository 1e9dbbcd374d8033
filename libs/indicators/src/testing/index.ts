export { indicatorLaws, testIndicatorContract } from './indicator-contract';
export { type IndicatorContractOptions, type Law } from './laws';
export { anyMarket, barOf, inCurrency, uniforms, walk } from './markets';
