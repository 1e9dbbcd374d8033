import type { StrategyDefinition } from '../definition';
import { bollingerBreakout } from './bollinger-breakout';
import { maCrossover } from './ma-crossover';
import { macdRsi } from './macd-rsi';
import { rsiTrend } from './rsi-trend';
import { srBreakout } from './sr-breakout';

/** The strategies that ship with the product, in the order of the docs. */
export const builtinStrategies: readonly StrategyDefinition[] = Object.freeze([
  macdRsi,
  maCrossover,
  rsiTrend,
  bollingerBreakout,
  srBreakout,
]);
