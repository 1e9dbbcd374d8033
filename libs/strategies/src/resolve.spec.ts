import { builtinStrategies } from './builtin/builtin-strategies';
import { createStrategyCatalog } from './catalog';
import { resolveStrategy } from './resolve';
import { always, stubStrategy } from './testing/stubs';

const catalog = createStrategyCatalog();
const NAMES = builtinStrategies.map(({ id }) => id).join(', ');

describe('resolveStrategy', () => {
  it('fills in the defaults', () => {
    const resolved = resolveStrategy(catalog, 'ma_crossover_strategy', { fast_period: 20 });
    expect(resolved).toMatchObject({
      ok: true,
      instance: {
        name: 'ma_crossover_strategy',
        params: { average: 'sma', fast_period: 20, slow_period: 200, min_confidence: 0.75 },
      },
    });
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['no_strategy', {}, [`unknown strategy 'no_strategy', known are ${NAMES}`]],
    [
      'rsi_trend_strategy',
      { rsi_period: 'x', min_confidence: 2 },
      [
        `parameter 'rsi_period' is "x", expected a whole number from 2 to 1000`,
        `parameter 'min_confidence' is 2, expected a number from 0 to 1`,
      ],
    ],
    [
      'sr_breakout_strategy',
      { touches: 2 },
      ["unknown parameter 'touches', known are lookback, min_touches, tolerance, volume_threshold, min_confidence"],
    ],
    ['ma_crossover_strategy', { fast_period: 200 }, ['fast_period must be less than slow_period']],
  ])('names every fault of %s %j', (name, parameters, faults) => {
    expect(resolveStrategy(catalog, name, parameters)).toEqual({ ok: false, faults });
  });

  it('knows the strategies of a stranger', () => {
    const mine = createStrategyCatalog([...builtinStrategies, stubStrategy('my_strategy', always)]);
    expect(resolveStrategy(mine, 'my_strategy', {}).ok).toBe(true);
  });
});

describe('createStrategyCatalog', () => {
  it('refuses two strategies with one id', () => {
    expect(() => createStrategyCatalog([...builtinStrategies, ...builtinStrategies])).toThrow(
      "two strategies are called 'macd_rsi_strategy'",
    );
  });
});
