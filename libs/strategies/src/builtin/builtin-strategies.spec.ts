import { testStrategyContract } from '../testing';
import { bollingerBreakout } from './bollinger-breakout';
import { builtinStrategies } from './builtin-strategies';
import { maCrossover } from './ma-crossover';
import { macdRsi } from './macd-rsi';
import { rsiTrend } from './rsi-trend';
import { srBreakout } from './sr-breakout';

for (const definition of builtinStrategies) testStrategyContract(definition);

testStrategyContract(macdRsi, { parameters: { divergence: 'weigh' } });
testStrategyContract(macdRsi, { parameters: { divergence: 'require', rsi_oversold: 40, rsi_overbought: 60 } });
testStrategyContract(maCrossover, { parameters: { average: 'ema', fast_period: 5, slow_period: 20 } });
testStrategyContract(rsiTrend, { parameters: { confirmation_bars: 30, trend_period: 50 } });
testStrategyContract(bollingerBreakout, { parameters: { consolidation_bars: 30, std_dev: 1.5 } });
testStrategyContract(srBreakout, { parameters: { lookback: 200, min_touches: 4 } });
