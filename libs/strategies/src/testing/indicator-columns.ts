import { createCatalog, createPlan, resolveIndicator, runBatch } from '@wagehood/indicators';
import type { Bar } from '@wagehood/market';

/** Every output of one built-in indicator over these bars, NaN where it has no value: what a reference is computed from. */
export function indicatorColumns(
  bars: readonly Bar[],
  name: string,
  parameters: Readonly<Record<string, number | string>> = {},
): Float64Array[] {
  const resolved = resolveIndicator(createCatalog(), name, parameters);
  if (!resolved.ok) throw new Error(resolved.faults.join('; '));
  return runBatch(createPlan([resolved.instance]), bars);
}
