import { builtinIndicators } from '../builtin';
import { testIndicatorContract } from './indicator-contract';

/** Parameters beside the defaults that reach other corners: the shortest windows, long ones, odd widths. */
const FURTHER: Readonly<Record<string, readonly Readonly<Record<string, number>>[]>> = {
  sma: [{ period: 1 }, { period: 200 }],
  ema: [{ period: 1 }, { period: 200 }],
  rsi: [{ period: 1 }],
  macd: [{ fast_period: 1, slow_period: 2, signal_period: 1 }],
  bollinger_bands: [{ period: 2, std_dev: 0.5 }],
};

for (const definition of builtinIndicators) {
  testIndicatorContract(definition);
  for (const parameters of FURTHER[definition.id] ?? [])
    testIndicatorContract(definition, { parameters, enduranceBars: 200_000 });
}
