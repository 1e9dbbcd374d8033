import type { IndicatorPlan } from './plan';

/** The value of one indicator at one bar: a number, or a record of its outputs; null where there is none yet. */
export type IndicatorValue = number | null | Readonly<Record<string, number | null>>;

/** A row of numbers as the outer world sees it: `{ sma_50: 101.5, macd: { macd_line: 0.2, signal_line: null, … } }`. */
export function toValues(plan: IndicatorPlan, row: Float64Array): Record<string, IndicatorValue> {
  const values: Record<string, IndicatorValue> = {};
  for (const { instance, column } of plan.placements) {
    const { outputs } = instance.definition;
    values[instance.name] =
      outputs.length === 1
        ? ready(row, column)
        : Object.fromEntries(outputs.map((output, i) => [output, ready(row, column + i)]));
  }
  return values;
}

function ready(row: Float64Array, column: number): number | null {
  const value = row[column] as number;
  return Number.isNaN(value) ? null : value;
}
