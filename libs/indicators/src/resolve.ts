import type { IndicatorCatalog } from './catalog';
import type { IndicatorDefinition } from './define-indicator';
import { parseParams, type Params } from './params';

/** One indicator of the settings: its name there, its definition, its checked parameters. */
export interface IndicatorInstance {
  /** As in the settings, and the name of its values everywhere: `sma_50`, `macd`. */
  readonly name: string;
  readonly definition: IndicatorDefinition;
  readonly params: Params;
}

export type ResolvedIndicator =
  { readonly ok: true; readonly instance: IndicatorInstance } | { readonly ok: false; readonly faults: string[] };

/**
 * Finds the indicator that a name of the settings means: `<id>`, or `<id>_<n>` where n is the first whole-number parameter
 * (`sma_50` is `sma` with period 50; saying another period beside it is a fault). All faults are returned at once.
 */
export function resolveIndicator(
  catalog: IndicatorCatalog,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): ResolvedIndicator {
  const found = find(catalog, name);
  if (found === null) return { ok: false, faults: [unknown(catalog, name)] };
  const { definition, suffix } = found;
  const faults: string[] = [];
  const given: Record<string, unknown> = { ...parameters };
  if (suffix !== null) applySuffix(definition, name, suffix, given, faults);
  const parsed = parseParams(definition.params, given);
  if (!parsed.ok) return { ok: false, faults: [...faults, ...parsed.faults] };
  const clash = definition.check?.(parsed.params) ?? null;
  if (clash !== null) faults.push(clash);
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, instance: Object.freeze({ name, definition, params: parsed.params }) };
}

function find(catalog: IndicatorCatalog, name: string) {
  const exact = catalog.get(name);
  if (exact !== undefined) return { definition: exact, suffix: null };
  const match = /^(.+)_(\d+)$/.exec(name);
  const definition = match === null ? undefined : catalog.get(match[1] as string);
  return match === null || definition === undefined ? null : { definition, suffix: Number(match[2]) };
}

function applySuffix(
  { id, params }: IndicatorDefinition,
  name: string,
  suffix: number,
  given: Record<string, unknown>,
  faults: string[],
): void {
  const first = Object.keys(params).find((key) => params[key]?.kind === 'int');
  if (first === undefined) faults.push(`'${name}': ${id} has no whole-number parameter that ${suffix} could mean`);
  else if (given[first] !== undefined && given[first] !== suffix)
    faults.push(`'${name}' means ${first} ${suffix}, but parameter '${first}' is ${JSON.stringify(given[first])}`);
  else given[first] = suffix;
}

function unknown(catalog: IndicatorCatalog, name: string): string {
  return `unknown indicator '${name}', known are ${catalog.definitions.map(({ id }) => id).join(', ')}`;
}
