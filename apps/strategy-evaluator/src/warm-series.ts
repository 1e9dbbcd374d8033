import { barOf, type WarmupEvents } from '@wagehood/contracts';
import { graftStrategyState } from '@wagehood/strategies';
import { readValues } from './regime';
import type { Series } from './series';

const nothing = (): void => undefined;

/**
 * Shows a series its past, which ends with the last bar that it has seen: what is cold is from now on as if it had been there
 * since the first of these bars. What the past would have decided is not said.
 */
export function warmSeries(series: Series, { whole, events }: WarmupEvents): void {
  const { cold, handle, regime } = series;
  const { engine, columns } = regime;
  if (!whole && cold.length === 0) return;
  const scratch = engine.add();
  try {
    const values = new Float64Array(columns.length);
    for (const event of events) {
      readValues(columns, event.values, values);
      engine.step(scratch, barOf(event), values, nothing, nothing);
    }
    const past = engine.save(scratch);
    engine.load(handle, whole ? past : graftStrategyState(engine.plan, engine.save(handle), past, cold));
    series.cold = [];
  } finally {
    engine.remove(scratch);
  }
}
