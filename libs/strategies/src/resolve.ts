import { parseParams } from '@wagehood/indicators';
import type { StrategyCatalog } from './catalog';
import type { StrategyInstance } from './definition';

export type ResolvedStrategy =
  | { readonly ok: true; readonly instance: StrategyInstance }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Finds the strategy that an entry of the settings means and checks its parameters; all faults are returned at once. */
export function resolveStrategy(
  catalog: StrategyCatalog,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): ResolvedStrategy {
  const definition = catalog.get(name);
  if (definition === undefined) {
    const known = catalog.definitions.map(({ id }) => id).join(', ');
    return { ok: false, faults: [`unknown strategy '${name}', known are ${known}`] };
  }
  const parsed = parseParams(definition.params, parameters);
  if (!parsed.ok) return parsed;
  const clash = definition.check?.(parsed.params) ?? null;
  if (clash !== null) return { ok: false, faults: [clash] };
  return { ok: true, instance: Object.freeze({ name, definition, params: parsed.params }) };
}
