import type { Candidate, Decision, Factor, StrategyDefinition } from './definition';

/**
 * Confidence of a candidate: the mean of its factors, each clamped to [0, 1], weighted by the table of the definition. A
 * factor that was left out (`null`) takes its weight with it. Throws when the candidate and the table do not fit.
 */
export function weigh(definition: StrategyDefinition, candidate: Candidate): Decision {
  const { length } = definition.factors;
  const given = Object.keys(candidate.factors);
  if (given.length !== length)
    throw new Error(`${definition.id} returned the factors ${given.join(', ')}, not those of its table`);
  const factors: Record<string, number> = {};
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < length; i++) {
    const { name, weight } = definition.factors[i] as Factor;
    const raw = candidate.factors[name];
    if (raw === null) continue;
    if (raw === undefined || !Number.isFinite(raw)) throw new Error(`${definition.id}: factor '${name}' is ${raw}`);
    const value = clamp(raw);
    factors[name] = value;
    sum += weight * value;
    weights += weight;
  }
  return { side: candidate.side, confidence: weights > 0 ? sum / weights : 0, factors };
}

/** Into [0, 1], without a negative zero. */
function clamp(value: number): number {
  if (value <= 0) return 0;
  return value < 1 ? value : 1;
}
