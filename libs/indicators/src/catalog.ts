import type { IndicatorDefinition } from './define-indicator';
import { builtinIndicators } from './builtin';

/** The indicators that a system knows, by id. */
export interface IndicatorCatalog {
  readonly definitions: readonly IndicatorDefinition[];
  get(id: string): IndicatorDefinition | undefined;
}

/** A catalog of the given definitions; throws when two share an id. Strangers pass `[...builtinIndicators, mine]`. */
export function createCatalog(definitions: readonly IndicatorDefinition[] = builtinIndicators): IndicatorCatalog {
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  if (byId.size !== definitions.length) {
    const ids = definitions.map(({ id }) => id);
    throw new Error(`two indicators are called '${ids.find((id, at) => ids.indexOf(id) !== at)}'`);
  }
  return Object.freeze({
    definitions: Object.freeze([...definitions]),
    get: (id: string) => byId.get(id),
  });
}
