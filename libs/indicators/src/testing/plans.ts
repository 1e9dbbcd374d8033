import { createCatalog } from '../catalog';
import type { IndicatorDefinition } from '../define-indicator';
import { createPlan, type IndicatorPlan } from '../plan';
import { resolveIndicator, type IndicatorInstance } from '../resolve';

/** The seven indicators of the default settings. */
export const DEFAULT_NAMES = ['sma_50', 'sma_200', 'ema_12', 'ema_26', 'rsi_14', 'macd', 'bollinger_bands'] as const;

/** The instance that a name of the settings means; throws with the faults when it means none. */
export function instanceOf(
  name: string,
  parameters: Readonly<Record<string, unknown>> = {},
  definitions?: readonly IndicatorDefinition[],
): IndicatorInstance {
  const resolved = resolveIndicator(createCatalog(definitions), name, parameters);
  if (!resolved.ok) throw new Error(resolved.faults.join('; '));
  return resolved.instance;
}

/** A plan of the given names with default parameters. */
export function planOf(...names: readonly string[]): IndicatorPlan {
  return createPlan(names.map((name) => instanceOf(name)));
}
