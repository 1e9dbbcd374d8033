import { parseParams, type ParamSpecs } from '@wagehood/indicators';
import type { Factor, StrategyDefinition } from './definition';

/** What an author writes: a definition whose least confidence is a number, not yet a parameter. */
export interface StrategySource extends StrategyDefinition {
  /** Default of the parameter `min_confidence`, 0 … 1: candidates below it are no signals. State never depends on it. */
  readonly minConfidence: number;
}

const WORDS = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

/**
 * Checks and freezes a definition and gives it the parameter `min_confidence`. Throws on a mistake of its author, with
 * everything that is wrong.
 */
export function defineStrategy({ minConfidence, ...source }: StrategySource): StrategyDefinition {
  const definition: StrategyDefinition = {
    ...source,
    params: frozenSpecs({
      ...source.params,
      min_confidence: { kind: 'number', default: minConfidence, min: 0, max: 1 },
    }),
    factors: Object.freeze(source.factors.map((factor) => Object.freeze({ ...factor }))),
  };
  const faults = [...shapeFaults(definition, source), ...factorFaults(definition.factors), ...paramFaults(definition)];
  if (faults.length > 0) throw new Error(`strategy '${source.id}': ${faults.join('; ')}`);
  return Object.freeze(definition);
}

function frozenSpecs(specs: ParamSpecs): ParamSpecs {
  return Object.freeze(
    Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, Object.freeze({ ...spec })])),
  );
}

function shapeFaults({ id }: StrategyDefinition, source: Pick<StrategyDefinition, 'params'>): string[] {
  const faults: string[] = [];
  if (!WORDS.test(id)) faults.push('id must be lower_case words');
  if ('min_confidence' in source.params) faults.push('min_confidence is added by defineStrategy, give minConfidence');
  return faults;
}

function factorFaults(factors: readonly Factor[]): string[] {
  const faults: string[] = [];
  if (factors.length === 0) faults.push('needs a factor');
  if (new Set(factors.map(({ name }) => name)).size !== factors.length)
    faults.push('factors must have different names');
  for (const { name, formula, weight } of factors) {
    if (!WORDS.test(name)) faults.push(`factor '${name}' must be lower_case words`);
    if (formula.trim() === '') faults.push(`factor '${name}' needs a formula`);
    if (!(weight > 0 && Number.isFinite(weight))) faults.push(`factor '${name}' needs a positive weight`);
  }
  return faults;
}

function paramFaults(definition: StrategyDefinition): string[] {
  const defaults = parseParams(definition.params, {});
  if (!defaults.ok) return [...defaults.faults];
  const fault = definition.check?.(defaults.params) ?? null;
  return fault === null ? [] : [fault];
}
