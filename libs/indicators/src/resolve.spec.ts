import { builtinIndicators } from './builtin';
import { createCatalog } from './catalog';
import { defineIndicator, type IndicatorDefinition } from './define-indicator';
import { mismatch, num, parseParams } from './params';
import { resolveIndicator } from './resolve';

const catalog = createCatalog();

function faultsOf(name: string, parameters: Record<string, unknown> = {}): string[] {
  const resolved = resolveIndicator(catalog, name, parameters);
  return resolved.ok ? [] : resolved.faults;
}

function paramsOf(name: string, parameters: Record<string, unknown> = {}): unknown {
  const resolved = resolveIndicator(catalog, name, parameters);
  return resolved.ok ? resolved.instance.params : resolved.faults;
}

describe('a name of the settings', () => {
  it.each([
    ['sma_50', {}, { period: 50 }],
    ['sma_50', { period: 50 }, { period: 50 }],
    ['sma', { period: 7 }, { period: 7 }],
    ['ema', {}, { period: 12 }],
    ['rsi_14', {}, { period: 14 }],
    ['macd', {}, { fast_period: 12, slow_period: 26, signal_period: 9 }],
    ['bollinger_bands', { period: 10 }, { period: 10, std_dev: 2 }],
    ['bollinger_bands_30', { std_dev: 2.5 }, { period: 30, std_dev: 2.5 }],
  ])('%s with %j means %j', (name, parameters, expected) => {
    expect(paramsOf(name, parameters)).toEqual(expected);
  });

  it.each([
    ['smma', {}, [`unknown indicator 'smma', known are sma, ema, rsi, macd, bollinger_bands`]],
    ['wma_20', {}, [`unknown indicator 'wma_20', known are sma, ema, rsi, macd, bollinger_bands`]],
    ['sma_50', { period: 20 }, [`'sma_50' means period 50, but parameter 'period' is 20`]],
    ['sma_0', {}, [`parameter 'period' is 0, expected a whole number from 1 to 5000`]],
    ['rsi_14', { periods: 14 }, [`unknown parameter 'periods', known are period`]],
    ['macd', { fast_period: 30 }, [`'fast_period' must be less than 'slow_period'`]],
    ['sma', { period: 2.5 }, [`parameter 'period' is 2.5, expected a whole number from 1 to 5000`]],
    ['sma', { period: '20' }, [`parameter 'period' is "20", expected a whole number from 1 to 5000`]],
    ['bollinger_bands', { std_dev: NaN }, [`parameter 'std_dev' is null, expected a number from 0.001 to 100`]],
    [
      'sma_5',
      { period: 6, window: 1 },
      [`'sma_5' means period 5, but parameter 'period' is 6`, `unknown parameter 'window', known are period`],
    ],
  ])('%s with %j is refused in words', (name, parameters, expected) => {
    expect(faultsOf(name, parameters)).toEqual(expected);
  });

  it('is kept in the instance, which nobody can change', () => {
    const resolved = resolveIndicator(catalog, 'sma_50', {});
    if (!resolved.ok) throw new Error('not resolved');
    expect(resolved.instance.name).toBe('sma_50');
    expect(Object.isFrozen(resolved.instance) && Object.isFrozen(resolved.instance.params)).toBe(true);
  });
});

describe('parameters', () => {
  const specs = { mode: { kind: 'choice', default: 'a', values: ['a', 'b'] } } as const;

  it('may be choices', () => {
    expect(parseParams(specs, {})).toEqual({ ok: true, params: { mode: 'a' } });
    expect(parseParams(specs, { mode: 'c' })).toEqual({
      ok: false,
      faults: [`parameter 'mode' is "c", expected one of a, b`],
    });
    expect(parseParams({}, { mode: 'a' })).toEqual({ ok: false, faults: [`unknown parameter 'mode', known are none`] });
  });

  it('are numbers where a definition reads numbers', () => {
    expect(() => num({ mode: 'a' }, 'mode')).toThrow(`parameter 'mode' is not a number`);
    expect(mismatch({ kind: 'number', default: 1, min: 0, max: 1 }, Infinity)).toBe('a number from 0 to 1');
  });
});

describe('a catalog', () => {
  it('refuses two definitions with one id', () => {
    expect(() => createCatalog([...builtinIndicators, builtinIndicators[0] as IndicatorDefinition])).toThrow(
      `two indicators are called 'sma'`,
    );
  });

  it('takes a stranger’s definitions beside the builtin ones', () => {
    const mine = defineIndicator({ ...(builtinIndicators[0] as IndicatorDefinition), id: 'my_sma' });
    expect(resolveIndicator(createCatalog([...builtinIndicators, mine]), 'my_sma_9', {}).ok).toBe(true);
  });
});

describe('a definition', () => {
  const good = builtinIndicators[0] as IndicatorDefinition;

  it('is frozen', () => {
    expect([good, good.params, good.outputs].every(Object.isFrozen)).toBe(true);
  });

  it('is refused with all that is wrong with it', () => {
    const params = { period: { kind: 'int', default: 0, min: 1, max: 5 } } as const;
    expect(() => defineIndicator({ ...good, id: 'My-SMA', outputs: ['a', 'a'], params })).toThrow(
      `indicator 'My-SMA': id must be lower_case words; outputs must differ; default of 'period' is 0, expected a whole number from 1 to 5`,
    );
    expect(() => defineIndicator({ ...good, outputs: [] })).toThrow('needs an output');
  });
});
