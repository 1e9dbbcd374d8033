import * as technical from 'technicalindicators';
import * as signals from 'trading-signals';
import type { Bar } from '@wagehood/market';
import { BAR_MASK, SHIFT_MASK, VALUES, type Contender } from './indicator-contender';

type Update = (bar: Bar, out: Float64Array) => void;

/** trading-signals 8: an object per indicator and series. Its EMA starts from the first price, not from an average. */
export function tradingSignals(series: number): Contender {
  return contender('trading-signals', series, () => {
    const sma = new signals.SMA(20);
    const ema = new signals.EMA(20);
    const rsi = new signals.RSI(14);
    const macd = new signals.MACD(new signals.EMA(12), new signals.EMA(26), new signals.EMA(9));
    const bands = new signals.BollingerBands(20, 2);
    return ({ close }, out) => {
      out[0] = sma.update(close, false) ?? NaN;
      out[1] = ema.update(close, false) ?? NaN;
      out[2] = rsi.update(close, false) ?? NaN;
      const cross = macd.update(close, false);
      const band = bands.update(close, false);
      write(out, 3, cross?.macd, cross?.signal, cross?.histogram);
      write(out, 6, band?.upper, band?.middle, band?.lower);
    };
  });
}

/** technicalindicators 3: a generator per indicator and series. Its RSI is rounded to two decimals. */
export function technicalIndicators(series: number): Contender {
  return contender('technicalindicators', series, () => {
    const values: number[] = [];
    const sma = new technical.SMA({ period: 20, values });
    const ema = new technical.EMA({ period: 20, values });
    const rsi = new technical.RSI({ period: 14, values });
    const periods = { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9 };
    const macd = new technical.MACD({ ...periods, SimpleMAOscillator: false, SimpleMASignal: false, values });
    const bands = new technical.BollingerBands({ period: 20, stdDev: 2, values });
    return ({ close }, out) => {
      out[0] = sma.nextValue(close) ?? NaN;
      out[1] = ema.nextValue(close) ?? NaN;
      out[2] = rsi.nextValue(close) ?? NaN;
      const cross = macd.nextValue(close);
      const band = bands.nextValue(close);
      write(out, 3, cross?.MACD, cross?.signal, cross?.histogram);
      write(out, 6, band?.upper, band?.middle, band?.lower);
    };
  });
}

function contender(name: string, series: number, create: () => Update): Contender {
  const updates = Array.from({ length: series }, create);
  const out = new Float64Array(VALUES);
  return {
    name,
    out,
    run(bars, first, rounds) {
      for (let round = first; round < first + rounds; round++)
        for (let i = 0; i < series; i++)
          (updates[i] as Update)(bars[(round + (i & SHIFT_MASK)) & BAR_MASK] as Bar, out);
    },
  };
}

function write(out: Float64Array, to: number, ...values: readonly (number | undefined)[]): void {
  values.forEach((value, i) => (out[to + i] = value ?? NaN));
}
