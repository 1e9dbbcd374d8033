import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateBar, type Bar } from '@wagehood/market';
import { builtinStrategies } from './builtin/builtin-strategies';
import { instantiate, runStrategies, type Fired } from './testing';

/** Daily bars of the S&P 500, 2000-01-03 to 2020-04-17 (vega-datasets, BSD-3-Clause). */
function readBars(): Bar[] {
  const file = join(__dirname, '../../../node_modules/vega-datasets/data/sp500-2000.csv');
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [date = '', open, high, low, close, , volume] = line.split(',');
    const [o, h, l, c, v] = [open, high, low, close, volume].map(Number) as [number, number, number, number, number];
    return { openTime: Date.parse(date), open: o, high: h, low: l, close: c, volume: v };
  });
}

const bars = readBars();
const fired = runStrategies(
  builtinStrategies.map((definition) => instantiate(definition)),
  bars,
);
const date = ({ at }: Fired) => new Date((bars[at] as Bar).openTime).toISOString().slice(0, 10);

describe('the strategies on twenty years of the S&P 500', () => {
  it('read sane bars', () => {
    expect(bars).toHaveLength(5_105);
    expect(bars.filter((bar) => validateBar(bar, '1d') !== null)).toEqual([]);
  });

  it('fire as often as they did', () => {
    const count = (strategy: string, side: string) =>
      fired.filter((one) => one.strategy === strategy && one.side === side).length;
    expect(builtinStrategies.map(({ id }) => [id, count(id, 'buy'), count(id, 'sell')])).toEqual([
      ['macd_rsi_strategy', 78, 95],
      ['ma_crossover_strategy', 7, 8],
      ['rsi_trend_strategy', 81, 30],
      ['bollinger_breakout_strategy', 61, 94],
      ['sr_breakout_strategy', 76, 88],
    ]);
  });

  it('cross the 50- and the 200-day average on these days', () => {
    const crossings = fired.filter(({ strategy }) => strategy === 'ma_crossover_strategy');
    expect(crossings.map((one) => `${date(one)} ${one.side} ${one.confidence.toFixed(3)}`)).toEqual([
      '2000-10-30 sell 0.790',
      '2003-05-14 buy 0.945',
      '2004-08-18 sell 0.774',
      '2004-11-05 buy 0.882',
      '2006-09-12 buy 0.902',
      '2010-07-02 sell 0.919',
      '2010-10-22 buy 0.958',
      '2011-08-12 sell 0.857',
      '2012-01-31 buy 0.924',
      '2015-08-28 sell 0.752',
      '2016-01-11 sell 0.911',
      '2016-04-25 buy 0.940',
      '2018-12-07 sell 0.822',
      '2019-04-01 buy 0.932',
      '2020-03-30 sell 0.866',
    ]);
  });
});
