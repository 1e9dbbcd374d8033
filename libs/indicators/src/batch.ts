import type { Bar } from '@wagehood/market';
import { createEngine } from './engine';
import type { IndicatorPlan } from './plan';

/** The fold of `step` over the bars of one series: one array per column of the plan, one value per bar, NaN = not ready. */
export function runBatch(plan: IndicatorPlan, bars: readonly Bar[]): Float64Array[] {
  const engine = createEngine(plan, 1);
  const handle = engine.add();
  const row = new Float64Array(plan.columns.length);
  const columns = plan.columns.map(() => new Float64Array(bars.length));
  bars.forEach((bar, at) => {
    engine.step(handle, bar, row);
    columns.forEach((column, i) => (column[at] = row[i] as number));
  });
  return columns;
}
