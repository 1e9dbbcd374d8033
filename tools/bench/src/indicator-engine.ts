import { createCatalog, createEngine, createPlan, resolveIndicator } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';
import { BAR_MASK, SHIFT_MASK, VALUES, type Contender } from './indicator-contender';

/** The names and parameters that every contender computes. */
const WANTED: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
  ['sma_20', {}],
  ['ema_20', {}],
  ['rsi_14', {}],
  ['macd', { fast_period: 12, slow_period: 26, signal_period: 9 }],
  ['bollinger_bands', { period: 20, std_dev: 2 }],
];

/** Our own engine, as the workers use it, over `series` series. */
export function ourEngine(series: number): Contender {
  const catalog = createCatalog();
  const instances = WANTED.map(([name, parameters]) => {
    const resolved = resolveIndicator(catalog, name, parameters);
    if (!resolved.ok) throw new Error(resolved.faults.join('; '));
    return resolved.instance;
  });
  const engine = createEngine(createPlan(instances), series);
  for (let i = 0; i < series; i++) engine.add();
  const out = new Float64Array(VALUES);
  return {
    name: 'wagehood engine',
    out,
    run(bars, first, rounds) {
      for (let round = first; round < first + rounds; round++)
        for (let i = 0; i < series; i++) engine.step(i, bars[(round + (i & SHIFT_MASK)) & BAR_MASK] as Bar, out);
    },
  };
}
