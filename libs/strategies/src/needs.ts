import type { Column, IndicatorInstance } from '@wagehood/indicators';
import type { IndicatorNeed, StrategyInstance } from './definition';

/** What a strategy needs and does not get from these indicators, one sentence each; empty when it can run. */
export function missingNeeds(strategy: StrategyInstance, indicators: readonly IndicatorInstance[]): string[] {
  return strategy.definition
    .needs(strategy.params)
    .filter((need) => findNeeded(need, indicators) === undefined)
    .map((need) => `strategy '${strategy.name}' needs the indicator ${describe(need)}; ${enabled(indicators)}`);
}

/** The enabled indicator that answers a need: the same definition, with the parameters that the need names. */
export function findNeeded(
  need: IndicatorNeed,
  indicators: readonly IndicatorInstance[],
): IndicatorInstance | undefined {
  return indicators.find(
    ({ definition, params }) =>
      definition.id === need.indicator && Object.entries(need.params).every(([name, value]) => params[name] === value),
  );
}

/** Positions among the columns of all outputs of one indicator, in the order of its definition; throws when one is missing. */
export function columnsOf(instance: IndicatorInstance, columns: readonly Column[]): number[] {
  const { outputs } = instance.definition;
  return outputs.map((output) => {
    const wanted = outputs.length === 1 ? null : output;
    const at = columns.findIndex((column) => column.indicator === instance.name && column.output === wanted);
    if (at < 0) throw new Error(`indicator '${instance.name}' has no column ${wanted ?? ''}`.trimEnd());
    return at;
  });
}

function describe({ indicator, params }: IndicatorNeed): string {
  const parts = Object.entries(params).map(([name, value]) => `${name} ${value}`);
  return parts.length > 0 ? `${indicator} with ${parts.join(', ')}` : indicator;
}

function enabled(indicators: readonly IndicatorInstance[]): string {
  return indicators.length > 0 ? `enabled are ${indicators.map(({ name }) => name).join(', ')}` : 'none is enabled';
}
