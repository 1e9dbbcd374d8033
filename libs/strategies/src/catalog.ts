import { builtinStrategies } from './builtin/builtin-strategies';
import type { StrategyDefinition } from './definition';

/** The strategies that a system knows, by id. */
export interface StrategyCatalog {
  readonly definitions: readonly StrategyDefinition[];
  get(id: string): StrategyDefinition | undefined;
}

/** A catalog of the given definitions; throws when two share an id. Strangers pass `[...builtinStrategies, mine]`. */
export function createStrategyCatalog(definitions: readonly StrategyDefinition[] = builtinStrategies): StrategyCatalog {
  const byId = new Map<string, StrategyDefinition>();
  for (const definition of definitions) {
    if (byId.has(definition.id)) throw new Error(`two strategies are called '${definition.id}'`);
    byId.set(definition.id, definition);
  }
  return Object.freeze({ definitions: Object.freeze([...definitions]), get: (id: string) => byId.get(id) });
}
