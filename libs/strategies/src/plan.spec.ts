import { builtinStrategies } from './builtin/builtin-strategies';
import { maCrossover } from './builtin/ma-crossover';
import { missingNeeds } from './needs';
import { createStrategyPlan } from './plan';
import { instantiate } from './testing';
import { defaultIndicators, defaultStrategies } from './testing/settings';
import { always, stubStrategy } from './testing/stubs';

const indicators = defaultIndicators();

describe('the plan of the default settings', () => {
  const plan = defaultStrategies();

  it('binds every strategy to columns of the default indicators', () => {
    const bound = plan.placements.map(({ instance, columns }) => [
      instance.name,
      columns.map((at) =>
        [indicators.columns[at]?.indicator, indicators.columns[at]?.output].filter(Boolean).join('.'),
      ),
    ]);
    expect(Object.fromEntries(bound)).toEqual({
      macd_rsi_strategy: ['macd.macd_line', 'macd.signal_line', 'macd.histogram', 'rsi_14'],
      ma_crossover_strategy: ['sma_50', 'sma_200'],
      rsi_trend_strategy: ['rsi_14'],
      bollinger_breakout_strategy: [
        'bollinger_bands.upper_band',
        'bollinger_bands.middle_band',
        'bollinger_bands.lower_band',
      ],
      sr_breakout_strategy: [],
    });
  });

  it('keeps all five in 2.5 KB per series', () => {
    expect(plan.slots * 8).toBeLessThanOrEqual(2_560);
  });

  it('computes a measure once, whoever reads it', () => {
    expect(plan.measures.map(({ measure }) => measure.key)).toEqual(['atr_14', 'volume_mean_20', 'rsi_21', 'pivots_2']);
  });

  it('is warm when the slowest strategy is', () => {
    expect(plan.warmup).toBe(200 + 10 - 1);
  });
});

describe('createStrategyPlan', () => {
  const crossover = instantiate(maCrossover, { fast_period: 20 });

  it('says which indicator a strategy lacks', () => {
    const enabled = 'enabled are sma_50, sma_200, ema_12, ema_26, rsi_14, macd, bollinger_bands';
    const text = `strategy 'ma_crossover_strategy' needs the indicator sma with period 20; ${enabled}`;
    expect(missingNeeds(crossover, indicators.instances)).toEqual([text]);
    expect(() => createStrategyPlan([crossover], indicators.columns, indicators.instances)).toThrow(text);
    expect(missingNeeds(crossover, [])[1]).toContain('sma with period 200; none is enabled');
    expect(missingNeeds(instantiate(maCrossover), indicators.instances)).toEqual([]);
  });

  it('refuses an indicator whose values are not among the columns', () => {
    const build = () => createStrategyPlan([instantiate(maCrossover)], [], indicators.instances);
    expect(build).toThrow("indicator 'sma_50' has no column");
  });

  it('refuses two strategies of one name', () => {
    const twice = instantiate(stubStrategy('twice', always));
    expect(() => createStrategyPlan([twice, twice], [], [])).toThrow("two strategies are called 'twice'");
  });

  it('has a fingerprint of strategies, parameters and revisions', () => {
    const prints = [
      [],
      [stubStrategy('one', always)],
      [stubStrategy('one', always, { revision: 2 })],
      [stubStrategy('one', always, { minConfidence: 0.1 })],
      [stubStrategy('one', always, { slots: () => 2 })],
      [stubStrategy('two', always)],
      builtinStrategies,
    ].map((all) => defaultStrategies(all.map((definition) => instantiate(definition))).fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
    for (const print of prints) expect(print).toMatch(/^[0-9a-f]{16}$/);
    expect(defaultStrategies().fingerprint).toBe(prints.at(-1));
  });
});
