import type { SettingsInput } from '@wagehood/config';
import { createCatalog, toValues, type Column } from '@wagehood/indicators';
import { indicatorPlanOf } from '@wagehood/config';
import { builtinStrategies, createStrategyCatalog } from '@wagehood/strategies';
import fc from 'fast-check';
import { readValues, Regimes } from './regime';
import { documentOf } from './testing/documents';

const catalogs = { indicators: createCatalog(), strategies: createStrategyCatalog(builtinStrategies) };
const regimes = () => new Regimes(catalogs);

describe('Regimes', () => {
  it('know the values of the indicators that each strategy reads', () => {
    const { signals, columns } = regimes().of(documentOf(1, {}));
    const pathOf = ({ indicator, output }: Column): string => (output === null ? indicator : `${indicator}.${output}`);
    const named = [...signals].map(([{ name }, { reads }]) => [name, reads.map(pathOf)]);
    expect(Object.fromEntries(named)).toMatchObject({
      macd_rsi_strategy: ['macd.macd_line', 'macd.signal_line', 'macd.histogram', 'rsi_14'],
      ma_crossover_strategy: ['sma_50', 'sma_200'],
      rsi_trend_strategy: ['rsi_14'],
      bollinger_breakout_strategy: columns.filter(({ indicator }) => indicator === 'bollinger_bands').map(pathOf),
    });
    for (const column of [...signals.values()].flatMap(({ reads }) => reads)) expect(columns[column.at]).toBe(column);
    expect(columns).toHaveLength(11);
  });

  it('are one for configurations that mean the same, and another for those that do not', () => {
    const all = regimes();
    const settings: SettingsInput = { watchlist: [{ symbol: 'SPY' }] };
    const first = all.of(documentOf(1, settings));
    expect(all.of(documentOf(1, settings))).toBe(first);
    expect(all.of(documentOf(2, { watchlist: [{ symbol: 'QQQ' }] }))).toBe(first);
    const without = { strategies: [{ name: 'rsi_trend_strategy' }] };
    expect(all.of(documentOf(3, without))).not.toBe(first);
    // The same strategies over other columns read from other places.
    const moved = { indicators: [{ name: 'ema_9' }, { name: 'rsi_14' }], ...without };
    expect(all.of(documentOf(4, moved))).not.toBe(all.of(documentOf(3, without)));
  });

  it('are let go when no configuration of the log can ask for them again', () => {
    const all = regimes();
    const [first, second] = [documentOf(1, {}), documentOf(2, { strategies: [{ name: 'rsi_trend_strategy' }] })];
    const [one, two] = [all.of(first), all.of(second)];
    all.keep([second]);
    expect(all.of(second)).toBe(two);
    expect(all.of(first)).not.toBe(one);
  });

  it('say what is missing when settings do not resolve', () => {
    const lacking = documentOf(1, { indicators: [{ name: 'sma_50' }] });
    expect(() => regimes().of(lacking)).toThrow(/macd/);
  });
});

describe('readValues', () => {
  it('undoes what toValues does, through JSON', () => {
    const plan = indicatorPlanOf(documentOf(1, {}).settings, catalogs.indicators);
    const number = fc.oneof(fc.constant(NaN), fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-300 }));
    const row = fc.array(number, { minLength: plan.columns.length, maxLength: plan.columns.length });
    fc.assert(
      fc.property(row, (numbers) => {
        const values = JSON.parse(JSON.stringify(toValues(plan, Float64Array.from(numbers))));
        const into = new Float64Array(numbers.length);
        readValues(plan.columns, values, into);
        expect([...into]).toEqual(numbers);
      }),
    );
  });

  it('makes NaN of whatever is no number', () => {
    const columns: Column[] = [
      { indicator: 'a', output: null },
      { indicator: 'b', output: 'x' },
      { indicator: 'c', output: 'x' },
      { indicator: 'd', output: null },
    ];
    const into = new Float64Array(4);
    readValues(columns, { a: 'high', b: null, c: 5, d: { x: 1 } } as never, into);
    expect([...into]).toEqual([NaN, NaN, NaN, NaN]);
  });
});
