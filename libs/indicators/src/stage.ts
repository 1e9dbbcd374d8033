import type { Bar } from '@wagehood/market';
import type { IndicatorStep } from './define-indicator';
import type { Placement } from './plan';
import type { IndicatorInstance } from './resolve';

/** Told when the step of an indicator threw; its state is as before the bar and its values are NaN. */
export type OnIndicatorThrow = (instance: IndicatorInstance, error: unknown) => void;

/** An instance that is ready to run: its compiled step and its place. */
export interface Stage {
  readonly instance: IndicatorInstance;
  readonly step: IndicatorStep;
  readonly slot: number;
  readonly slots: number;
  readonly column: number;
}

export function createStage({ instance, slot, slots, column }: Placement): Stage {
  return { instance, step: instance.definition.compile(instance.params), slot, slots, column };
}

/** Runs a stage that may throw: then its slots are restored, its values are NaN, and the others do not notice. */
export function runGuarded(
  stage: Stage,
  state: Float64Array,
  base: number,
  bar: Bar,
  now: number,
  out: Float64Array,
  onThrow: OnIndicatorThrow | undefined,
): void {
  const at = base + stage.slot;
  const before = state.slice(at, at + stage.slots);
  try {
    stage.step(state, at, bar, now, out, stage.column);
  } catch (error) {
    state.set(before, at);
    out.fill(NaN, stage.column, stage.column + stage.instance.definition.outputs.length);
    onThrow?.(stage.instance, error);
  }
}
