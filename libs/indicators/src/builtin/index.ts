import type { IndicatorDefinition } from '../define-indicator';
import { ema } from './average/ema';
import { sma } from './average/sma';
import { macd } from './momentum/macd';
import { rsi } from './momentum/rsi';
import { bollingerBands } from './volatility/bollinger-bands';

/** The indicators that come with the product, in the order in which they are listed. */
export const builtinIndicators: readonly IndicatorDefinition[] = Object.freeze([sma, ema, rsi, macd, bollingerBands]);
